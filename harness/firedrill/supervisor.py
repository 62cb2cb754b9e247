"""The supervisor of one cluster: `python -m firedrill.supervisor DIR [--owner-fd N]`.

Every process of the cluster is its child and lives in its pid namespace, so the cluster ends with it, kill -9
included. It ends itself when asked to, when its owner dies (a pidfd, so no mix-up of pids) or when the folder of the
cluster is gone. It starts a node whenever somebody asks, but never on its own: a killed broker stays dead until the
drill wants it back. The program returns as soon as the supervisor listens; one thread, no request ever waits.
"""

import argparse
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path

from firedrill.cluster_file import ClusterFile, read_cluster_file
from firedrill.node_process import NodeProcess
from firedrill.pid_namespace import host_pid, isolate_children

LOOK_INTERVAL_MS = 1000  # how often it looks whether the folder is still there
REQUEST_TIMEOUT_S = 5.0  # of one who asks: nobody else is answered meanwhile
MAX_REQUEST = 1024


class Supervisor:
    def __init__(self, cluster: ClusterFile, isolation: str, owner_fd: int | None) -> None:
        self._cluster = cluster
        self._isolation = isolation
        self._owner_fd = owner_fd
        self._nodes = {str(node.node_id): NodeProcess(node) for node in cluster.nodes}
        self._listener = _listen(cluster.socket)
        self._wakeup, wakeup_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wakeup_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: self._end(f"{ending.name}"))
        self._ended = ""

    def run(self) -> str:
        """Answers why it ended. The caller exits, and the kernel takes every node along."""
        while not self._ended:
            # Made anew each time: an owner that was released and has gone would be readable for ever.
            poll = select.poll()
            for descriptor in (self._listener.fileno(), self._wakeup, self._owner_fd):
                if descriptor is not None:
                    poll.register(descriptor, select.POLLIN)
            ready = {descriptor for descriptor, _ in poll.poll(LOOK_INTERVAL_MS)}
            self._reap()
            if self._listener.fileno() in ready:
                self._serve_one()
            if self._owner_fd in ready and self._owner_fd is not None:
                self._end("the owner is gone")
            if not (self._cluster.directory / "cluster.json").exists():
                self._end("the folder is gone")
        return self._ended

    def kill_all(self) -> None:
        """Without a namespace nobody else does it; with one it is only quicker to explain."""
        for node in self._nodes.values():
            node.send(signal.SIGKILL)

    def _end(self, reason: str) -> None:
        self._ended = self._ended or reason

    def _reap(self) -> None:
        try:
            while os.read(self._wakeup, 512):
                pass
        except BlockingIOError:
            pass
        for node in self._nodes.values():
            node.reap()

    def _serve_one(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return  # It gave up meanwhile.
        with connection:
            try:
                connection.settimeout(REQUEST_TIMEOUT_S)
                answer = self._answer(_read_request(connection))
                connection.sendall(json.dumps(answer).encode() + b"\n")
            except OSError as error:
                print(f"a request failed: {error}", flush=True)

    def _answer(self, words: list[str]) -> dict:
        self._reap()
        match words:
            case ["status"]:
                return self._status()
            case ["start", node_id] if node_id in self._nodes:
                return self._start(self._nodes[node_id])
            case ["stop", node_id, "TERM" | "KILL" as name] if node_id in self._nodes:
                self._nodes[node_id].send(signal.Signals[f"SIG{name}"])
                return self._nodes[node_id].state()
            case ["release"]:
                self._owner_fd = None
                return {}
            case ["shutdown"]:
                self._end("asked to")
                return {}
        return {"error": f"not understood: {' '.join(words)!r}"}

    def _start(self, node: NodeProcess) -> dict:
        """A node that runs already is what was asked for."""
        if not node.running:
            try:
                node.start()
            except OSError as error:
                return {"error": str(error)}
        return node.state()

    def _status(self) -> dict:
        return {"pid": host_pid(), "isolation": self._isolation, "owned": self._owner_fd is not None,
                "nodes": [node.state() for node in self._nodes.values()]}


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    listener.bind(f"/proc/self/fd/{folder}/{path.name}")  # any depth of folder; see supervisor_client.ask
    os.close(folder)
    listener.listen(64)
    return listener


def _read_request(connection: socket.socket) -> list[str]:
    line = b""
    while not line.endswith(b"\n") and len(line) < MAX_REQUEST:
        more = connection.recv(MAX_REQUEST)
        if not more:
            break
        line += more
    return line.decode("ascii", "replace").split()


def _supervise(cluster: ClusterFile, isolation: str, owner_fd: int | None, started: int) -> None:
    """In the forked child: process 1 of the namespace. Never returns."""
    try:
        os.setsid()
        os.chdir("/")
        with open(cluster.directory / "supervisor.log", "ab") as log, open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        supervisor = Supervisor(cluster, isolation, owner_fd)
        (cluster.directory / "supervisor.pid").write_text(f"{host_pid()}\n", "ascii")
        os.write(started, b"listening")
        os.close(started)
        print(f"supervising by {isolation}", flush=True)
        print(f"ends: {supervisor.run()}", flush=True)
        supervisor.kill_all()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="firedrill.supervisor")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--owner-fd", type=int, help="a pidfd; the cluster ends with that process")
    parser.add_argument("--claim-fds", default="", help="descriptors to hold as long as the cluster lives: 5,6,7")
    arguments = parser.parse_args()
    cluster = read_cluster_file(arguments.directory)
    held = [int(text) for text in arguments.claim_fds.split(",") if text]
    for descriptor in held + ([arguments.owner_fd] if arguments.owner_fd is not None else []):
        os.set_inheritable(descriptor, False)  # for us, not for the nodes
    isolation = isolate_children()
    starting, started = os.pipe()
    if os.fork() == 0:
        os.close(starting)
        _supervise(cluster, isolation, arguments.owner_fd, started)
    os.close(started)
    with open(starting, "rb") as pipe:
        listening = pipe.read() == b"listening"
    return 0 if listening else 1


if __name__ == "__main__":
    sys.exit(main())
