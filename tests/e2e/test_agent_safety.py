"""Nothing is left behind: agent and guardian killed at every stage, leases and disks that fail, restarts."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from agent_host import FIREDRILL, AgentHost, FakeService, process_state, wait_for

KINDS = ["kill", "stop", "pause", "restart"]


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


def journal_state(host: AgentHost) -> str:
    records = host.journal()
    return str(records[0]["state"]) if records else ""


def reach(host: AgentHost, service: FakeService, kind: str, stage: str) -> str:
    """A fault of that kind, seen in that stage; the service is made slow where the stage is short."""
    if stage == "injecting" and kind in ("stop", "restart"):
        service.restart(term_delay=1.5)
    if stage == "reverting":
        service.set(start_delay=1.5)
    task = str(host.fault(kind, duration_ms=1 if stage == "reverting" else 600_000).json["id"])
    wait_for(lambda: journal_state(host) == stage, f"{kind} is {stage}")
    return task


# A stage that lasts no time cannot be met from outside: kill is felt within a ms, restart is active for none, and a thawed
# service answers at once. What such a moment leaves on disk is planted in test_record_of_any_moment_is_reverted.
STAGES = [("kill", "active"), ("kill", "reverting"), ("stop", "injecting"), ("stop", "active"), ("stop", "reverting"),
          ("pause", "injecting"), ("pause", "active"), ("restart", "injecting"), ("restart", "reverting")]


def test_agent_that_hangs_beyond_the_end_of_a_fault_is_killed_by_its_guardian(host: AgentHost, service: FakeService) -> None:
    task = str(host.fault("pause", duration_ms=1_000).json["id"])
    host.wait_state(task, "active")
    os.kill(host.pid, signal.SIGSTOP)
    wait_for(service.well, "the service runs again, unfrozen", 30)
    host.end(signal.SIGKILL)
    host.start()
    assert host.status(task)["state"] == "lost" and not host.journal()


@pytest.mark.parametrize("kind,stage", STAGES)
def test_agent_killed_at_any_stage_leaves_a_service_that_runs(host: AgentHost, service: FakeService, kind: str, stage: str) -> None:
    task = reach(host, service, kind, stage)
    guardian = host.guardian()
    host.end(signal.SIGKILL)
    wait_for(service.well, "the service runs again, unfrozen")
    wait_for(lambda: not process_state(guardian), "the guardian ends when its work is done")
    assert journal_state(host) == "reverted"
    starts = service.starts()

    host.start()
    assert service.well() and service.starts() == starts
    status = host.status(task)
    assert status["state"] == "lost" and status["evidence_complete"] is True
    states = [line["state"] for line in host.happenings(task)]
    # The record comes first: an agent that dies right after it has not told anybody that it was injecting.
    assert states[-2:] == ["reverting", "reverted"]
    assert states[0] == "injecting" or stage == "injecting"
    assert host.journal() == []
    assert host.fault("pause", duration_ms=1).status == 201


@pytest.mark.parametrize("kind,stage", STAGES)
def test_agent_and_guardian_killed_together_are_made_good_by_the_next_start(host: AgentHost, service: FakeService, kind: str, stage: str) -> None:
    task = reach(host, service, kind, stage)
    os.kill(host.guardian(), signal.SIGKILL)
    host.end(signal.SIGKILL)
    host.start()
    assert service.well(), "reverted before the port opened"
    assert host.status(task)["state"] == "lost"
    assert [line["state"] for line in host.happenings(task)][-1] == "reverted"
    assert host.journal() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["planned", "injecting", "active", "reverting", "revert_failed"])
@pytest.mark.parametrize("done", [False, True])
def test_record_of_any_moment_is_reverted(tmp_path: Path, service: FakeService, kind: str, state: str, done: bool) -> None:
    """Also the moments between the record and its signal (done False), and between the signal and the next record."""
    host = AgentHost(tmp_path, [service])
    try:
        service.start()
        victim = service.pid()
        stat = Path(f"/proc/{victim}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
        number = {"kill": signal.SIGKILL, "stop": signal.SIGTERM, "pause": signal.SIGSTOP, "restart": signal.SIGTERM}[kind]
        undo = {"service": service.declaration(), "signal": int(number),
                "victim": {"pid": victim, "start_time": int(stat[19]),
                           "boot_id": Path("/proc/sys/kernel/random/boot_id").read_text("utf-8").strip()}}
        record = {"format": 1, "task": "t", "run": "r", "fault": "f", "kind": kind, "target": "", "service": "broker-1",
                  "state": state, "proof": "", "reverting_at": 0, "ended_at": 0, "undo": undo}
        (host.state / "journal").mkdir(parents=True)
        (host.state / "journal" / "t.undo.json").write_text(json.dumps(record), "utf-8")
        if done and state != "planned":
            os.kill(victim, number)
            wait_for(lambda: process_state(victim) in ("", "T"), "the signal bites")
        host.start()
        assert service.well()
        assert host.journal() == []
        if state == "planned" or kind == "pause":
            assert service.pid() == victim
    finally:
        host.clean_up()


def test_pid_that_was_given_to_another_process_is_left_alone(tmp_path: Path, service: FakeService) -> None:
    host = AgentHost(tmp_path, [service])
    with subprocess.Popen(["sleep", "600"]) as stranger:
        try:
            service.start()
            undo = {"service": service.declaration(), "signal": 9,
                    "victim": {"pid": stranger.pid, "start_time": 1, "boot_id": "of an earlier boot"}}
            record = {"format": 1, "task": "t", "run": "r", "fault": "f", "kind": "kill", "target": "", "service": "broker-1",
                      "state": "injecting", "proof": "", "reverting_at": 0, "ended_at": 0, "undo": undo}
            (host.state / "journal").mkdir(parents=True)
            (host.state / "journal" / "t.undo.json").write_text(json.dumps(record), "utf-8")
            host.start()
            assert stranger.poll() is None and host.journal() == [] and service.starts() == 1
        finally:
            stranger.kill()
            host.clean_up()


def test_guardian_that_is_killed_is_replaced_and_the_new_one_guards(host: AgentHost, service: FakeService) -> None:
    task = host.fault("pause").json["id"]
    host.wait_state(task, "active")
    first = host.guardian()
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: pid if (pid := host.guardian()) not in (0, first) and process_state(pid) else 0, "another guardian")
    assert host.status(task)["state"] == "active"
    host.end(signal.SIGKILL)
    wait_for(service.well, "the service is thawed")
    wait_for(lambda: not process_state(second), "the second guardian ends")


def test_guardian_survives_a_polite_signal(host: AgentHost, service: FakeService) -> None:
    task = host.fault("pause").json["id"]
    host.wait_state(task, "active")
    guardian = host.guardian()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(guardian, number)
    host.end(signal.SIGKILL)
    wait_for(service.well, "the service is thawed")
    wait_for(lambda: not process_state(guardian), "the guardian ends")


def test_new_agent_waits_while_the_guardian_of_the_old_one_reverts(host: AgentHost, service: FakeService) -> None:
    task = reach(host, service, "kill", "active")
    service.set(start_delay=1.5)
    starts = service.starts()
    host.end(signal.SIGKILL)
    wait_for(lambda: service.starts() > starts, "the guardian starts the service")
    host.start()
    assert service.well() and service.starts() == starts + 1
    assert host.status(task)["state"] == "lost"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_polite_end_reverts_and_leaves_no_process(host: AgentHost, service: FakeService, number: int) -> None:
    task = host.fault("pause").json["id"]
    host.wait_state(task, "active")
    guardian = host.guardian()
    assert host.end(number) == 0
    assert service.well() and host.journal() == []
    wait_for(lambda: not process_state(guardian), "the guardian is gone")
    host.start()
    assert host.status(task)["state"] == "done"


def test_journal_that_cannot_be_written_refuses_the_fault(host: AgentHost, service: FakeService) -> None:
    host.fault("pause", duration_ms=1)
    wait_for(lambda: not host.journal(), "the first is over")
    pid = service.pid()
    host.limit_files(0)
    refused = host.fault("kill")
    assert refused.status == 500 and "File too large" in refused.what
    assert service.pid() == pid and service.well() and host.journal() == []
    host.limit_files(-1)
    assert host.fault("pause", duration_ms=1).status == 201


def test_disk_that_fills_up_during_a_fault_keeps_nobody_from_reverting(host: AgentHost, service: FakeService) -> None:
    task = host.fault("kill").json["id"]
    host.wait_state(task, "active")
    host.limit_files(0)
    host.call("POST", f"/v1/tasks/{task}/stop")
    status = host.wait_state(task, "done", "failed", "revert_failed")
    assert service.well()
    assert status["state"] == "failed" and "evidence" in status["error"], "what was not written down is not called done"
    host.end(signal.SIGKILL)
    host.start()
    assert [line["state"] for line in host.happenings(task)] == ["injecting", "active", "reverting", "reverted"]
    assert host.journal() == [] and service.starts() == 2


def test_record_that_nobody_can_read_is_not_guessed(tmp_path: Path, service: FakeService) -> None:
    host = AgentHost(tmp_path, [service])
    (host.state / "journal").mkdir(parents=True)
    (host.state / "journal" / "t.undo.json").write_text("{}", "utf-8")
    ended = subprocess.run(host.command(), capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2 and "t.undo.json is no undo record" in ended.stderr


def test_sweep_by_hand_lists_and_reverts(host: AgentHost, service: FakeService) -> None:
    task = reach(host, service, "pause", "active")
    sweep = [FIREDRILL, "agent", "sweep", "--state", str(host.state)]
    busy = subprocess.run(sweep, capture_output=True, text=True, timeout=30)
    assert busy.returncode == 2 and "revert-all" in busy.stderr
    guardian = host.guardian()
    os.kill(host.pid, signal.SIGSTOP)  # it would take another guardian in the moment between the two
    os.kill(guardian, signal.SIGKILL)
    host.end(signal.SIGKILL)
    listed = subprocess.run([*sweep, "--dry-run"], capture_output=True, text=True, timeout=30)
    assert listed.returncode == 21 and task in listed.stdout and "active" in listed.stdout
    assert process_state(service.pid()) == "T"
    swept = subprocess.run(sweep, capture_output=True, text=True, timeout=30)
    assert swept.returncode == 0 and "reverted" in swept.stdout
    assert service.well()
