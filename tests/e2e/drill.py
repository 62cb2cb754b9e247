"""What tests of whole drills share: a short scenario, the processes of Firedrill around a real cluster, and their ends."""

import json
import os
import select
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from agent_host import PATIENCE, free_port, process_state, wait_for

from firedrill.cluster import Cluster

FAULTS = "kill,stop,pause,restart"
# Options of shipped scenarios. Long lingering: several drills share the machine, and librdkafka spins where an ack takes
# longer than that.
QUICK = ("--set", "rate=2k/s", "--set", "linger=100ms", "--set", "steady=1s")
A_DRILL = 240.0  # seconds; what a short drill may take on two cores that others use as well

# A leader dies under load and comes back; `middle` holds the run where a test wants to interfere.
SCENARIO = """
scenario: quick
parameters: {how: kill, down: 4s, rate: 1k/s}
topics: [{name: orders, partitions: 2, replication_factor: 3, config: {min.insync.replicas: 2}}]
workloads:
  - {name: writer, kind: produce, topic: orders, rate: "${rate}", size: 100B, acks: all, linger: 100ms, delivery_timeout: 60s}
  - {name: reader, kind: consume, topic: orders, group: readers}
phases:
  - name: warmup
    steps:
      - {until: acked >= 500, within: 60s}
      - {until: isr == full, within: 60s}
  - name: fault
    steps:
      - {fault: break-leader, kind: "${how}", target: leader of orders-0, for: "${down}"}
  - name: recovery
    steps:
      - {until: isr == full, within: 90s}
drain: {within: 60s}
audit: {within: 60s}
expect:
  - lost == 0
  - duplicated == 0
  - reordered == 0
  - max(unavailability) < 2m during break-leader
  - lag < 1M within 60s after break-leader
valid_if: [leader_elections >= 1 during break-leader]
"""
NO_FAULT = """
scenario: calm
topics: [{name: orders, partitions: 2, replication_factor: 3}]
workloads:
  - {name: writer, kind: produce, topic: orders, rate: 1k/s}
phases:
  - {name: steady, steps: [{wait: 1s}]}
"""
HELD = SCENARIO.replace("  - name: recovery\n    steps:\n", "  - name: recovery\n    steps:\n      - {hold: middle, within: 200s}\n")


def write_scenario(folder: Path, text: str = SCENARIO) -> Path:
    path = folder / "quick.yaml"
    path.write_text(text, "utf-8")
    return path


def all_serve(cluster: Cluster) -> bool:
    """Every broker runs, unfrozen."""
    running = cluster.running()
    return len(running) == len(cluster.brokers()) and all(process_state(pid) not in ("", "T") for pid in running.values())


class Run:
    """`firedrill run`, in the background."""

    def __init__(self, binary: Path, scenario: Path | str, folder: Path, bootstrap: str, *options: str) -> None:
        self.folder = folder
        self.errors = folder.parent / f"{folder.name}.err"
        self.output = folder.parent / f"{folder.name}.out"
        where = () if "--coordinator" in options else ("--run-dir", str(folder))
        command = [str(binary), "run", str(scenario), "--bootstrap", bootstrap, *where, *options]
        with self.errors.open("wb") as errors, self.output.open("wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)

    def end(self, patience: float = A_DRILL) -> int:
        return self.process.wait(patience)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def told(self) -> str:
        return self.errors.read_text("utf-8") + self.output.read_text("utf-8")

    def report(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "report.json").read_text("utf-8")))

    def state(self) -> dict[str, Any]:
        try:
            return dict(json.loads((self.folder / "run.json").read_text("utf-8")))
        except FileNotFoundError:
            return {}

    def wait_for_task(self, task: str, *states: str) -> None:
        def reached() -> bool:
            assert self.process.poll() is None, self.told()
            return self.state().get("tasks", {}).get(task, {}).get("state") in states

        wait_for(reached, f"{task} becomes {' or '.join(states)}", A_DRILL)


def own_agent(cluster: Cluster) -> tuple[str, ...]:
    return "--services", str(cluster.agent_file), "--allow-faults", FAULTS


class Daemon:
    """`firedrill agent` or `firedrill coordinator`: started again on the same port and folder after a kill."""

    def __init__(self, binary: Path, kind: str, log: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [str(binary), kind, "--port", str(self.port), *options]
        self.log = log
        self.process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready and self.process.stdout.readline().startswith("http://"), self.log.read_text("utf-8")

    def end(self, number: int = signal.SIGKILL, patience: float = A_DRILL) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(number)
        code = self.process.wait(patience)
        assert self.process.stdout
        self.process.stdout.close()
        self.process = None
        return code

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def run(self, run: str) -> dict[str, Any]:
        try:
            status, body = self.call("GET", f"/v1/runs/{run}")
        except OSError:
            return {}
        return dict(body) if status == 200 else {}

    def wait_for_run(self, run: str, what: str, condition: Any) -> dict[str, Any]:
        return dict(wait_for(lambda: state if (state := self.run(run)) and condition(state) else None,
                             f"run {run}: {what}", A_DRILL))


def agent_of(binary: Path, cluster: Cluster, folder: Path) -> Daemon:
    return Daemon(binary, "agent", folder / "agent.log", "--config", str(cluster.agent_file), "--allow-faults", FAULTS,
                  "--state", str(folder / "agent"))


def coordinator_of(binary: Path, folder: Path, *agents: Daemon) -> Daemon:
    options = [word for agent in agents for word in ("--agent", agent.url)]
    return Daemon(binary, "coordinator", folder / "coordinator.log", "--root", str(folder / "root"), *options)


def nothing_runs_of(folder: Path) -> bool:
    """No process whose command line names the folder."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if str(folder).encode() in (entry / "cmdline").read_bytes():
                return False
        except OSError:
            continue
    return True
