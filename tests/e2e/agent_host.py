"""A host for tests: one `firedrill agent` with fake services, everything in one folder, nothing left afterwards."""

import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from firedrill import waiting

ROOT = Path(__file__).resolve().parents[2]
FIREDRILL = os.environ.get("FIREDRILL_BINARY", str(ROOT / "build/release/firedrill"))
PATIENCE = 60.0  # of every wait


def wait_for(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    return waiting.wait_for(condition, patience, what, 0.005)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def process_state(pid: int) -> str:
    """The letter of proc(5); "" when it is gone. A zombie is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state = text.rsplit(")", 1)[1].split()[0]
    return "" if state in "ZX" else state


class FakeService:
    def __init__(self, folder: Path, name: str, **settings: Any) -> None:
        folder.mkdir()
        self.folder, self.name, self.port = folder, name, free_port()
        self.settings = {"port": self.port, "term_delay": 0, "start_delay": 0, "broken": False}
        self.set(**settings)

    def set(self, **settings: Any) -> None:
        self.settings |= settings
        fresh = self.folder / "settings.new"
        fresh.write_text(json.dumps(self.settings), "utf-8")
        fresh.replace(self.folder / "settings.json")

    @property
    def start_argv(self) -> list[str]:
        return [sys.executable, "-I", "-S", str(Path(__file__).with_name("fake_service.py")), str(self.folder)]

    def start(self) -> None:
        subprocess.run(self.start_argv, check=True, stdin=subprocess.DEVNULL, start_new_session=True)
        wait_for(self.answers, f"{self.name} answers")

    def declaration(self) -> dict[str, Any]:
        return {"name": self.name, "node_id": 1, "start": self.start_argv, "pid_file": str(self.folder / "pid"),
                "address": f"127.0.0.1:{self.port}", "controller": False, "stop_timeout_ms": 5000, "start_timeout_ms": 30000}

    def pid(self) -> int:
        return int((self.folder / "pid").read_text("utf-8"))

    def starts(self) -> int:
        return len((self.folder / "starts").read_text("utf-8").splitlines())

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(b"\0\0\0\x0a\0\x12\0\0\0\0\0\x07\xff\xff")
                return len(connection.recv(64)) > 0
        except OSError:
            return False

    def well(self) -> bool:
        return process_state(self.pid()) not in ("", "T") and self.answers()

    def kill_all(self) -> None:
        pids = self.folder / "pids"
        for pid in pids.read_text("utf-8").split() if pids.exists() else []:
            command_line = Path(f"/proc/{pid}/cmdline")
            try:
                if str(self.folder) in command_line.read_text("utf-8"):
                    os.kill(int(pid), signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                continue
            wait_for(lambda pid=pid: not process_state(int(pid)), f"{self.name} is gone")

    def restart(self, **settings: Any) -> None:
        """By us, not by an agent: a new process with new settings."""
        self.kill_all()
        self.set(**settings)
        self.start()


class Answer:
    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.bytes = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.bytes)

    @property
    def what(self) -> str:
        return str(self.json["error"]["what"])


class AgentHost:
    def __init__(self, folder: Path, services: list[FakeService], **config: Any) -> None:
        self.folder, self.services = folder, services
        self.state = folder / "state"
        self.config = {"name": "a1", "host": "h1", "cluster_id": "c1", "allow_faults": ["kill", "stop", "pause", "restart"],
                       "services": [service.declaration() for service in services]} | config
        self.process: subprocess.Popen[str] | None = None
        self.url = ""
        self.fault_count = 0

    def command(self, *more: str) -> list[str]:
        file = self.folder / "agent.json"
        file.write_text(json.dumps(self.config), "utf-8")
        return [FIREDRILL, "agent", "--config", str(file), "--port", "0", "--state", str(self.state), *more]

    def start(self, *more: str) -> None:
        with (self.folder / "agent.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command(*more), stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready, "the agent does not come up"
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://"), self.log()

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def log(self) -> str:
        return (self.folder / "agent.log").read_text("utf-8")

    def end(self, number: int = signal.SIGKILL) -> int:
        """Sends the signal and tells the exit code."""
        assert self.process
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()
        self.process = None
        return code

    def limit_files(self, size: int) -> None:
        """A disk that takes no byte beyond `size` of any file, for the agent alone."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if size < 0 else size, hard))

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def create(self, task: str, kind: str, spec: dict[str, Any]) -> Answer:
        return self.call("POST", "/v1/tasks", {"id": task, "run": "r1", "kind": kind, "spec": spec})

    def fault(self, kind: str, **spec: Any) -> Answer:
        self.fault_count += 1
        whole = {"fault": f"{kind}-it", "service": self.services[0].name, "target": "leader of orders-0", "cluster_id": "c1",
                 "duration_ms": 600_000, "lease_ms": 600_000} | spec
        return self.create(f"r1.fault.{kind}.{self.fault_count}", kind, whole)

    def status(self, task: str) -> dict[str, Any]:
        answer = self.call("GET", f"/v1/tasks/{task}")
        assert answer.status == 200, answer.bytes
        return dict(answer.json)

    def wait_state(self, task: str, *states: str) -> dict[str, Any]:
        return dict(wait_for(lambda: status if (status := self.status(task))["state"] in states else None,
                             f"{task} becomes {' or '.join(states)}"))

    def guardian(self) -> int:
        return int(self.call("GET", "/v1/faults").json["guardian"])

    def journal(self) -> list[dict[str, Any]]:
        """What stands there now; a record may be removed while we read."""
        records = []
        for path in (self.state / "journal").glob("*.undo.json"):
            try:
                records.append(json.loads(path.read_text("utf-8")))
            except FileNotFoundError:
                continue
        return records

    def happenings(self, task: str) -> list[dict[str, Any]]:
        """The fault lines of the task's evidence, read by the binary itself from what the agent serves."""
        answer = self.call("GET", f"/v1/tasks/{task}/evidence")
        assert answer.headers["X-Firedrill-Complete"] == "true"
        file = self.folder / "pulled.fde"
        file.write_bytes(answer.bytes)
        dump = subprocess.run([FIREDRILL, "evidence", "dump", str(file)], capture_output=True, text=True, check=True)
        return [line for line in map(json.loads, dump.stdout.splitlines()) if line["event"] == "fault"]

    def clean_up(self) -> None:
        guardian = 0
        if self.process:
            try:
                guardian = self.guardian()
                self.end(signal.SIGTERM)
            finally:
                if self.process:
                    self.end()
        if guardian:
            wait_for(lambda: not process_state(guardian), "the guardian ends with its agent")
        for service in self.services:
            service.kill_all()
