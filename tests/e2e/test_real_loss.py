"""Real loss on a real cluster is found: exactly the right messages, and called what the configuration promised."""

import os
import signal
from pathlib import Path
from typing import Any

from held_run import HeldRun, Message, expand, ids
from firedrill import log_surgery
from firedrill.cluster import Cluster

CUT = """
scenario: cut-tail
description: Every replica of a partition loses the last bytes of its log while all brokers are down.
topics: [{name: orders, partitions: 2, replication_factor: 3, config: {min.insync.replicas: 2}}]
workloads: [{name: writer, kind: produce, topic: orders, rate: 2k/s, messages: 4000, size: 100B, linger: 100ms}]
phases:
  - name: load
    steps: [{until: acked >= 4000, within: 60s}]
  - name: surgery
    steps: [{hold: surgery, within: 120s}, {until: isr == full, within: 60s}]
"""

ACKS_ONE = """
scenario: acks-one
description: The leader dies with records that no follower has; acks=1 had confirmed them.
topics: [{name: orders, partitions: 1, replication_factor: 3, config: {min.insync.replicas: 1}}]
workloads: [{name: writer, kind: produce, topic: orders, rate: 500/s, size: 100B, acks: "1", linger: 100ms, delivery_timeout: 60s}]
phases:
  - name: warmup
    steps: [{until: acked >= 500, within: 60s}, {until: isr == full, within: 30s}]
  - name: fault
    steps:
      - {hold: pause, within: 60s}
      - {wait: 1s}
      - {hold: kill, within: 60s}
      - {until: brokers == full, within: 60s}
      - {until: isr == full, within: 60s}
      - {wait: 1s}
"""


def test_a_tail_cut_on_every_replica_is_lost_with_exactly_its_ids(new_cluster, firedrill_binary: Path, tmp_path: Path) -> None:
    cluster = new_cluster()
    run = HeldRun(firedrill_binary, cluster, tmp_path, CUT)
    run.wait_for_hold("surgery")
    topic = run.real_topic()
    for node in cluster.brokers():
        cluster.stop_node(node.node_id, hard=True)
    cut = log_surgery.cut_everywhere(cluster, topic, 0, 150)[0]
    cluster.start_all()
    run.go("surgery")
    code = run.end()

    gone = {message for message, offset in acks(run.history(), partition=0) if offset >= cut.end_offset}
    assert 0 < len(gone) == cut.former_end_offset - cut.end_offset
    verdict = run.judged()
    assert {finding["kind"] for finding in verdict["findings"]} == {"lost"}
    assert set().union(*map(ids, verdict["findings"])) == gone
    assert all((f["severity"], f["proof"], f["partition"]) == ("violation", "audit", 0) for f in verdict["findings"])
    assert verdict["books"]["lost"] == len(gone) and verdict["books"]["balanced"]
    assert code == run.report()["exit_code"] == 10, run.told()


def test_acks_one_and_paused_followers_lose_records_and_that_is_allowed(new_cluster, firedrill_binary: Path, tmp_path: Path) -> None:
    # The controller is apart, so that pausing two brokers leaves a quorum; the session is longer than they are paused, so
    # that they are still in the ISR, and one of them leads, when the leader has died with what they never fetched.
    cluster = new_cluster(controllers=1, properties={"broker.session.timeout.ms": "8000"})
    run = HeldRun(firedrill_binary, cluster, tmp_path, ACKS_ONE)
    run.wait_for_hold("pause")
    leader = cluster.partitions(run.real_topic())[0].leader
    followers = [pid for node_id, pid in cluster.running().items() if node_id in broker_ids(cluster) - {leader}]
    for follower in followers:
        os.kill(follower, signal.SIGSTOP)
    run.go("pause")
    run.wait_for_hold("kill")
    cluster.stop_node(leader, hard=True)
    for follower in followers:
        os.kill(follower, signal.SIGCONT)
    cluster.start_node(leader)
    run.go("kill")
    code = run.end()

    history = run.history()
    kept = {message for line in history if line["event"] == "deliver" for message, _ in expand(line)}
    gone = {message for message, _ in acks(history, partition=0)} - kept
    verdict = run.judged()
    lost = [finding for finding in verdict["findings"] if finding["kind"] == "lost"]
    assert len(gone) > 100 and set().union(*map(ids, lost)) == gone and verdict["books"]["lost"] == len(gone)
    assert {finding["severity"] for finding in verdict["findings"]} == {"allowed"}
    assert code == 0, run.told()


def broker_ids(cluster: Cluster) -> set[int]:
    return {node.node_id for node in cluster.brokers()}


def acks(history: list[dict[str, Any]], partition: int) -> list[tuple[Message, int]]:
    return [pair for line in history if line["event"] == "ack" and line["partition"] == partition for pair in expand(line)]
