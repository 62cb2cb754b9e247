"""Runs `firedrill run` for a test, while the test does something to the cluster."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firedrill.cluster import Cluster
from firedrill.waiting import wait_for

FAULTS = "kill,stop,pause,restart"


@dataclass
class Drill:
    """A run in a process of its own; `directory` is the run's."""

    binary: Path
    directory: Path
    process: subprocess.Popen

    @classmethod
    def start(cls, binary: Path, cluster: Cluster, folder: Path, scenario: str, *options: str, faults: str = FAULTS) -> "Drill":
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "scenario.yaml"
        file.write_text(scenario)
        directory = folder / "run"
        log = open(folder / "output.txt", "wb")
        process = subprocess.Popen(
            [binary, "run", file, "--bootstrap", cluster.bootstrap, "--services", cluster.agent_file, "--allow-faults", faults,
             "--run-dir", directory, *options], stdout=log, stderr=log)
        return cls(binary, directory, process)

    def wait_for_event(self, what: str, timeout_s: float = 120, **fields: Any) -> dict[str, Any]:
        wanted = {"what": what} | fields

        def seen() -> dict[str, Any] | None:
            assert self.process.poll() is None, self.output()
            return next((event for event in self.events() if wanted.items() <= event.items()), None)

        return wait_for(seen, timeout_s, f"event {wanted}")

    def events(self) -> list[dict[str, Any]]:
        file = self.directory / "events.ndjson"
        lines = file.read_text().splitlines() if file.exists() else []
        return [json.loads(line) for line in lines if line.endswith("}")]

    def go(self, name: str) -> None:
        (self.directory / f"go-{name}").touch()

    def finish(self, timeout_s: float = 180) -> tuple[int, dict[str, Any]]:
        """Exit code and report."""
        code = self.process.wait(timeout_s)
        assert (self.directory / "report.json").exists(), self.output()
        return code, json.loads((self.directory / "report.json").read_text())

    def output(self) -> str:
        return (self.directory.parent / "output.txt").read_text()

    def history(self) -> list[dict[str, Any]]:
        dumped = subprocess.run([self.binary, "evidence", "dump", self.directory], capture_output=True, text=True, check=True)
        return [json.loads(line) for line in dumped.stdout.splitlines()]

    def judged(self) -> dict[str, Any]:
        """What `judge RUN` says, which is what `evidence dump RUN | judge -` says to the byte."""
        here = subprocess.run([self.binary, "judge", self.directory, "--json"], capture_output=True, text=True)
        dumped = subprocess.run([self.binary, "evidence", "dump", self.directory], capture_output=True, check=True)
        there = subprocess.run([self.binary, "judge", "-", "--json"], input=dumped.stdout, capture_output=True)
        assert (here.stdout, here.returncode) == (there.stdout.decode(), there.returncode), here.stderr
        return json.loads(here.stdout)


    def real_topic(self, name: str = "orders") -> str:
        """A run's topics are its own: the scenario's name and a suffix."""
        return next(line["topic"] for line in self.history() if line["event"] == "topic" and line["topic"].startswith(name))


def expand(line: dict[str, Any]) -> list[tuple[tuple[str, int], int]]:
    """(id, offset) of every message of a run of acks or deliveries."""
    return [((line["producer"], line["sequence"] + i), line["offset"] + i) for i in range(line.get("count", 1))]


def ids(finding: dict[str, Any]) -> set[tuple[str, int]]:
    return {(run["producer"], run["sequence"] + i) for run in finding["messages"] for i in range(run["count"])}
