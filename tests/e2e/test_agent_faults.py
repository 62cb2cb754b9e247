"""Each fault against a fake service: felt, proved, ended, and refused when it may not be."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from agent_host import AgentHost, FakeService, process_state, wait_for

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


@pytest.mark.parametrize("kind", KINDS)
def test_fault_is_felt_and_reverted_and_says_how(host: AgentHost, service: FakeService, kind: str) -> None:
    victim = service.pid()
    answer = host.fault(kind, duration_ms=300)
    assert answer.status == 201, answer.bytes
    task = answer.json["id"]
    status = host.wait_state(task, "done", "failed", "revert_failed")
    assert status["state"] == "done", status
    assert service.well()
    assert (service.pid() == victim) == (kind == "pause")
    lines = host.happenings(task)
    assert [line["state"] for line in lines] == ["injecting", "active", "reverting", "reverted"]
    assert all(line["kind"] == kind and line["fault"] == f"{kind}-it" for line in lines)
    assert all(line["target"] == "leader of orders-0" and line["host"] == "h1" for line in lines)
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    felt = f"process {victim} is stopped" if kind == "pause" else f"process {victim} ended; 127.0.0.1:{service.port} refuses"
    assert lines[1]["proof"].startswith(felt)
    assert f"process {service.pid()}" in lines[3]["proof"] and "answers ApiVersions" in lines[3]["proof"]
    assert host.journal() == []


@pytest.mark.parametrize("kind", ["kill", "stop", "pause"])
def test_active_fault_stays_until_it_is_asked_to_stop(host: AgentHost, service: FakeService, kind: str) -> None:
    victim = service.pid()
    task = host.fault(kind).json["id"]
    host.wait_state(task, "active")
    assert process_state(victim) == ("T" if kind == "pause" else "")
    assert host.journal()[0]["state"] == "active"
    assert host.call("POST", f"/v1/tasks/{task}/stop").status == 200
    assert host.wait_state(task, "done", "failed", "revert_failed")["state"] == "done"
    assert service.well()
    assert host.call("POST", f"/v1/tasks/{task}/stop").json["state"] == "done"


def test_hard_restart_does_not_wait_for_a_polite_end(host: AgentHost, service: FakeService) -> None:
    service.restart(term_delay=600)
    service_pid = service.pid()
    task = host.fault("restart", parameters={"hard": True}).json["id"]
    assert host.wait_state(task, "done", "failed")["state"] == "done"
    assert service.pid() != service_pid


def test_silence_of_the_lease_reverts_and_renewal_keeps(host: AgentHost, service: FakeService) -> None:
    task = host.fault("pause", lease_ms=1000).json["id"]
    host.wait_state(task, "active")
    assert host.call("POST", f"/v1/tasks/{task}/lease", {"lease_ms": 600_000}).status == 200
    other = host.fault("kill")
    assert other.status == 409 and task in other.what
    assert host.call("POST", f"/v1/tasks/{task}/lease", {"lease_ms": 1000}).status == 200
    assert host.wait_state(task, "done", "failed")["progress"]["reverting"] == "nobody renewed the lease"
    assert service.well()
    assert host.call("POST", f"/v1/tasks/{task}/lease", {"lease_ms": 1000}).status == 409
    assert host.call("POST", "/v1/tasks/none/lease", {"lease_ms": 1000}).status == 404
    assert "lease_ms" in host.call("POST", f"/v1/tasks/{task}/lease", {"lease_ms": 1}).what


def test_second_fault_on_a_service_is_refused_until_the_first_has_ended(host: AgentHost) -> None:
    task = host.fault("kill").json["id"]
    refused = host.fault("pause")
    assert refused.status == 409
    assert refused.what.startswith(f"broker-1 is broken by {task} (")
    host.call("POST", f"/v1/tasks/{task}/stop")
    host.wait_state(task, "done")
    assert host.fault("pause", duration_ms=1).status == 201


def test_create_is_idempotent_and_another_body_a_conflict(host: AgentHost, service: FakeService) -> None:
    spec = {"fault": "f", "service": "broker-1", "cluster_id": "c1", "duration_ms": 1, "lease_ms": 1000}
    assert host.create("t1", "kill", spec).status == 201
    again = host.create("t1", "kill", spec)
    assert again.status == 200 and again.json["id"] == "t1"
    other = host.create("t1", "kill", spec | {"duration_ms": 2})
    assert other.status == 409 and "t1" in other.what
    host.wait_state("t1", "done")
    assert host.create("t1", "kill", spec).json["state"] == "done"
    assert service.starts() == 2


def test_what_may_not_be_is_refused_and_says_why(tmp_path: Path, service: FakeService) -> None:
    host = AgentHost(tmp_path, [service], allow_faults=["kill"])
    try:
        service.start()
        host.start()
        pid = service.pid()
        assert host.fault("pause").status == 403
        assert "--allow-faults pause" in host.fault("pause").what
        assert host.fault("kill", cluster_id="").status == 403
        assert host.fault("kill", cluster_id="c2").status == 403
        assert "told cluster c1, not c2" in host.fault("kill", cluster_id="c2").what
        assert host.fault("kill", service="broker-9").status == 404
        bad = host.fault("kill", duration_ms=0, lease_ms=5, colour="red")
        assert bad.status == 400
        assert all(field in bad.what for field in ("duration_ms", "lease_ms", "colour"))
        assert host.call("POST", "/v1/tasks", b"{").status == 400
        assert host.call("GET", "/v1/tasks").json["tasks"] == []
        assert service.pid() == pid and service.well() and host.journal() == []
    finally:
        host.clean_up()


def test_agent_that_was_not_told_a_cluster_breaks_nothing(tmp_path: Path, service: FakeService) -> None:
    host = AgentHost(tmp_path, [service], cluster_id="")
    try:
        service.start()
        host.start()
        pid = service.pid()
        for cluster_id in ("", "c1"):
            refused = host.fault("kill", cluster_id=cluster_id)
            assert refused.status == 403 and "`cluster_id`" in refused.what, refused.bytes
        assert service.pid() == pid and service.well() and host.journal() == []
        assert host.call("GET", "/v1/info").json["cluster_id"] == ""
    finally:
        host.clean_up()


def test_service_that_does_not_run_cannot_be_broken(host: AgentHost, service: FakeService) -> None:
    service.kill_all()
    for kind in KINDS:
        refused = host.fault(kind)
        assert refused.status == 409 and "broker-1 does not run" in refused.what
    assert host.journal() == []


def test_pid_of_a_process_younger_than_the_pid_file_is_not_the_service(host: AgentHost, service: FakeService) -> None:
    os.utime(service.folder / "pid", (1_000_000_000, 1_000_000_000))
    refused = host.fault("kill")
    assert refused.status == 409 and "younger" in refused.what
    assert service.well()


def test_stop_that_hangs_fails_and_the_service_runs_again(host: AgentHost, service: FakeService) -> None:
    service.restart(term_delay=600)
    task = host.fault("stop").json["id"]
    status = host.wait_state(task, "failed", "done", "revert_failed")
    assert status["state"] == "failed" and "not felt within 5000 ms" in status["error"]
    assert service.well()
    assert [line["state"] for line in host.happenings(task)] == ["injecting", "failed", "reverting", "reverted"]


def test_revert_all_reverts_and_blocks_until_release(host: AgentHost, service: FakeService) -> None:
    task = host.fault("pause").json["id"]
    host.wait_state(task, "active")
    assert host.call("POST", "/v1/revert-all").json["blocked"] is True
    host.wait_state(task, "done")
    assert service.well()
    refused = host.fault("pause")
    assert refused.status == 409 and "release" in refused.what
    assert host.call("POST", "/v1/release").json["blocked"] is False
    assert host.fault("pause", duration_ms=1).status == 201


@pytest.mark.parametrize("way", ["signal", "file"])
def test_one_signal_or_one_file_reverts_everything(host: AgentHost, service: FakeService, way: str) -> None:
    task = host.fault("pause").json["id"]
    host.wait_state(task, "active")
    if way == "signal":
        os.kill(host.pid, signal.SIGUSR1)
    else:
        (host.state / "STOP").touch()
    host.wait_state(task, "done")
    assert service.well() and host.call("GET", "/v1/faults").json["blocked"] is True


def test_revert_that_fails_says_how_to_clean_up_and_is_tried_again(host: AgentHost, service: FakeService) -> None:
    service.set(broken=True)
    host.config["services"][0]["start_timeout_ms"] = 2500
    host.end(signal.SIGTERM)
    host.start()
    task = host.fault("kill", duration_ms=1).json["id"]
    status = host.wait_state(task, "revert_failed", "done")
    assert status["state"] == "revert_failed"
    assert "broken on purpose" in status["error"] and "by hand:" in status["error"] and str(service.folder) in status["error"]
    health = host.call("GET", "/v1/health").json
    assert health["status"] == "dirty" and health["dirty"][0]["service"] == "broker-1"
    assert "was left broken" in host.fault("kill").what
    assert host.call("DELETE", f"/v1/tasks/{task}").status == 409
    service.set(broken=False)
    host.call("POST", "/v1/revert-all")
    wait_for(lambda: host.call("GET", "/v1/health").json["status"] == "ok" or host.call("POST", "/v1/revert-all").status != 200,
             "clean again")
    assert service.well() and host.journal() == []
    assert [line["state"] for line in host.happenings(task)][-1] == "reverted"
