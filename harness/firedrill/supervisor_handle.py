"""The supervisor of a cluster as a process that can be waited for and, if it does not listen, killed. Always by pidfd,
and never on the word of a pid file alone: the number may belong to somebody else by now."""

import os
import select
import signal
from pathlib import Path

from firedrill.cluster_file import ClusterFile
from firedrill.errors import HarnessError
from firedrill.waiting import wait_for

END_TIMEOUT_S = 5


def open_supervisor(file: ClusterFile) -> int | None:
    """A pidfd of the supervisor of this cluster, proved by its command line; None if there is none."""
    try:
        pid = int((file.directory / "supervisor.pid").read_text("ascii"))
        supervisor = os.pidfd_open(pid)
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    if b"firedrill.supervisor" in words and os.fsencode(file.directory) in words and not _has_ended(supervisor):
        return supervisor
    os.close(supervisor)
    return None


def end_supervisor(supervisor: int) -> None:
    """Waits for its end, and brings it about if it does not come. What it supervised has ended with it."""
    try:
        wait_for(lambda: _has_ended(supervisor), END_TIMEOUT_S, "the supervisor ends")
    except HarnessError:
        signal.pidfd_send_signal(supervisor, signal.SIGKILL)  # It is frozen, say.
        wait_for(lambda: _has_ended(supervisor), END_TIMEOUT_S, "the supervisor ends after kill -9")
    finally:
        os.close(supervisor)


def _has_ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], 0)[0])
