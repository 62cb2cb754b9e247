"""One node as a process, seen from its supervisor: started, signalled, reaped. Used by the supervisor's only thread."""

import os
import signal
import traceback

from firedrill.cluster_file import Node
from firedrill.pid_namespace import die_with_parent, host_pid


class NodeProcess:
    def __init__(self, node: Node) -> None:
        self.node = node
        self._pid: int | None = None  # within the namespace
        self._host_pid: int | None = None
        self._exit_status: int | None = None
        self._starts = 0

    @property
    def running(self) -> bool:
        return self._pid is not None

    def start(self) -> None:
        """Returns when the node's program runs and its pid file is written. Raises OSError if it cannot be executed."""
        assert not self.running
        failed, failing = os.pipe()  # Closed by a successful exec; else it carries the reason.
        pid = os.fork()
        if pid == 0:
            self._become_node(failing)
        os.close(failing)
        with open(failed, "rb") as pipe:
            reason = pipe.read()
        if reason:
            os.waitpid(pid, 0)
            self.node.pid_file.unlink(missing_ok=True)
            raise OSError(f"{self.node.name} did not start: {self.node.command[0]}: {reason.decode()}")
        self._pid, self._exit_status = pid, None
        self._host_pid = int(self.node.pid_file.read_text("ascii"))
        self._starts += 1

    def send(self, which: signal.Signals) -> None:
        """A frozen node does not hear TERM, so it is thawed as well."""
        if self._pid is not None:
            os.kill(self._pid, which)
            os.kill(self._pid, signal.SIGCONT)

    def reap(self) -> None:
        """Takes note of an end, if there was one."""
        if self._pid is None:
            return
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        if pid == 0:
            return
        self._pid, self._host_pid = None, None
        self._exit_status = os.waitstatus_to_exitcode(status)
        self.node.pid_file.unlink(missing_ok=True)  # Its number may soon belong to somebody else.

    def state(self) -> dict:
        return {"name": self.node.name, "node_id": self.node.node_id, "running": self.running, "pid": self._host_pid,
                "exit_status": self._exit_status, "starts": self._starts}

    def _become_node(self, failing: int) -> None:
        """In the child; never returns."""
        try:
            die_with_parent()
            os.setsid()
            signal.set_wakeup_fd(-1)
            for caught in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(caught, signal.SIG_DFL)
            os.chdir(self.node.directory)
            console = os.open(self.node.console_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(console, 1)
            os.dup2(console, 2)
            self._write_pid_file()
            os.execv(self.node.command[0], self.node.command)
        except BaseException as error:  # Nothing may escape into the supervisor's own code, of which this is a copy.
            os.write(failing, str(error).encode() or traceback.format_exc().encode())
        finally:
            os._exit(127)

    def _write_pid_file(self) -> None:
        fresh = self.node.pid_file.with_name(".pid.new")
        fresh.write_text(f"{host_pid()}\n", "ascii")
        os.replace(fresh, self.node.pid_file)
