"""What a cluster is, as data: written to `cluster.json` in its folder before the first process starts, so that every
later command needs the folder and nothing else. `cluster.agent.json` beside it declares the same nodes to an agent."""

import dataclasses
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firedrill import supervisor_client
from firedrill.errors import HarnessError

FORMAT = "firedrill-cluster/1"
STOP_TIMEOUT_MS = 60_000  # A clean stop hands over leaderships; that takes 2 s, and long on a busy machine.


@dataclass(frozen=True)
class Node:
    node_id: int
    roles: tuple[str, ...]  # "broker", "controller"
    host: str
    client_port: int | None  # brokers only
    replication_port: int | None  # brokers only: traffic between brokers, apart so that a fault can tell them apart
    controller_port: int | None  # controllers only
    directory: str
    log_dirs: tuple[str, ...]
    command: tuple[str, ...]  # what the supervisor executes

    @property
    def name(self) -> str:
        return f"{'broker' if self.is_broker else 'controller'}-{self.node_id}"

    @property
    def is_broker(self) -> bool:
        return "broker" in self.roles

    @property
    def is_controller(self) -> bool:
        return "controller" in self.roles

    @property
    def address(self) -> tuple[str, int]:
        """Where it answers ApiVersions."""
        port = self.client_port if self.is_broker else self.controller_port
        assert port is not None
        return self.host, port

    @property
    def config_file(self) -> Path:
        return Path(self.directory) / "server.properties"

    @property
    def pid_file(self) -> Path:
        return Path(self.directory) / "pid"

    @property
    def server_log(self) -> Path:
        return Path(self.directory) / "server.log"

    @property
    def console_log(self) -> Path:
        """Standard output and error: what a JVM says that did not come as far as its log."""
        return Path(self.directory) / "console.log"


@dataclass(frozen=True)
class ClusterFile:
    directory: Path
    cluster_id: str
    kafka_version: str
    jars: Path
    nodes: tuple[Node, ...]

    @property
    def bootstrap(self) -> str:
        return ",".join(f"{node.host}:{node.client_port}" for node in self.nodes if node.is_broker)

    @property
    def socket(self) -> Path:
        return self.directory / "supervisor.sock"

    def node(self, node_id: int) -> Node:
        for node in self.nodes:
            if node.node_id == node_id:
                return node
        raise HarnessError(f"no node {node_id} in {self.directory}; there are {[n.node_id for n in self.nodes]}")

    def start_argv(self, node: Node) -> list[str]:
        """Asks the supervisor to start `node`; returns as soon as the process exists. Needs no environment."""
        client = str(Path(supervisor_client.__file__).resolve())
        return [sys.executable, "-I", "-S", client, str(self.socket), "start", str(node.node_id)]

    def write(self) -> None:
        _replace(self.directory / "cluster.json", self._cluster_json())
        _replace(self.directory / "cluster.agent.json",
                 {"cluster_id": self.cluster_id, "services": [self._service(node) for node in self.nodes]})

    def _cluster_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "cluster_id": self.cluster_id,
            "kafka_version": self.kafka_version,
            "bootstrap": self.bootstrap,
            "jars": str(self.jars),
            "supervisor_socket": str(self.socket),
            "agent_file": str(self.directory / "cluster.agent.json"),
            "nodes": [self._node_json(node) for node in self.nodes],
        }

    def _node_json(self, node: Node) -> dict[str, Any]:
        derived = {"name": node.name, "config_file": str(node.config_file), "pid_file": str(node.pid_file),
                   "server_log": str(node.server_log), "console_log": str(node.console_log),
                   "start": self.start_argv(node)}
        return dataclasses.asdict(node) | derived

    def _service(self, node: Node) -> dict[str, Any]:
        host, port = node.address
        return {"name": node.name, "node_id": node.node_id, "start": self.start_argv(node),
                "pid_file": str(node.pid_file), "address": f"{host}:{port}", "broker": node.is_broker,
                "controller": node.is_controller, "stop_timeout_ms": STOP_TIMEOUT_MS}


def read_cluster_file(directory: Path) -> ClusterFile:
    path = directory / "cluster.json"
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise HarnessError(f"{directory} is no cluster: it has no cluster.json") from None
    except ValueError as error:
        raise HarnessError(f"{path}: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise HarnessError(f"{path} is not of the format {FORMAT}")
    return ClusterFile(directory.resolve(), content["cluster_id"], content["kafka_version"], Path(content["jars"]),
                       tuple(_node_from(item) for item in content["nodes"]))


def _node_from(item: dict[str, Any]) -> Node:
    fields = {field.name: item[field.name] for field in dataclasses.fields(Node)}
    return Node(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})


def _replace(path: Path, content: dict[str, Any]) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    os.replace(fresh, path)
