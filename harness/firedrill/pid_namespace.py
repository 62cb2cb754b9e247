"""How the processes of a cluster are tied to the life of its supervisor, by the kernel and not by our diligence.

In a pid namespace the supervisor is process 1: when it dies, however it dies, the kernel kills everything inside. As
root the namespace is made directly, else within a user namespace of our own. Where the kernel allows neither, each
node asks for SIGKILL at the death of its parent (PR_SET_PDEATHSIG), which covers nodes but not what they would fork.
"""

import ctypes
import os
import signal

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWPID = 0x20000000
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def isolate_children() -> str:
    """From here on children of this process live in a pid namespace of their own. Answers how: `pid namespace`,
    `user namespace` or `parent death signal`."""
    if _libc.unshare(_CLONE_NEWPID) == 0:
        return "pid namespace"
    uid, gid = os.geteuid(), os.getegid()
    if _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWPID) != 0:
        return "parent death signal"
    # The same ids inside as outside, so that files and signals look as if there were no namespace.
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    return "user namespace"


def die_with_parent() -> None:
    """To be called in a child before exec. Covers the death of the *thread* that forked: fork in the main thread."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def host_pid() -> int:
    """Our pid as everybody outside sees it. We keep the /proc of the host, and its `self` answers in its own terms."""
    return int(os.readlink("/proc/self"))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
