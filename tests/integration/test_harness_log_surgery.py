"""A cut log is real loss: every replica of a real cluster ends at the same shorter end, and what was in front is intact."""

import json
from pathlib import Path

import pytest

from firedrill import log_surgery
from firedrill.cluster import Cluster
from firedrill.errors import HarnessError


def test_a_cut_log_ends_there_after_the_restart(new_cluster) -> None:
    """Of one broker; tests/e2e/test_real_loss.py cuts all three replicas."""
    cluster = new_cluster(brokers=1)
    cluster.create_topic("cut", replicas=1)
    _produce(cluster, "cut", 1000)
    assert cluster.end_offset("cut", 0) == 1000
    cluster.stop_node(1, hard=True)
    segment = _segment(cluster, 1, "cut")
    whole = segment.read_bytes()

    (cut,) = log_surgery.cut_everywhere(cluster, "cut", 0, 100)  # in the middle of the last batch
    end = cut.end_offset
    assert (cut.node_id, cut.former_end_offset) == (1, 1000) and 0 < end < 1000
    cluster.start_node(1)
    assert cluster.end_offset("cut", 0) == end
    assert log_surgery.read_batches(segment)[-1].last_offset == end - 1
    assert whole.startswith(segment.read_bytes())

    _produce(cluster, "cut", 10)
    assert cluster.end_offset("cut", 0) == end + 10
    cluster.stop_node(1)
    size = _segment(cluster, 1, "cut").stat().st_size
    with pytest.raises(HarnessError, match=f"which holds {size}"):
        log_surgery.cut_everywhere(cluster, "cut", 0, size + 1)
    last = log_surgery.read_batches(_segment(cluster, 1, "cut"))[-1]
    (cut,) = log_surgery.cut_everywhere(cluster, "cut", 0, last.size)  # at the boundary of a batch, after a clean stop
    assert cut.end_offset == last.base_offset
    cluster.start_node(1)
    assert cluster.end_offset("cut", 0) == last.base_offset


def test_a_log_of_a_running_broker_is_not_cut(kafka_cluster: Cluster) -> None:
    kafka_cluster.create_topic("in-use")
    kafka_cluster.wait_in_sync("in-use")  # until then a replica need not have a folder
    with pytest.raises(HarnessError, match=r"nodes that run: \[1, 2, 3\]"):
        log_surgery.cut_everywhere(kafka_cluster, "in-use", 0, 1)


def _produce(cluster: Cluster, topic: str, count: int) -> None:
    """Throttled, so that the log has many batches and not one."""
    output = cluster.run_java("org.apache.kafka.tools.VerifiableProducer", "--bootstrap-server", cluster.bootstrap,
                              "--topic", topic, "--max-messages", str(count), "--throughput", "2000", "--acks", "-1",
                              timeout_s=120)
    acked = [json.loads(line) for line in output.splitlines() if '"tool_data"' in line]
    assert acked and acked[-1]["acked"] == count


def _segment(cluster: Cluster, node_id: int, topic: str) -> Path:
    (log_dir,) = cluster.file.node(node_id).log_dirs
    return log_surgery.newest_segment(Path(log_dir) / f"{topic}-0")
