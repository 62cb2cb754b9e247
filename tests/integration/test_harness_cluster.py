"""A cluster of the harness is a real one: it serves, its nodes can be killed from outside and started by an agent."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from firedrill import admin
from firedrill.cluster import Cluster
from firedrill.cluster_file import ClusterFile
from firedrill.errors import HarnessError
from firedrill.waiting import wait_for


def test_every_broker_sees_all_brokers_and_serves_a_replicated_topic(kafka_cluster: Cluster) -> None:
    for node in kafka_cluster.brokers():
        assert set(admin.metadata(node.address, []).brokers) == {1, 2, 3}
    kafka_cluster.create_topic("serves", partitions=3, min_insync_replicas="2")
    partitions = kafka_cluster.partitions("serves")
    assert [p.partition for p in partitions] == [0, 1, 2]
    assert all(set(p.isr) == {1, 2, 3} for p in partitions)
    assert kafka_cluster.end_offset("serves", 2) == 0


def test_a_topic_that_cannot_be_made_is_refused_with_the_broker_s_reason(kafka_cluster: Cluster) -> None:
    with pytest.raises(HarnessError, match="replication factor|Replication factor|REPLICATION"):
        kafka_cluster.create_topic("too-many-replicas", replicas=4)


def test_a_broker_killed_from_outside_comes_back_by_the_start_command_of_its_service(kafka_cluster: Cluster) -> None:
    services = json.loads(kafka_cluster.agent_file.read_text())["services"]
    service = next(service for service in services if service["node_id"] == 2)
    former = _pid(service)
    command_line = Path(f"/proc/{former}/cmdline").read_bytes().split(b"\0")
    assert command_line[-2].endswith(b"/node-2/server.properties")  # the pid file names a pid of the host
    os.kill(former, signal.SIGKILL)
    wait_for(lambda: 2 not in kafka_cluster.running(), 10, "the supervisor notices the end")
    assert not Path(service["pid_file"]).exists()

    assert subprocess.run(service["start"], env={}, timeout=10, check=False).returncode == 0
    assert _pid(service) != former
    kafka_cluster.wait_ready()
    assert set(admin.metadata(kafka_cluster.file.node(1).address, []).brokers) == {1, 2, 3}


def test_starting_a_node_that_runs_changes_nothing(kafka_cluster: Cluster) -> None:
    before = kafka_cluster.running()
    kafka_cluster.start_node(1)
    assert kafka_cluster.running() == before


def test_a_frozen_broker_does_not_count_as_serving(kafka_cluster: Cluster) -> None:
    address = kafka_cluster.file.node(3).address
    assert admin.answers_api_versions(address)
    pid = kafka_cluster.running()[3]
    os.kill(pid, signal.SIGSTOP)
    try:
        assert not admin.answers_api_versions(address, timeout_s=0.3)
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: admin.answers_api_versions(address), 10, "the thawed broker answers")


def test_isolated_controllers_are_services_of_their_own(new_cluster) -> None:
    cluster = new_cluster(brokers=1, controllers=3)
    assert [node.name for node in cluster.file.nodes] == ["broker-1", "controller-3001", "controller-3002", "controller-3003"]
    services = json.loads(cluster.agent_file.read_text())["services"]
    assert [service["controller"] for service in services] == [False, True, True, True]
    cluster.stop_node(3001, hard=True)
    cluster.create_topic("without-one-controller", replicas=1)  # two of three are a majority
    cluster.start_node(3001)
    assert set(cluster.running()) == {1, 3001, 3002, 3003}


def test_two_clusters_side_by_side_share_nothing(new_cluster, kafka_cluster: Cluster) -> None:
    other = new_cluster(brokers=1)
    assert other.file.cluster_id != kafka_cluster.file.cluster_id
    assert not _ports(other.file) & _ports(kafka_cluster.file)
    other.shutdown()
    assert not other.supervised()
    kafka_cluster.wait_ready()
    assert len(kafka_cluster.running()) == 3


def test_a_configuration_that_kafka_refuses_is_reported_in_kafka_s_words(new_cluster) -> None:
    with pytest.raises(HarnessError, match="(?s)log.segment.bytes.*at least"):
        new_cluster(brokers=1, properties={"log.segment.bytes": "1"})


def test_a_broker_that_ends_while_it_starts_is_reported_with_the_end_of_its_log(new_cluster) -> None:
    with pytest.raises(HarnessError, match=r"(?s)broker-1 ended with 1.*no\.such\.Reporter"):
        new_cluster(brokers=1, properties={"metric.reporters": "no.such.Reporter"})


def _pid(service: dict) -> int:
    return int(Path(service["pid_file"]).read_text())


def _ports(file: ClusterFile) -> set[int]:
    return {port for node in file.nodes for port in (node.client_port, node.replication_port, node.controller_port) if port}
