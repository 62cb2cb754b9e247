"""Whatever happens to the harness, no process of a cluster survives it."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from firedrill.cluster import Cluster
from firedrill.waiting import wait_for

# How a cluster is held depends on what the kernel allows; each way is tried by taking the better one away.
HELD_BY = {
    "as we are": [],
    "user namespace": ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"] if os.geteuid() == 0 else [],
    "parent death signal": ["unshare", "--user", "--map-root-user", "sh", "-c",
                            'echo 0 >/proc/sys/user/max_pid_namespaces && exec "$@"', "sh"],
}


@pytest.fixture
def folder() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="firedrill-test-"))
    yield directory
    if (directory / "cluster.json").exists():
        Cluster.open(directory).shutdown()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.parametrize("way", HELD_BY)
def test_kill_9_of_the_supervisor_ends_every_node(folder: Path, way: str) -> None:
    _up(folder, HELD_BY[way])
    cluster = Cluster.open(folder)
    status = cluster.status()
    assert status["isolation"] == ("pid namespace" if os.geteuid() == 0 else "user namespace") if way == "as we are" else way
    alive = _processes(cluster)
    os.kill(status["pid"], signal.SIGKILL)
    _wait_for_ends(alive)


def test_kill_9_of_the_program_that_started_a_cluster_ends_every_node(folder: Path) -> None:
    program = "import sys; from pathlib import Path; from firedrill.cluster import *\n" \
              "Cluster.start(Path(sys.argv[1]), ClusterPlan(brokers=1)); print('ready', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=_environment(), text=True) as owner:
        assert owner.stdout and owner.stdout.readline() == "ready\n"
        alive = _processes(Cluster.open(folder))
        owner.kill()
        _wait_for_ends(alive)


def test_kill_9_of_up_half_way_leaves_no_process_and_a_folder_that_down_removes(folder: Path) -> None:
    command = [sys.executable, "-m", "firedrill", "cluster", "up", "--brokers", "3", "--dir", str(folder)]
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL) as up:
        wait_for((folder / "cluster.json").exists, 30, "up has begun")
        cluster = Cluster.open(folder)
        wait_for(lambda: cluster.supervised() and cluster.running(), 30, "the first node was started")
        alive = _processes(cluster)
        up.kill()
        _wait_for_ends(alive)
    status = _command("status", "--dir", str(folder), "--json")
    assert json.loads(status.stdout)["clusters"][0]["supervised"] is False
    assert _command("down", "--dir", str(folder)).returncode == 0
    assert not folder.exists()


def test_a_cluster_ends_with_the_process_that_up_was_told_of(folder: Path) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as script:
        _up(folder, [], "--owner-pid", str(script.pid))
        alive = _processes(Cluster.open(folder))
        script.kill()
        _wait_for_ends(alive)


def test_a_cluster_ends_with_its_folder(folder: Path) -> None:
    _up(folder, [])
    alive = _processes(Cluster.open(folder))
    shutil.rmtree(folder, ignore_errors=True)
    _wait_for_ends(alive)


def test_down_ends_a_cluster_whose_supervisor_is_frozen(folder: Path) -> None:
    _up(folder, [])
    cluster = Cluster.open(folder)
    alive = _processes(cluster)
    os.kill(cluster.status()["pid"], signal.SIGSTOP)
    assert _command("down", "--dir", str(folder)).returncode == 0
    _wait_for_ends(alive)


def test_stop_start_and_down_by_command(folder: Path) -> None:
    up = _up(folder, [], "--json")
    assert json.loads(up.stdout)["bootstrap"] == Cluster.open(folder).bootstrap
    assert _command("stop-broker", "1", "--hard", "--dir", str(folder)).returncode == 0
    assert Cluster.open(folder).running() == {}
    assert _command("start-broker", "1", "--dir", str(folder)).returncode == 0
    assert set(Cluster.open(folder).running()) == {1}
    assert _command("stop-broker", "7", "--dir", str(folder)).returncode == 20
    assert _command("down", "--keep", "--dir", str(folder)).returncode == 0
    assert "shut down completed" in (folder / "node-1" / "server.log").read_text()
    assert _command("down", "--dir", str(folder)).returncode == 0
    assert not folder.exists()


def _up(folder: Path, prefix: list[str], *options: str) -> "subprocess.CompletedProcess[str]":
    command = [*prefix, sys.executable, "-m", "firedrill", "cluster", "up", "--brokers", "1", "--dir", str(folder), *options]
    command += ["--config", "broker.session.timeout.ms=3000", "--config", "broker.heartbeat.interval.ms=500"]
    return subprocess.run(command, env=_environment(), capture_output=True, text=True, timeout=150, check=True)


def _command(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "firedrill", "cluster", *words], env=_environment(),
                          capture_output=True, text=True, timeout=120, check=False)


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "harness")}


def _processes(cluster: Cluster) -> list[int]:
    """Pidfds, taken while they live: no pid can be mistaken for another one's later."""
    return [os.pidfd_open(pid) for pid in (*cluster.running().values(), cluster.status()["pid"])]


def _wait_for_ends(processes: list[int]) -> None:
    assert len(processes) >= 2
    for process in processes:
        wait_for(lambda: select.select([process], [], [], 0)[0], 15, "a process of the cluster ends")
        os.close(process)
