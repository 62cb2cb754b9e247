"""A cut log is real loss: every replica of a real cluster ends at the same shorter end, and what was in front is intact."""

import json

import pytest

from firedrill import log_surgery
from firedrill.cluster import Cluster
from firedrill.errors import HarnessError


def test_a_log_cut_on_every_replica_ends_there_after_the_restart(new_cluster) -> None:
    cluster = new_cluster()
    for topic in ("batch", "torn", "clean"):
        cluster.create_topic(topic, min_insync_replicas="2")
        _produce(cluster, topic, 2000)
        assert cluster.end_offset(topic, 0) == 2000
    for node in cluster.brokers():
        cluster.stop_node(node.node_id, hard=True)

    last = log_surgery.read_batches(_segment(cluster, 1, "batch"))[-1]
    at_boundary = log_surgery.cut_everywhere(cluster, "batch", 0, last.size)
    in_the_middle = log_surgery.cut_everywhere(cluster, "torn", 0, 100)
    cluster.start_all()

    for topic, cuts in (("batch", at_boundary), ("torn", in_the_middle)):
        assert [cut.node_id for cut in cuts] == [1, 2, 3]
        end = {cut.end_offset for cut in cuts}.pop()
        assert all(cut.end_offset == end and cut.former_end_offset == 2000 for cut in cuts)
        assert 0 < end < 2000
        cluster.wait_in_sync(topic)
        assert cluster.end_offset(topic, 0) == end
        assert all(_ends_at(cluster, node.node_id, topic) == end for node in cluster.brokers())
    assert cluster.end_offset("clean", 0) == 2000

    _produce(cluster, "torn", 10)
    assert cluster.end_offset("torn", 0) == in_the_middle[0].end_offset + 10


def test_a_cut_survives_a_clean_stop_too(new_cluster) -> None:
    cluster = new_cluster(brokers=1)
    cluster.create_topic("after-clean-stop", replicas=1)
    _produce(cluster, "after-clean-stop", 500)
    cluster.stop_node(1)
    (cut,) = log_surgery.cut_everywhere(cluster, "after-clean-stop", 0, 7)
    cluster.start_node(1)
    assert cluster.end_offset("after-clean-stop", 0) == cut.end_offset < 500
    assert _segment(cluster, 1, "after-clean-stop").stat().st_size < cut.size  # recovery removed the torn rest


def test_a_log_of_a_running_broker_is_not_cut(kafka_cluster: Cluster) -> None:
    kafka_cluster.create_topic("in-use")
    _produce(kafka_cluster, "in-use", 10)
    with pytest.raises(HarnessError, match=r"nodes that run: \[1, 2, 3\]"):
        log_surgery.cut_everywhere(kafka_cluster, "in-use", 0, 1)
    assert kafka_cluster.end_offset("in-use", 0) == 10


def test_more_than_there_is_cannot_be_cut(new_cluster) -> None:
    cluster = new_cluster(brokers=1)
    cluster.create_topic("short", replicas=1)
    _produce(cluster, "short", 1)
    cluster.stop_node(1, hard=True)
    size = _segment(cluster, 1, "short").stat().st_size
    with pytest.raises(HarnessError, match=f"which holds {size}"):
        log_surgery.cut_everywhere(cluster, "short", 0, size + 1)
    assert _segment(cluster, 1, "short").stat().st_size == size


def _produce(cluster: Cluster, topic: str, count: int) -> None:
    """Throttled, so that the log has many batches and not one."""
    output = cluster.run_java("org.apache.kafka.tools.VerifiableProducer", "--bootstrap-server", cluster.bootstrap,
                              "--topic", topic, "--max-messages", str(count), "--throughput", "2000", "--acks", "-1")
    acked = [json.loads(line) for line in output.splitlines() if '"tool_data"' in line]
    assert acked and acked[-1]["acked"] == count


def _segment(cluster: Cluster, node_id: int, topic: str):
    (log_dir,) = cluster.file.node(node_id).log_dirs
    return log_surgery.newest_segment(log_surgery.Path(log_dir) / f"{topic}-0")


def _ends_at(cluster: Cluster, node_id: int, topic: str) -> int:
    return log_surgery.read_batches(_segment(cluster, node_id, topic))[-1].last_offset + 1
