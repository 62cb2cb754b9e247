"""From what is wanted (so many brokers, controllers apart or not) to nodes with ports, folders and command lines."""

import base64
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from firedrill.cluster_file import ClusterFile, Node
from firedrill.errors import HarnessError
from firedrill.java import java_command
from firedrill.kafka_jars import kafka_version
from firedrill.ports import PortClaims

HOST = "127.0.0.1"
FIRST_CONTROLLER_ID = 3001  # of isolated controllers; kafkatest counts them so too


@dataclass(frozen=True)
class ClusterPlan:
    brokers: int = 3
    controllers: int | None = None  # isolated ones; None: every broker is a controller too
    kafka_home: Path | None = None
    properties: Mapping[str, str] = field(default_factory=dict)  # over the defaults, on every node

    def check(self) -> None:
        if self.brokers < 1 or (self.controllers is not None and self.controllers < 1):
            raise HarnessError("a cluster has at least one broker and one controller")


def lay_out(directory: Path, plan: ClusterPlan, jars: Path, claims: PortClaims) -> ClusterFile:
    log4j = directory / "log4j2.properties"
    shutil.copyfile(Path(__file__).with_name("log4j2.properties"), log4j)
    broker_roles = ("broker",) if plan.controllers else ("broker", "controller")
    wanted = [(number, broker_roles) for number in range(1, plan.brokers + 1)]
    wanted += [(FIRST_CONTROLLER_ID + number, ("controller",)) for number in range(plan.controllers or 0)]
    nodes = tuple(_plan_node(directory, node_id, roles, jars, log4j, claims) for node_id, roles in wanted)
    # Kafka's ids are UUIDs in URL-safe base 64; one that begins with a dash would be an option on command lines.
    cluster_id = base64.urlsafe_b64encode(b"\x11" + uuid.uuid4().bytes[1:]).decode().rstrip("=")
    file = ClusterFile(directory, cluster_id, kafka_version(jars), jars, nodes)
    file.write()
    return file


def _plan_node(directory: Path, node_id: int, roles: tuple[str, ...], jars: Path, log4j: Path,
               claims: PortClaims) -> Node:
    broker, controller = "broker" in roles, "controller" in roles
    home = directory / f"node-{node_id}"
    command = java_command(jars, home, log4j, "kafka.Kafka", str(home / "server.properties"))
    return Node(node_id, roles, HOST, claims.take(HOST) if broker else None, claims.take(HOST) if broker else None,
                claims.take(HOST) if controller else None, str(home), (str(home / "data"),), tuple(command))
