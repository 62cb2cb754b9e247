"""Whatever happens to the harness, no process of a cluster survives it.

The supervisor does not care what its nodes are, so here they are `sleep`; test_harness_commands.py has real brokers.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from firedrill import supervisor_client
from firedrill.cluster import Cluster
from firedrill.cluster_file import ClusterFile, Node
from firedrill.waiting import wait_for

# How a cluster is held depends on what the kernel allows; each way is tried by taking the better one away.
AS_WE_ARE: list[str] = []
WITHOUT_ADMIN = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"] if os.geteuid() == 0 else []
WITHOUT_NAMESPACES = ["unshare", "--user", "--map-root-user", "sh", "-c",
                      'echo 0 >/proc/sys/user/max_pid_namespaces && exec "$@"', "sh"]


@pytest.mark.parametrize(("prefix", "isolation"), [
    (AS_WE_ARE, "pid namespace" if os.geteuid() == 0 else "user namespace"),
    (WITHOUT_ADMIN, "user namespace"),
    (WITHOUT_NAMESPACES, "parent death signal"),
])
def test_kill_9_of_the_supervisor_ends_every_node(tmp_path: Path, prefix: list[str], isolation: str) -> None:
    cluster = _supervised(tmp_path, prefix)
    assert cluster.status()["isolation"] == isolation
    alive = _processes(cluster)
    os.kill(cluster.status()["pid"], signal.SIGKILL)
    _wait_for_ends(alive)
    assert not cluster.supervised()


def test_a_cluster_ends_with_its_owner(tmp_path: Path) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as owner:
        alive = _processes(_supervised(tmp_path, owner=owner.pid))
        owner.kill()
        _wait_for_ends(alive)


def test_a_released_cluster_outlives_its_owner(tmp_path: Path) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as owner:
        cluster = _supervised(tmp_path, owner=owner.pid)
        cluster.release()
        owner.kill()
    assert cluster.status()["owned"] is False
    assert len(cluster.running()) == 2
    cluster.shutdown()


def test_a_cluster_ends_with_its_folder(tmp_path: Path) -> None:
    cluster = _supervised(tmp_path / "folder")
    alive = _processes(cluster)
    shutil.rmtree(cluster.directory)
    _wait_for_ends(alive)


def test_a_frozen_supervisor_and_a_frozen_node_end_as_well(tmp_path: Path) -> None:
    cluster = _supervised(tmp_path)
    alive = _processes(cluster)
    os.kill(cluster.running()[1], signal.SIGSTOP)
    os.kill(cluster.status()["pid"], signal.SIGSTOP)
    cluster.shutdown()
    _wait_for_ends(alive)


def test_a_frozen_node_hears_a_clean_stop(tmp_path: Path) -> None:
    cluster = _supervised(tmp_path)
    os.kill(cluster.running()[1], signal.SIGSTOP)
    cluster.stop_node(1)
    assert set(cluster.running()) == {2}
    state = next(node for node in cluster.status()["nodes"] if node["node_id"] == 1)
    assert state["exit_status"] == -signal.SIGTERM
    cluster.shutdown()


def test_a_node_started_by_somebody_who_dies_goes_on(tmp_path: Path) -> None:
    cluster = _supervised(tmp_path)
    cluster.stop_node(1, hard=True)
    assert not cluster.file.node(1).pid_file.exists()
    asked = subprocess.run(cluster.file.start_argv(cluster.file.node(1)), env={}, timeout=60, check=False)
    assert asked.returncode == 0
    pid = int(cluster.file.node(1).pid_file.read_text())
    assert cluster.running()[1] == pid
    assert Path(f"/proc/{pid}/cmdline").read_bytes() == b"/bin/sleep\x00600\x00"  # a pid of the host, though in a namespace
    cluster.shutdown()


def test_the_start_command_says_when_there_is_no_supervisor(tmp_path: Path) -> None:
    cluster = _supervised(tmp_path)
    cluster.shutdown()
    argv = cluster.file.start_argv(cluster.file.node(1))
    refused = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 20
    assert "no supervisor" in refused.stderr


def test_who_was_too_slow_to_say_what_he_wants_asks_again(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        listener.settimeout(30)

        def serve() -> None:
            listener.accept()[0].close()
            with listener.accept()[0] as connection:
                connection.recv(100)
                connection.sendall(b'{"state": "fine"}\n')

        with ThreadPoolExecutor() as pool:
            served = pool.submit(serve)
            wait_for(lambda: served.running(), 10, "it listens")
            assert supervisor_client.ask(str(tmp_path / "socket"), "status", timeout_s=30) == {"state": "fine"}
            served.result()


def test_a_program_that_cannot_be_executed_is_named(tmp_path: Path) -> None:
    cluster = _supervised(tmp_path, program="/no/such/java", start=False)
    refused = subprocess.run(cluster.file.start_argv(cluster.file.node(1)), capture_output=True, text=True, timeout=60,
                             check=False)
    assert refused.returncode == 1
    assert "broker-1 did not start" in refused.stderr and "/no/such/java" in refused.stderr
    cluster.shutdown()


def _supervised(folder: Path, prefix: list[str] = AS_WE_ARE, owner: int | None = None, program: str = "/bin/sleep",
                start: bool = True) -> Cluster:
    """A cluster of two nodes that sleep; like every test's it belongs to us if to nobody else."""
    nodes = []
    for node_id in (1, 2):
        home = folder / f"node-{node_id}"
        home.mkdir(parents=True)
        nodes.append(Node(node_id, ("broker",), "127.0.0.1", 1, 2, None, str(home), (), (program, "600")))
    file = ClusterFile(folder, "of-sleepers", "none", folder, tuple(nodes))
    file.write()
    pidfd = os.pidfd_open(os.getpid() if owner is None else owner)
    command = [*prefix, sys.executable, "-m", "firedrill.supervisor", str(folder), "--owner-fd", str(pidfd)]
    subprocess.run(command, pass_fds=[pidfd], timeout=60, check=True)
    os.close(pidfd)
    cluster = Cluster(file)
    if start:
        for node in nodes:
            cluster.start_node(node.node_id, wait=False)
    return cluster


def _processes(cluster: Cluster) -> list[int]:
    """Pidfds, taken while they live: no pid can be mistaken for another one's later."""
    processes = [os.pidfd_open(pid) for pid in (*cluster.running().values(), cluster.status()["pid"])]
    assert len(processes) == 3
    return processes


def _wait_for_ends(processes: list[int]) -> None:
    for process in processes:
        wait_for(lambda: select.select([process], [], [], 0)[0], 30, "a process of the cluster ends")
        os.close(process)
