"""A run that waits for the test at its `hold` steps, and its evidence as a test reads it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from agent_host import wait_for
from drill import A_DRILL, Run, own_agent, write_scenario

from firedrill.cluster import Cluster

Message = tuple[str, int]  # producer, sequence


class HeldRun(Run):
    def __init__(self, binary: Path, cluster: Cluster, folder: Path, scenario: str) -> None:
        super().__init__(binary, write_scenario(folder, scenario), folder / "run", cluster.bootstrap, *own_agent(cluster))
        self.binary = binary

    def wait_for_hold(self, name: str) -> None:
        def held() -> bool:
            assert self.process.poll() is None, self.told()
            return any(event["what"] == "hold" and event["hold"] == name for event in self.events())

        wait_for(held, f"the run holds at {name}", A_DRILL)

    def go(self, name: str) -> None:
        (self.folder / f"go-{name}").touch()

    def events(self) -> list[dict[str, Any]]:
        file = self.folder / "events.ndjson"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        return [json.loads(line) for line in lines if line.endswith("}")]

    def history(self) -> list[dict[str, Any]]:
        dumped = subprocess.run([self.binary, "evidence", "dump", self.folder], capture_output=True, text=True, check=True)
        return [json.loads(line) for line in dumped.stdout.splitlines()]

    def judged(self) -> dict[str, Any]:
        """What `judge RUN` says, which is what `evidence dump RUN | judge -` says to the byte."""
        here = subprocess.run([self.binary, "judge", self.folder, "--json"], capture_output=True)
        dumped = subprocess.run([self.binary, "evidence", "dump", self.folder], capture_output=True, check=True)
        there = subprocess.run([self.binary, "judge", "-", "--json"], input=dumped.stdout, capture_output=True)
        assert (here.stdout, here.returncode) == (there.stdout, there.returncode), here.stderr
        return dict(json.loads(here.stdout))

    def real_topic(self, name: str = "orders") -> str:
        """A run's topics are its own: the scenario's name and a suffix."""
        return next(line["topic"] for line in self.history() if line["event"] == "topic" and line["topic"].startswith(name))


def expand(line: dict[str, Any]) -> list[tuple[Message, int]]:
    """Every message of a run of acks or deliveries, and its offset."""
    return [((line["producer"], line["sequence"] + i), line["offset"] + i) for i in range(line.get("count", 1))]


def ids(finding: dict[str, Any]) -> set[Message]:
    return {(run["producer"], run["sequence"] + i) for run in finding["messages"] for i in range(run["count"])}
