"""`python -m firedrill cluster ...` on real brokers."""

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

QUICK = ["--config", "broker.session.timeout.ms=3000", "--config", "broker.heartbeat.interval.ms=500"]


@pytest.fixture
def folder() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="firedrill-test-"))
    yield directory
    if (directory / "cluster.json").exists():
        Cluster.open(directory).shutdown()
    shutil.rmtree(directory, ignore_errors=True)


def test_up_stop_start_and_down(folder: Path) -> None:
    up = _command("up", "--brokers", "1", "--dir", str(folder), "--json", *QUICK)
    assert json.loads(up.stdout)["bootstrap"] == Cluster.open(folder).bootstrap
    assert _command("stop-broker", "1", "--hard", "--dir", str(folder)).returncode == 0
    assert Cluster.open(folder).running() == {}
    assert _command("start-broker", "1", "--dir", str(folder)).returncode == 0
    assert set(Cluster.open(folder).running()) == {1}
    unknown = _command("stop-broker", "7", "--dir", str(folder))
    assert unknown.returncode == 20 and "no node 7" in unknown.stderr
    assert _command("down", "--keep", "--dir", str(folder)).returncode == 0
    assert "shut down completed" in (folder / "node-1" / "server.log").read_text()
    assert _command("down", "--dir", str(folder)).returncode == 0
    assert not folder.exists()


def test_kill_9_of_up_half_way_leaves_no_process_and_a_folder_that_down_removes(folder: Path) -> None:
    command = [sys.executable, "-m", "firedrill", "cluster", "up", "--brokers", "2", "--dir", str(folder)]
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL) as up:
        wait_for((folder / "cluster.json").exists, 60, "up has begun")
        cluster = Cluster.open(folder)
        wait_for(lambda: cluster.supervised() and cluster.running(), 60, "the first node was started")
        pids = [*cluster.running().values(), cluster.status()["pid"]]
        processes = [os.pidfd_open(pid) for pid in pids]
        up.kill()
        for process in processes:
            wait_for(lambda: select.select([process], [], [], 0)[0], 30, "a process of the cluster ends")
            os.close(process)
    status = json.loads(_command("status", "--dir", str(folder), "--json").stdout)
    assert status["clusters"][0]["isolation"] is None
    assert not any(node["running"] for node in status["clusters"][0]["nodes"])
    assert _command("down", "--dir", str(folder)).returncode == 0
    assert not folder.exists()


def test_up_in_the_foreground_takes_its_cluster_along(folder: Path) -> None:
    command = [sys.executable, "-m", "firedrill", "cluster", "up", "--foreground", "--json", "--brokers", "1",
               "--dir", str(folder)]
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout
        description = json.loads(up.stdout.readline())
        assert description["nodes"][0]["serves"] is True
        broker = os.pidfd_open(description["nodes"][0]["pid"])
        up.send_signal(signal.SIGINT)
        assert up.wait(timeout=60) == 0
    wait_for(lambda: select.select([broker], [], [], 0)[0], 30, "the broker ends")
    os.close(broker)
    assert not folder.exists()


def test_up_does_not_touch_a_folder_that_holds_something(folder: Path) -> None:
    (folder / "precious").write_text("data")
    refused = _command("up", "--dir", str(folder))
    assert refused.returncode == 20 and "not empty" in refused.stderr
    assert _command("down", "--dir", str(folder)).returncode == 20
    assert (folder / "precious").read_text() == "data"


def _command(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "firedrill", "cluster", *words], env=_environment(),
                          capture_output=True, text=True, timeout=240, check=False)


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "harness")}
