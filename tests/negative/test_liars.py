"""A cluster that lies is caught: a proxy tells one lie and notes about whom, and the verdict names these and nobody else.

What looks like a lie and is none (an answer that came late, or never) accuses nobody.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import lies
import pytest
from drill import Run, write_scenario
from held_run import ids
from identity import Message
from proxy import Proxy
from truth import LIED_ABOUT, Truth, from_then_on, now_and_then, once

from firedrill.cluster import Cluster

# Ten records a batch at most: however busy the machine, there are enough batches to lie about.
BATCHES = 'batch.num.messages: "10"'
SCENARIO = """
scenario: liar
description: A proxy stands between the clients and the cluster.
topics: [{name: orders, partitions: 2, replication_factor: 3, config: {min.insync.replicas: 2}}]
workloads:
  - {name: writer, kind: produce, topic: orders, rate: 500/s, messages: MESSAGES, size: 100B, linger: 30ms, WRITER}
  - {name: reader, kind: consume, topic: orders, group: readers, properties: {client.id: fooled}}
phases:
  - {name: load, steps: [{until: acked >= ENOUGH, within: 60s}]}
drain: {within: 60s}
audit: {within: 60s}
"""


class LiedRun(Run):
    """A run whose clients know no other way to the cluster than by the proxy."""

    def __init__(self, binary: Path, cluster: Cluster, folder: Path, lie: Truth, *, properties: str = BATCHES,
                 writer: str = "acks: all", messages: int = 400, enough: int | None = None) -> None:
        text = SCENARIO.replace("WRITER", f"{writer}, properties: {{{properties}}}")
        text = text.replace("MESSAGES", str(messages)).replace("ENOUGH", str(enough or messages))
        with Proxy({node.node_id: node.address for node in cluster.brokers()}, lie) as proxy:
            super().__init__(binary, write_scenario(folder, text), folder / "run", proxy.bootstrap)
            self.code = self.end()
        self.verdict: dict[str, Any] = json.loads(self._ask(binary, "judge", self.folder, "--json") or self.told())
        self.history = [json.loads(line) for line in self._ask(binary, "evidence", "dump", self.folder).splitlines()]

    @staticmethod
    def _ask(*command: str | Path) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    @property
    def accused(self) -> dict[str, set[Message]]:
        """By kind; every finding is about the partition that was lied about, and breaks a promise."""
        found: dict[str, set[Message]] = {}
        for finding in self.verdict["findings"]:
            assert (finding["partition"], finding["severity"]) == (LIED_ABOUT, "violation"), finding
            found[finding["kind"]] = found.get(finding["kind"], set()) | ids(finding)
        return found

    @property
    def unknown(self) -> set[Message]:
        lines = [line for line in self.history if line["event"] == "unknown"]
        return {(line["producer"], line["sequence"] + i) for line in lines if line["partition"] == LIED_ABOUT
                for i in range(line.get("count", 1))}


@pytest.fixture
def run_against(kafka_cluster: Cluster, firedrill_binary: Path, tmp_path: Path):
    return lambda lie, **settings: LiedRun(firedrill_binary, kafka_cluster, tmp_path, lie, **settings)


@pytest.mark.parametrize(("lie", "kind"), [
    pytest.param(lies.Drops(once(after=3)), "lost", id="a_batch_confirmed_and_dropped_is_lost"),
    pytest.param(lies.DropsTheRest(from_then_on(after=5)), "lost", id="a_tail_confirmed_and_dropped_is_lost"),
    pytest.param(lies.TellsZero(now_and_then(0.3, seed=1)), "wrong-ack-offset", id="offsets_of_zero_are_wrong_ack_offsets"),
    pytest.param(lies.AppendsTwice(now_and_then(0.3, seed=2)), "duplicated", id="what_is_appended_twice_is_duplicated"),
    pytest.param(lies.FlipsBit(now_and_then(0.3, seed=3)), "corrupt", id="a_flipped_bit_behind_a_fitting_checksum_is_corrupt"),
    pytest.param(lies.Hides(now_and_then(0.3, seed=4)), "skipped", id="what_one_reader_is_not_shown_is_skipped"),
    pytest.param(lies.ReturnsOlder(once(after=3)), "rewound", id="what_a_reader_is_shown_again_is_rewound"),
])
def test_a_lie_is_named_and_nothing_else(run_against, lie: Truth, kind: str) -> None:
    run = run_against(lie)
    assert lie.noted and run.accused == {kind: lie.noted}, run.told()
    assert run.code == run.verdict["exit_code"] == 10 and run.verdict["books"]["balanced"]


def test_batches_that_were_swapped_are_reordered(run_against) -> None:
    # librdkafka sends no second batch while five messages of a partition are in flight, so the first one is small.
    lie = lies.Swaps(once(after=3))
    run = run_against(lie, properties='batch.num.messages: "2"', messages=100)
    assert lie.noted and (run.code, run.accused) == (10, {"reordered": lie.noted}), run.told()


def test_who_serves_honestly_is_not_accused(run_against) -> None:
    truth = Truth()
    run = run_against(truth)
    assert (run.code, run.accused) == (0, {}), run.told()
    assert truth.batches >= 40 and run.verdict["books"]["present"] == 400


def test_an_offset_that_another_record_has_is_a_conflict_and_the_absent_one_is_lost(run_against) -> None:
    lie = lies.ClaimsTaken(once(after=3))
    run = run_against(lie)
    robbed = {lie.places[offset] for offset in lie.claimed}
    assert lie.noted and run.accused == {"lost": lie.noted, "offset-conflict": lie.noted | robbed}, run.told()


def test_a_batch_confirmed_without_an_offset_is_no_lie(run_against) -> None:
    untold = lies.TellsNoOffset(now_and_then(0.3, seed=5))
    run = run_against(untold)
    assert untold.noted and (run.code, run.accused) == (0, {}), run.told()


def test_an_answer_that_came_after_a_retry_accuses_nobody(run_against) -> None:
    late = lies.AnswersLate(once(after=3))
    run = run_against(late, properties=f"{BATCHES}, socket.timeout.ms: '1000', socket.max.fails: '0'")
    assert late.retried and late.given_up == 0 and (run.code, run.accused) == (0, {}), run.told()


def test_an_answer_that_came_after_the_client_gave_up_is_unknown(run_against) -> None:
    late = lies.AnswersLate(once(after=3))
    run = run_against(late, writer="delivery_timeout: 2s", enough=200)
    assert late.given_up and late.noted <= run.unknown and (run.code, run.accused) == (0, {}), run.told()
    assert run.verdict["books"]["unknown_landed"] >= len(late.noted)


def test_a_connection_closed_after_the_append_is_retried_and_accuses_nobody(run_against) -> None:
    rude = lies.HangsUp(now_and_then(0.3, seed=6))
    run = run_against(rude)
    assert rude.retried and (run.code, run.accused) == (0, {}), run.told()
    assert run.verdict["books"]["extra_copies"] == 0


def test_a_connection_closed_after_the_append_without_a_retry_is_unknown(run_against) -> None:
    rude = lies.HangsUp(once(after=3))
    run = run_against(rude, writer="idempotence: false", properties=f"{BATCHES}, message.send.max.retries: '0'", enough=200)
    assert rude.noted and rude.noted <= run.unknown and (run.code, run.accused) == (0, {}), run.told()
    assert run.verdict["books"]["unknown_landed"] >= len(rude.noted)
