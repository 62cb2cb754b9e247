"""The doctor on real clusters: what is made badly is named, what is well is left alone, and nothing is changed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from agent_host import wait_for
from drill import NO_FAULT, write_scenario

from firedrill.cluster import Cluster
from firedrill.pytest_plugin import NewCluster


def doctor(binary: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run([binary, "doctor", *words], capture_output=True, text=True, timeout=90, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def examined(binary: Path, bootstrap: str, *words: str) -> tuple[int, dict[str, Any]]:
    code, told = doctor(binary, "--bootstrap", bootstrap, "--json", *words)
    return code, dict(json.loads(told))


def described(cluster: Cluster) -> str:
    """All topics, with their configuration, leaders and replicas, as Kafka's own tool tells them."""
    return cluster.run_java("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", cluster.bootstrap, "--describe")


def told_of(report: dict[str, Any], place: str) -> list[tuple[str, str]]:
    return [(one["concern"], one["what"]) for one in report["diagnoses"] if place in one["places"]]


def test_doctor_names_what_is_made_badly_and_leaves_alone_what_is_well(firedrill_binary: Path, kafka_cluster: Cluster,
                                                                       tmp_path: Path) -> None:
    kafka_cluster.create_topic("doctor-good", partitions=3, min_insync_replicas="2")
    kafka_cluster.create_topic("doctor-single", replicas=1)
    kafka_cluster.create_topic("doctor-alone", min_insync_replicas="1")
    kafka_cluster.create_topic("doctor-strict", min_insync_replicas="3")
    kafka_cluster.create_topic("doctor-unclean", min_insync_replicas="2", unclean_leader_election_enable="true")
    scenario = write_scenario(tmp_path, NO_FAULT.replace("replication_factor: 3", "replication_factor: 1"))

    code, report = examined(firedrill_binary, kafka_cluster.bootstrap, "--scenario", str(scenario))

    assert code == 11 and report["worst"] == "danger"
    assert report["brokers"] == [1, 2, 3] and sorted(report["voters"]) == [1, 2, 3] and report["not_told"] == []
    assert told_of(report, "topic doctor-good") == []
    assert told_of(report, "topic doctor-single") == [("danger", "replication factor 1"), ("warning", "replication factor 1")]
    assert told_of(report, "topic orders of the scenario") == told_of(report, "topic doctor-single")
    assert told_of(report, "topic doctor-alone") == [("warning", "min.insync.replicas 1")]
    assert told_of(report, "topic doctor-strict") == [("warning", "min.insync.replicas = replication factor")]
    assert told_of(report, "topic doctor-unclean") == [("danger", "unclean leader election")]
    assert told_of(report, "quorum of controllers") == []
    assert told_of(report, "workload writer") == []
    assert all(one["at_stake"] and one["why"] for one in report["diagnoses"])

    code, text = doctor(firedrill_binary, "--bootstrap", kafka_cluster.bootstrap)
    assert code == 11 and text.startswith("DANGER  ") and "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100, text


def test_doctor_of_a_good_cluster_has_no_danger_and_says_what_of_a_client(
        firedrill_binary: Path, new_cluster: NewCluster, tmp_path: Path) -> None:
    cluster = new_cluster(brokers=3, properties={"min.insync.replicas": "2"})
    cluster.create_topic("orders", partitions=3)
    before = described(cluster)
    assert "Topic: orders\tPartition: 2" in before, before

    code, text = doctor(firedrill_binary, "--bootstrap", cluster.bootstrap)
    assert code == 0 and text.startswith("HEALTHY  Nothing found.\ncluster "), text
    assert "danger" not in text and "warning" not in text and "note" not in text, text

    code, report = examined(firedrill_binary, cluster.bootstrap, "--property", "acks=1", "--property", "enable.auto.commit=true",
                            "--property", "transaction.timeout.ms=1000000", "--property", "transactional.id=t",
                            "--property", "heartbeat.interval.ms=46000")
    assert code == 11
    producer = told_of(report, "a producer with these properties")
    assert ("danger", "acks=1") in producer and ("danger", "idempotence with acks=1") in producer
    assert any("transaction.max.timeout.ms (900000)" in what for _, what in producer)
    consumer = told_of(report, "a consumer with these properties")
    assert ("warning", "automatic commit") in consumer
    assert ("danger", "heartbeat.interval.ms=46000 not below session.timeout.ms=45000") in consumer

    assert described(cluster) == before

    # A broker that is away: replicas are out of sync, and it is named.
    cluster.stop_node(3)
    missed = wait_for(lambda: (seen := examined(firedrill_binary, cluster.bootstrap))[1]["brokers"] == [1, 2] and seen,
                      "broker 3 is missed", 60)
    # No group has been there yet: its offsets want three brokers.
    offsets = [("danger", "offsets.topic.replication.factor=3 with 2 brokers")]
    assert told_of(missed[1], "topic __consumer_offsets (not made yet)") == offsets and missed[0] == 11
    assert told_of(missed[1], "orders-0") == [("warning", "replicas out of sync")]
    assert told_of(missed[1], "broker 3") == [("warning", "it does not run")]
    # A scenario is planned for the brokers that there are, also if one is down.
    scenario = write_scenario(tmp_path, NO_FAULT.replace("replication_factor: 3", "replication_factor: 4"))
    code, text = doctor(firedrill_binary, "--bootstrap", cluster.bootstrap, "--scenario", str(scenario))
    assert code == 2 and "`replication_factor` 4 is more than the cluster has brokers, which is 3" in text, text


@pytest.mark.parametrize(("words", "code", "what"), [
    (("--bootstrap", "127.0.0.1:1"), 20, "no broker answers at 127.0.0.1:1: "),
    (("--bootstrap", "nowhere"), 2, "--bootstrap must be host:port"),
    (("--bootstrap", "127.0.0.1:1", "--property", "linger.mss=5"), 2, "`linger.mss`"),
    (("--bootstrap", "127.0.0.1:1", "--property", "acks"), 1, "--property takes NAME=VALUE, not `acks`"),
    (("--bootstrap", "127.0.0.1:1", "--scenario", "leader-electoin"), 2, "did you mean `leader-election`?"),
], ids=["unreachable", "address", "property", "form", "scenario"])
def test_doctor_that_cannot_look_says_why(firedrill_binary: Path, words: tuple[str, ...], code: int, what: str) -> None:
    ended, told = doctor(firedrill_binary, *words)
    assert ended == code and what in told and told.count("\n") == 1, told
