"""A drill whose clients know no other way to the cluster than by a proxy: a topic, a producer and a group for each lie."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drill import Run, write_scenario
from held_run import ids
from identity import Message
from proxy import Proxy
from truth import LIED_ABOUT, READER, Truth

from firedrill.cluster import Cluster

MESSAGES = 100  # of each producer
Accused = dict[str, dict[tuple[str, str], set[Message]]]  # by topic, by kind and severity

# Five records a batch at most: however busy the machine, there are enough batches to lie about.
BATCHES = {"batch.num.messages": "5"}


@dataclass(frozen=True)
class Told:
    """To a producer of its own, and to its reader."""

    lie: Truth
    writer: dict[str, Any]
    properties: dict[str, str]


def told(lie: Truth, properties: dict[str, str] = BATCHES, **writer: Any) -> Told:
    return Told(lie, writer, properties)


class LiedRun(Run):
    def __init__(self, binary: Path, cluster: Cluster, folder: Path, lies: dict[str, Told], confirmed: int) -> None:
        """`confirmed`: how many messages all producers together are sure to get through."""
        brokers = {node.node_id: node.address for node in cluster.brokers()}
        with Proxy(brokers, lambda topic: lies[topic.partition(".")[0]].lie) as proxy:
            super().__init__(binary, write_scenario(folder, json.dumps(_scenario(lies, confirmed))), folder / "run", proxy.bootstrap)
            self.code = self.end()
        judged = _ask(binary, "judge", self.folder, "--json")
        assert judged, self.told()
        self.verdict: dict[str, Any] = json.loads(judged)
        self._history = [json.loads(line) for line in _ask(binary, "evidence", "dump", self.folder).splitlines()]

    @property
    def accused(self) -> Accused:
        """Nobody is accused of anything about the partition that is served honestly."""
        found: Accused = {}
        for finding in self.verdict["findings"]:
            assert finding["partition"] == LIED_ABOUT, finding
            kinds = found.setdefault(finding["topic"].partition(".")[0], {})
            kind = finding["kind"], finding["severity"]
            kinds[kind] = kinds.get(kind, set()) | ids(finding)
        return found

    def unknown(self, topic: str) -> set[Message]:
        return set(self._messages("unknown", topic))

    def _messages(self, event: str, topic: str) -> Iterator[Message]:
        for line in self._history:
            if line["event"] == event and line["topic"].startswith(f"{topic}.") and line["partition"] == LIED_ABOUT:
                yield from ((line["producer"], line["sequence"] + i) for i in range(line.get("count", 1)))


def _scenario(lies: dict[str, Told], confirmed: int) -> dict[str, Any]:
    topics, workloads = [], []
    for name, one in lies.items():
        topics.append({"name": name, "partitions": 2, "replication_factor": 3, "config": {"min.insync.replicas": "2"}})
        workloads.append({"name": f"write-{name}", "kind": "produce", "topic": name, "rate": "100/s", "messages": MESSAGES,
                          "size": "100B", "linger": "300ms", "properties": one.properties} | one.writer)
        workloads.append({"name": f"read-{name}", "kind": "consume", "topic": name, "group": f"readers-{name}",
                          "properties": {"client.id": READER}})
    return {"scenario": "liars", "description": "A proxy stands between the clients and the cluster.",
            "topics": topics, "workloads": workloads,
            "phases": [{"name": "load", "steps": [{"until": f"acked >= {confirmed}", "within": "60s"}]}],
            "drain": {"within": "60s"}, "audit": {"within": "60s"}}


def _ask(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
