"""A cluster that lies is caught: a proxy lies and notes about whom, and the verdict names these and nobody else. What looks
like a lie and is none (an answer without an offset, too late, or never) accuses nobody.

Many lies share one drill, each with a topic of its own: it costs a third of the CPU of a drill each.
"""

from pathlib import Path

import lies
from lied_run import BATCHES, MESSAGES, LiedRun, told
from truth import AUDIT, Truth, from_then_on, now_and_then, once

from firedrill.cluster import Cluster


def test_each_lie_is_named_with_those_whom_it_was_about_and_nothing_else(
        kafka_cluster: Cluster, firedrill_binary: Path, tmp_path: Path) -> None:
    dropped = lies.Drops(once(after=3))
    dropped_rest = lies.DropsTheRest(from_then_on(after=3))
    dropped_by_leader = lies.Drops(once(after=3))
    claimed = lies.ClaimsTaken(once(after=3))
    zero = lies.TellsZero(now_and_then(0.4, seed=1))
    twice = lies.AppendsTwice(now_and_then(0.4, seed=2))
    twice_unpromised = lies.AppendsTwice(once(after=3))
    swapped = lies.Swaps(once(after=3))
    flipped = lies.FlipsBit(now_and_then(0.4, seed=3))
    hidden = lies.Hides(now_and_then(0.4, seed=4))
    hidden_later = lies.Hides(now_and_then(0.4, seed=2), to=AUDIT)
    older = lies.ReturnsOlder(once(after=0))
    everything = {
        "dropped": told(dropped),
        "dropped-rest": told(dropped_rest),
        "dropped-by-leader": told(dropped_by_leader, acks="1"),
        "claimed": told(claimed),
        "zero": told(zero),
        "twice": told(twice),
        "twice-unpromised": told(twice_unpromised, idempotence=False),
        # librdkafka sends no second batch while five messages of a partition are in flight, so these are small.
        "swapped": told(swapped, {"batch.num.messages": "2"}),
        "flipped": told(flipped),
        "hidden": told(hidden),
        "hidden-later": told(hidden_later),
        "older": told(older),
    }
    run = LiedRun(firedrill_binary, kafka_cluster, tmp_path, everything, len(everything) * MESSAGES)
    assert all(one.lie.noted for one in everything.values()), {name: len(one.lie.noted) for name, one in everything.items()}
    robbed = {claimed.places[offset] for offset in claimed.claimed}
    assert run.accused == {
        "dropped": {("lost", "violation"): dropped.noted},
        "dropped-rest": {("lost", "violation"): dropped_rest.noted},
        "dropped-by-leader": {("lost", "allowed"): dropped_by_leader.noted},
        "claimed": {("lost", "violation"): claimed.noted, ("offset-conflict", "violation"): claimed.noted | robbed},
        "zero": {("wrong-ack-offset", "violation"): zero.noted},
        "twice": {("duplicated", "violation"): twice.noted},
        "twice-unpromised": {("duplicated", "allowed"): twice_unpromised.noted},
        "swapped": {("reordered", "violation"): swapped.noted},
        "flipped": {("corrupt", "violation"): flipped.noted},
        "hidden": {("skipped", "violation"): hidden.noted},
        "hidden-later": {("vanished", "violation"): hidden_later.noted},
        "older": {("rewound", "violation"): older.noted},
    }, run.told()
    assert run.code == run.verdict["exit_code"] == 10 and run.verdict["books"]["balanced"]


def test_who_is_only_slow_or_rude_or_silent_is_not_accused(
        kafka_cluster: Cluster, firedrill_binary: Path, tmp_path: Path) -> None:
    honest = Truth()
    untold = lies.TellsNoOffset(now_and_then(0.4, seed=1))
    late = lies.AnswersLate(once(after=1))
    too_late = lies.AnswersLate(once(after=1))
    closed = lies.HangsUp(now_and_then(0.2, seed=6))
    closed_for_good = lies.HangsUp(once(after=1))
    everything = {
        "honest": told(honest),
        "untold": told(untold),
        "late": told(late, BATCHES | {"socket.timeout.ms": "1000", "socket.max.fails": "0"}),
        "too-late": told(too_late, idempotence=False, delivery_timeout="4s"),
        "closed": told(closed),
        "closed-for-good": told(closed_for_good, BATCHES | {"message.send.max.retries": "0"}, idempotence=False),
    }
    run = LiedRun(firedrill_binary, kafka_cluster, tmp_path, everything, 4 * MESSAGES)
    assert (run.code, run.accused) == (0, {}), run.told()
    books = run.verdict["books"]
    assert books["balanced"] and books["extra_copies"] == 0
    assert honest.batches >= MESSAGES / 5 and not honest.noted and untold.noted
    assert late.retried and not late.given_up and closed.retried
    assert too_late.given_up and too_late.noted <= run.unknown("too-late")
    assert closed_for_good.noted and closed_for_good.noted <= run.unknown("closed-for-good")
    assert books["unknown_landed"] >= len(too_late.noted | closed_for_good.noted)
