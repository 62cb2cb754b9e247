"""A drill whose clients know no other way to the cluster than by a proxy, which lies about partitions of its topics."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drill import Run, write_scenario
from held_run import ids
from identity import Message
from proxy import Proxy
from truth import READER, Truth

from firedrill.cluster import Cluster

MESSAGES = 50  # to each partition
Accused = dict[str, dict[tuple[str, str], set[Message]]]  # by lie, by kind and severity

# Four records a batch at most: however busy the machine, there are enough batches to lie about; and librdkafka sends no
# second one while five messages of a partition are in flight.
BATCHES = {"batch.num.messages": "4"}


@dataclass(frozen=True)
class Topic:
    """With a producer and a group of its own. A connection is lied about as a whole where an answer is held back."""

    lies: dict[str, Truth]  # by name, a partition each
    writer: dict[str, Any]
    properties: dict[str, str]


def topic(properties: dict[str, str] | None = None, *, lies: dict[str, Truth], **writer: Any) -> Topic:
    return Topic(lies, writer, BATCHES | (properties or {}))


class LiedRun(Run):
    def __init__(self, binary: Path, cluster: Cluster, folder: Path, topics: dict[str, Topic], confirmed: int) -> None:
        """`confirmed`: how many messages all producers together are sure to get through."""
        self._topics = topics
        self.lies = {name: lie for one in topics.values() for name, lie in one.lies.items()}
        brokers = {node.node_id: node.address for node in cluster.brokers()}
        with Proxy(brokers, lambda topic, partition: self.lies[self._name(topic, partition)]) as proxy:
            scenario = write_scenario(folder, json.dumps(_scenario(topics, confirmed)))
            super().__init__(binary, scenario, folder / "run", proxy.bootstrap, "--seed", "1")
            self.code = self.end()
        judged = _ask(binary, "judge", self.folder, "--json")
        assert judged, self.told()
        self.verdict: dict[str, Any] = json.loads(judged)
        self._history = [json.loads(line) for line in _ask(binary, "evidence", "dump", self.folder).splitlines()]

    @property
    def accused(self) -> Accused:
        found: Accused = {}
        for finding in self.verdict["findings"]:
            kinds = found.setdefault(self._name(finding["topic"], finding["partition"]), {})
            kind = finding["kind"], finding["severity"]
            kinds[kind] = kinds.get(kind, set()) | ids(finding)
        return found

    def unknown(self, name: str) -> set[Message]:
        return {(line["producer"], line["sequence"] + i) for line in self._history
                if line["event"] == "unknown" and self._name(line["topic"], line["partition"]) == name
                for i in range(line.get("count", 1))}

    def _name(self, topic: str, partition: int) -> str:
        """Of the lie. A run's topics have a suffix."""
        return list(self._topics[topic.partition(".")[0]].lies)[partition]


def _scenario(topics: dict[str, Topic], confirmed: int) -> dict[str, Any]:
    declared, workloads = [], []
    for name, one in topics.items():
        count = len(one.lies)
        declared.append({"name": name, "partitions": count, "replication_factor": 3, "config": {"min.insync.replicas": "2"}})
        workloads.append({"name": f"write-{name}", "kind": "produce", "topic": name, "rate": f"{40 * count}/s",
                          "messages": MESSAGES * count, "size": "100B", "linger": "300ms",
                          "properties": one.properties} | one.writer)
        workloads.append({"name": f"read-{name}", "kind": "consume", "topic": name, "group": f"readers-{name}",
                          "properties": {"client.id": READER}})
    return {"scenario": "liars", "description": "A proxy stands between the clients and the cluster.",
            "topics": declared, "workloads": workloads,
            "phases": [{"name": "load", "steps": [{"until": f"acked >= {confirmed}", "within": "60s"}]}],
            "drain": {"within": "60s"}, "audit": {"within": "60s"}}


def _ask(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
