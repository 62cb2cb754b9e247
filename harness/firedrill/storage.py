"""Prepares a node's folder: its server.properties, and its log directory formatted by Kafka's own StorageTool."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from firedrill.cluster_file import ClusterFile, Node
from firedrill.errors import HarnessError
from firedrill.java import java_command
from firedrill.pid_namespace import die_with_parent

FORMAT_TIMEOUT_S = 120


def node_properties(node: Node, nodes: tuple[Node, ...], overrides: Mapping[str, str]) -> dict[str, str]:
    """`overrides` win. Timeouts that shape faults (session, election, lag) stay as Kafka ships them."""
    brokers = sum(other.is_broker for other in nodes)
    replicas = str(min(3, brokers))
    listeners = _listeners(node)
    properties = {
        "process.roles": ",".join(node.roles),
        "node.id": str(node.node_id),
        "controller.quorum.voters": ",".join(f"{n.node_id}@{n.host}:{n.controller_port}" for n in nodes if n.is_controller),
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,CLIENT:PLAINTEXT,REPLICATION:PLAINTEXT",
        "listeners": listeners,
        "advertised.listeners": listeners,
        "log.dirs": ",".join(node.log_dirs),
        "auto.create.topics.enable": "false",
        "num.io.threads": "2",
        "num.network.threads": "2",
        "log.cleaner.dedupe.buffer.size": str(4 * 1024 * 1024),
        "offsets.topic.replication.factor": replicas,
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": str(min(2, brokers)),
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": str(min(2, brokers)),
        "group.initial.rebalance.delay.ms": "100",
        # A member that was killed is missed within 12 s instead of 45; longer than a dead coordinator is (9 s).
        "group.consumer.min.session.timeout.ms": "6000",
        "group.consumer.session.timeout.ms": "12000",
        "group.consumer.min.heartbeat.interval.ms": "1000",
        "group.consumer.heartbeat.interval.ms": "2000",
    }
    if node.is_broker:
        properties["inter.broker.listener.name"] = "REPLICATION"
    return properties | dict(overrides)


def prepare_nodes(cluster: ClusterFile, log4j: Path, overrides: Mapping[str, str]) -> None:
    """All nodes at once: a JVM that formats spends most of its second on loading classes."""
    formatting = []
    try:
        for node in cluster.nodes:
            Path(node.directory).mkdir()
            properties = node_properties(node, cluster.nodes, overrides)
            node.config_file.write_text("".join(f"{key}={value}\n" for key, value in properties.items()), "utf-8")
            formatting.append((node, _start_format(cluster, node, log4j)))
        for node, process in formatting:
            output, _ = process.communicate(timeout=FORMAT_TIMEOUT_S)
            if process.returncode != 0:
                raise HarnessError(f"{node.name} could not be formatted: {output[-2000:]}")
    except subprocess.TimeoutExpired:
        raise HarnessError(f"the nodes were not formatted within {FORMAT_TIMEOUT_S} s") from None
    finally:
        for _, process in formatting:
            process.kill()
            process.wait()


def _start_format(cluster: ClusterFile, node: Node, log4j: Path) -> "subprocess.Popen[str]":
    command = java_command(cluster.jars, Path(node.directory), log4j, "kafka.tools.StorageTool",
                           "format", "-t", cluster.cluster_id, "-c", os.fspath(node.config_file))
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, preexec_fn=die_with_parent)


def _listeners(node: Node) -> str:
    ports = {"CLIENT": node.client_port, "REPLICATION": node.replication_port, "CONTROLLER": node.controller_port}
    return ",".join(f"{name}://{node.host}:{port}" for name, port in ports.items() if port is not None)
