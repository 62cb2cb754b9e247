"""The supervisor of a cluster as a process that can be waited for and, if it does not listen, killed. Always by pidfd,
and never on the word of a pid file alone: the number may belong to somebody else by now."""

import os
import select
import signal
from contextlib import suppress
from pathlib import Path

from firedrill.cluster_file import ClusterFile
from firedrill.errors import HarnessError
from firedrill.waiting import wait_for

END_TIMEOUT_S = 30


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


def kill_supervisor(supervisor: int) -> None:
    """What it supervises ends with it."""
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(supervisor, signal.SIGKILL)


def wait_for_end(supervisor: int) -> None:
    """After this no process of the cluster is left: process 1 of a namespace goes last. Closes the pidfd."""
    try:
        wait_for(lambda: _has_ended(supervisor), END_TIMEOUT_S, "the supervisor ends")
    finally:
        os.close(supervisor)


def _has_ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], 0)[0])
