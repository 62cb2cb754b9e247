"""A cluster that lies is caught: a proxy lies and notes about whom, and the verdict names these and nobody else. What looks
like a lie and is none (an answer without an offset, too late, or never) accuses nobody.

Many lies share one drill, each about a partition of its own: a drill each would cost three times the CPU.
"""

from pathlib import Path

import lies
from lied_run import MESSAGES, LiedRun, topic
from truth import AUDIT, Truth, from_then_on, now_and_then, once

from firedrill.cluster import Cluster


def test_each_lie_is_named_with_those_whom_it_was_about_and_nothing_else(
        kafka_cluster: Cluster, firedrill_binary: Path, tmp_path: Path) -> None:
    orders = topic(lies={
        "honest": Truth(),
        "dropped": lies.Drops(once(after=3)),
        "dropped-rest": lies.DropsTheRest(from_then_on(after=3)),
        "claimed": lies.ClaimsTaken(once(after=3)),
        "zero": lies.TellsZero(now_and_then(0.4, seed=1)),
        "twice": lies.AppendsTwice(now_and_then(0.4, seed=2)),
        "flipped": lies.FlipsBit(now_and_then(0.4, seed=3)),
        "hidden": lies.Hides(now_and_then(0.4, seed=4)),
        "hidden-later": lies.Hides(now_and_then(0.4, seed=2), to=AUDIT),
        "older": lies.ReturnsOlder(once(after=0)),
    })
    swapped = topic(lies={"swapped": lies.Swaps(once(after=3))})
    run = LiedRun(firedrill_binary, kafka_cluster, tmp_path, {"orders": orders, "swapped": swapped}, 11 * MESSAGES)
    noted = {name: lie.noted for name, lie in run.lies.items()}
    assert [name for name, about in noted.items() if not about] == ["honest"], run.told()
    claimed = run.lies["claimed"]
    robbed = {claimed.places[offset] for offset in claimed.claimed}
    assert run.accused == {
        "dropped": {("lost", "violation"): noted["dropped"]},
        "dropped-rest": {("lost", "violation"): noted["dropped-rest"]},
        "claimed": {("lost", "violation"): noted["claimed"], ("offset-conflict", "violation"): noted["claimed"] | robbed},
        "zero": {("wrong-ack-offset", "violation"): noted["zero"]},
        "twice": {("duplicated", "violation"): noted["twice"]},
        "flipped": {("corrupt", "violation"): noted["flipped"]},
        "hidden": {("skipped", "violation"): noted["hidden"]},
        "hidden-later": {("vanished", "violation"): noted["hidden-later"]},
        "older": {("rewound", "violation"): noted["older"]},
        "swapped": {("reordered", "violation"): noted["swapped"]},
    }, run.told()
    assert run.code == run.verdict["exit_code"] == 10 and run.verdict["books"]["balanced"]


def test_what_may_happen_accuses_nobody(kafka_cluster: Cluster, firedrill_binary: Path, tmp_path: Path) -> None:
    """Because nobody promised otherwise, or because the client retried, or never knew."""
    late, too_late = lies.AnswersLate(once(after=1)), lies.AnswersLate(once(after=1))
    closed, closed_for_good = lies.HangsUp(now_and_then(0.2, seed=6)), lies.HangsUp(once(after=1))
    untold = lies.TellsNoOffset(now_and_then(0.4, seed=1))
    dropped, twice = lies.Drops(once(after=3)), lies.AppendsTwice(now_and_then(0.4, seed=2))
    run = LiedRun(firedrill_binary, kafka_cluster, tmp_path, {
        "promised": topic(lies={"honest": Truth(), "untold": untold, "closed": closed}),
        "leader": topic(lies={"dropped": dropped}, acks="1"),
        "plain": topic(lies={"twice": twice}, idempotence=False),
        # Few: librdkafka spins while messages wait behind an answer that is held back.
        "late": topic({"socket.timeout.ms": "2000", "socket.max.fails": "0"}, lies={"late": late}, messages=12),
        "too-late": topic({"message.send.max.retries": "0"}, lies={"too-late": too_late}, idempotence=False, delivery_timeout="4s"),
        "no-retry": topic({"message.send.max.retries": "0"}, lies={"closed-for-good": closed_for_good}, idempotence=False),
    }, 5 * MESSAGES)
    assert run.accused == {
        "dropped": {("lost", "allowed"): dropped.noted},
        "twice": {("duplicated", "allowed"): twice.noted},
    }, run.told()
    assert run.code == run.verdict["exit_code"] == 0 and run.verdict["books"]["balanced"], run.told()
    assert dropped.noted and twice.noted and untold.noted
    assert late.retried and not late.given_up and closed.retried
    assert too_late.given_up and too_late.noted <= run.unknown("too-late")
    assert closed_for_good.noted and closed_for_good.noted <= run.unknown("closed-for-good")
    assert run.verdict["books"]["unknown_landed"] >= len(too_late.noted | closed_for_good.noted)


def test_lies_about_transactions_are_named(kafka_cluster: Cluster, firedrill_binary: Path, tmp_path: Path) -> None:
    transactions = {"kind": "transact", "transaction_messages": 8, "transaction_span": "1s"}
    torn = lies.Drops(once(after=3))
    resurrected = lies.ShowsAborted()
    run = LiedRun(firedrill_binary, kafka_cluster, tmp_path, {
        "committed": topic(lies={"whole": Truth(), "torn": torn}, abort_share=0, **transactions),
        "aborted": topic(lies={"none-read": Truth(), "resurrected": resurrected}, abort_share=0.4, **transactions),
    }, 2 * MESSAGES)
    assert torn.noted and resurrected.noted
    assert run.accused == {
        "torn": {("torn-transaction", "violation"): torn.noted},
        "resurrected": {("aborted-read", "violation"): resurrected.noted},
    }, run.told()
    assert run.code == run.verdict["exit_code"] == 10 and run.verdict["books"]["balanced"]
