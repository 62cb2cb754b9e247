"""`firedrill fault`: one fault by hand, seen and reverted; what it refuses, it refuses before anything is done."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from agent_host import FIREDRILL, AgentHost, FakeService


@pytest.fixture
def service(tmp_path: Path) -> FakeService:
    return FakeService(tmp_path / "broker-1", "broker-1")


@pytest.fixture
def host(tmp_path: Path, service: FakeService) -> Iterator[AgentHost]:
    host = AgentHost(tmp_path, [service])
    try:
        service.start()
        host.start()
        yield host
    finally:
        host.clean_up()


def fault(host: AgentHost, *words: str) -> subprocess.CompletedProcess[str]:
    of_agent = [] if words[0] == "kinds" else ["--agent", host.url]
    return subprocess.run([FIREDRILL, "fault", *words, *of_agent], capture_output=True, text=True, timeout=60, check=False)


def test_fault_by_hand_is_felt_listed_and_reverted(host: AgentHost, service: FakeService) -> None:
    injected = fault(host, "inject", "pause", "--service", "broker-1", "--for", "10m")
    assert injected.returncode == 0, injected
    assert injected.stdout.startswith("active ") and "is stopped" in injected.stdout
    task = injected.stdout.split()[1].rstrip(":")
    assert f"firedrill fault revert {task}" in injected.stdout
    assert not service.well()
    listed = fault(host, "list").stdout
    assert "broken" in listed and "broker-1" in listed and task in listed
    reverted = fault(host, "revert", task)
    assert reverted.returncode == 0 and reverted.stdout.startswith(f"reverted      {task}: "), reverted
    assert service.well() and "nothing is broken" in fault(host, "list").stdout


def test_plan_of_a_fault_is_printed_and_nothing_is_done(host: AgentHost, service: FakeService) -> None:
    planned = fault(host, "inject", "kill", "--service", "broker-1", "--for", "5s", "--dry-run")
    assert planned.returncode == 0
    assert planned.stdout.startswith("kill -KILL ") and "afterwards: " in planned.stdout
    assert service.well() and not host.journal()


def test_revert_all_blocks_new_faults_until_they_are_released(host: AgentHost, service: FakeService) -> None:
    assert fault(host, "inject", "pause", "--service", "broker-1", "--for", "10m").returncode == 0
    everything = fault(host, "revert", "--all")
    assert everything.returncode == 0 and "blocked" in everything.stdout, everything
    assert service.well()
    refused = fault(host, "inject", "pause", "--service", "broker-1", "--for", "10m")
    assert refused.returncode == 2 and "faults are blocked" in refused.stderr
    assert "blocked" in fault(host, "list").stdout
    assert fault(host, "release").returncode == 0
    assert fault(host, "inject", "restart", "--service", "broker-1", "--for", "1m", "--set", "hard=true").returncode == 0


@pytest.mark.parametrize("words,code,what", [
    (["pause", "--service", "broker-1"], 1, "--for is required"),
    (["pause", "--service", "broker-1", "--for", "5"], 1, "`5` is not one of the forms"),
    (["puase", "--service", "broker-1", "--for", "5s"], 1, "did you mean `pause`?"),
    (["pause", "--for", "5s"], 1, "--service says what is to be broken"),
    (["pause", "--service", "broker-1", "--for", "5s", "--set", "hard=true"], 1, "field `--set hard` is unknown to the fault `pause`"),
    (["restart", "--service", "broker-1", "--for", "5s", "--set", "hard=yes"], 1, "must be true or false, not `yes`"),
    (["pause", "--service", "broker-9", "--for", "5s"], 2, "this agent declares no service broker-9"),
    (["pause", "--service", "broker-1", "--for", "2h"], 2, "`duration_ms`"),
    (["pause", "--service", "broker-1", "--for", "5s", "--cluster-id", "other"], 2, "this agent was told cluster c1, not other"),
])
def test_mistakes_are_refused_before_anything_is_done(host: AgentHost, service: FakeService, words: list[str], code: int, what: str) -> None:
    refused = fault(host, "inject", *words)
    assert refused.returncode == code and what in refused.stderr, refused
    assert len(refused.stderr.splitlines()) <= 2
    assert service.well() and not host.journal()


def test_kinds_are_listed_with_their_parameters(host: AgentHost) -> None:
    assert "  restart" in fault(host, "kinds").stdout
    assert "--set hard=" in fault(host, "kinds", "restart").stdout
    assert fault(host, "kinds", "earthquake").returncode == 1
