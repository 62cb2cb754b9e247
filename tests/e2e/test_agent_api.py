"""The daemon: its configuration, its state folder, its tasks and their evidence; bad input of every kind."""

import json
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from agent_host import FIREDRILL, AgentHost, FakeService, free_port, process_state, wait_for


@pytest.fixture
def host(tmp_path: Path) -> Iterator[AgentHost]:
    host = AgentHost(tmp_path, [])
    try:
        host.start()
        yield host
    finally:
        host.clean_up()


def watch_nobody() -> dict[str, Any]:
    """A workload (observe) that goes on until it is stopped: its brokers are not there, which is a fact like any other."""
    return {"cluster": {"bootstrap": f"127.0.0.1:{free_port()}"}, "topics": ["orders"]}


def pulled(host: AgentHost, task: str, limit: int) -> bytes:
    """All the evidence, page by page."""
    whole = b""
    while True:
        page = host.call("GET", f"/v1/tasks/{task}/evidence?offset={len(whole)}&limit={limit}")
        assert page.status == 200 and len(page.bytes) <= limit
        whole += page.bytes
        if page.headers["X-Firedrill-Complete"] == "true" and len(whole) == int(page.headers["X-Firedrill-End"]):
            return whole


def test_facts_about_itself(host: AgentHost) -> None:
    info = host.call("GET", "/v1/info").json
    assert info["name"] == "a1" and info["host"] == "h1" and "produce" in info["workloads"]
    assert host.call("GET", "/v1/health").json == {"status": "ok", "dirty": []}
    version = host.call("GET", "/v1/version").json
    assert set(version) == {"role", "version", "librdkafka"} and version["role"] == "agent"
    clock = host.call("GET", "/v1/clock").json
    assert 0 < clock["t_receive"] <= clock["t_send"]
    document = host.call("GET", "/v1/openapi.json").json
    assert {"get", "post"} <= set(document["paths"]["/v1/tasks"])
    for path in document["paths"]:
        assert host.call("PUT", path.replace("{id}", "x")).status == 405


def test_unknown_paths_methods_and_garbage(host: AgentHost) -> None:
    assert host.call("GET", "/v2/tasks").status == 404
    answer = host.call("DELETE", "/v1/tasks")
    assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD, POST"
    assert host.call("POST", "/v1/tasks", b"\xff\xfe not json").status == 400
    assert host.call("POST", "/v1/tasks", b'{"id":"a","id":"b"}').status == 400
    assert host.call("POST", "/v1/tasks", b" " * (9 << 20)).status == 413
    address = host.url.removeprefix("http://").rsplit(":", 1)
    for garbage in (b"\x00" * 100 + b"\r\n\r\n", b"\x16\x03\x01\r\n\r\n", b"GET\r\n\r\n", b"POST /v1/tasks HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        with socket.create_connection((address[0], int(address[1])), 10) as connection:
            connection.sendall(garbage)
            assert connection.recv(64).startswith(b"HTTP/1.1 400 ")
    assert host.call("GET", "/v1/health").status == 200


def test_cluster_that_does_not_answer_is_named_and_no_more_than_two_are_asked_at_once(host: AgentHost) -> None:
    question = {"cluster": {"bootstrap": f"127.0.0.1:{free_port()}", "client": {}}}
    with ThreadPoolExecutor(3) as threads:
        answers = sorted(threads.map(lambda _: host.call("POST", "/v1/cluster", question), range(3)), key=lambda a: a.status)
    assert [answer.status for answer in answers] == [429, 502, 502]
    assert f"no broker answers at {question['cluster']['bootstrap']}" in answers[1].what
    assert host.call("POST", "/v1/cluster", {"cluster": {"bootstrap": "nowhere"}}).status == 400
    assert host.call("GET", "/v1/tasks").json == {"tasks": []}


def test_unknown_kinds_and_fields_are_named_with_the_nearest_right_one(host: AgentHost) -> None:
    assert "did you mean `produce`" in host.create("t", "prodcue", {}).what
    wrong = host.create("t", "produce", {"topik": "orders", "rate": "fast"})
    assert wrong.status == 400
    assert all(part in wrong.what for part in ("`topik`", "did you mean `topic`", "`rate`", "`cluster`"))
    assert host.create("../t", "observe", watch_nobody()).status == 400
    assert host.call("GET", "/v1/tasks").json == {"tasks": []}
    assert list((host.state / "tasks").iterdir()) == []


def test_web_pages_are_refused(host: AgentHost) -> None:
    request = urllib.request.Request(host.url + "/v1/revert-all", b"", {"Origin": "http://evil.example"}, method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 403
    assert host.call("GET", "/v1/faults").json["blocked"] is False


def test_workload_runs_until_it_is_stopped_and_its_evidence_comes_in_pages(host: AgentHost) -> None:
    spec = watch_nobody()
    assert host.create("w1", "observe", spec).status == 201
    assert host.create("w1", "observe", spec).status == 200
    assert host.create("w1", "observe", spec | {"topics": ["other"]}).status == 409
    wait_for(lambda: host.status("w1")["progress"].get("failed_polls"), "it tells how far it is")
    assert host.status("w1")["state"] == "running"
    running = host.call("GET", "/v1/tasks/w1/evidence")
    assert running.status == 200 and running.headers["X-Firedrill-Complete"] == "false"
    assert host.call("DELETE", "/v1/tasks/w1").status == 409
    assert host.call("POST", "/v1/tasks/w1/lease", {"lease_ms": 1000}).status == 400
    assert host.call("POST", "/v1/tasks/w1/stop").json["state"] in ("stopping", "done")
    status = host.wait_state("w1", "done", "failed")
    assert status["state"] == "done" and status["evidence_complete"], status
    whole = pulled(host, "w1", 1 << 20)
    assert whole.startswith(running.bytes) and len(whole) > len(running.bytes)
    assert len(whole) == status["evidence_bytes"] and pulled(host, "w1", 7) == whole
    end = len(whole)
    assert host.call("GET", f"/v1/tasks/w1/evidence?offset={end}").bytes == b""
    beyond = host.call("GET", f"/v1/tasks/w1/evidence?offset={end + 1}")
    assert beyond.status == 416 and str(end) in beyond.what
    assert host.call("GET", "/v1/tasks/w1/evidence?offset=-1").status == 400
    assert host.call("GET", "/v1/tasks/none/evidence").status == 404
    assert [task["id"] for task in host.call("GET", "/v1/tasks?run=r1").json["tasks"]] == ["w1"]
    assert host.call("GET", "/v1/tasks?run=r2").json["tasks"] == []
    assert host.call("DELETE", "/v1/tasks/w1").status == 200
    assert host.call("GET", "/v1/tasks/w1").status == 404 and host.call("DELETE", "/v1/tasks/w1").status == 404


def test_workloads_of_a_killed_agent_are_lost_and_their_evidence_counts(host: AgentHost) -> None:
    host.create("w1", "observe", watch_nobody())
    host.call("POST", "/v1/tasks/w1/stop")
    host.wait_state("w1", "done")
    whole = pulled(host, "w1", 4096)
    spec = watch_nobody()
    host.create("w2", "observe", spec)
    host.end(signal.SIGKILL)
    # As a workload leaves it that was killed in the middle of a write: whole frames and the beginning of one.
    frames = whole[8:]
    (host.state / "tasks" / "w2" / "evidence.fde").write_bytes(whole[:8] + frames + frames[:-1])
    host.start()
    status = host.status("w2")
    assert status["state"] == "lost" and "killed" in status["error"] and status["evidence_complete"]
    assert pulled(host, "w2", 4096) == whole
    assert host.status("w1")["state"] == "done"
    assert host.create("w2", "observe", spec).json["state"] == "lost"
    assert host.create("w2", "observe", watch_nobody()).status == 409
    assert host.call("DELETE", "/v1/tasks/w2").status == 200


def test_ended_tasks_are_the_same_after_a_restart(host: AgentHost) -> None:
    host.create("w1", "observe", watch_nobody())
    host.call("POST", "/v1/tasks/w1/stop")
    before = host.wait_state("w1", "done")
    assert host.end(signal.SIGTERM) == 0
    host.start()
    assert host.status("w1") == before


def test_polite_end_stops_workloads(host: AgentHost) -> None:
    host.create("w1", "observe", watch_nobody())
    assert host.end(signal.SIGTERM) == 0
    host.start()
    assert host.status("w1")["state"] == "done"


def test_full_disk_fails_the_workload_and_keeps_what_was_there(host: AgentHost) -> None:
    host.create("w1", "observe", watch_nobody())
    before = host.call("GET", "/v1/tasks/w1/evidence").bytes
    host.limit_files(0)
    host.call("POST", "/v1/tasks/w1/stop")
    status = host.wait_state("w1", "failed", "done")
    assert status["state"] == "failed" and "File too large" in status["error"]
    assert pulled(host, "w1", 1 << 20).startswith(before)
    refused = host.create("w2", "observe", watch_nobody())
    assert refused.status == 500 and "File too large" in refused.what
    assert host.call("GET", "/v1/tasks/w2").status == 404


def test_second_agent_on_the_same_state_folder_is_refused(host: AgentHost) -> None:
    second = subprocess.run(host.command(), capture_output=True, text=True, timeout=30)
    assert second.returncode == 20
    assert second.stderr.splitlines()[-1] == f"firedrill: {host.state} is in use by another agent"
    assert host.call("GET", "/v1/health").status == 200


def test_taken_port_is_one_clear_line(host: AgentHost, tmp_path: Path) -> None:
    port = host.url.rsplit(":", 1)[1]
    second = subprocess.run([FIREDRILL, "agent", "--port", port, "--state", str(tmp_path / "other")], capture_output=True,
                            text=True, timeout=30)
    assert second.returncode == 20
    assert second.stderr == f"firedrill: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_mistakes_in_the_configuration_are_named_all_at_once(tmp_path: Path) -> None:
    service = FakeService(tmp_path / "s", "s").declaration()
    config = {"service": [], "allow_faults": ["kil"],
              "services": [service, service | {"address": "nowhere", "start": [], "pid_file": "pid", "stop_timeout_ms": "1s"}]}
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(config), "utf-8")
    command = [FIREDRILL, "agent", "--port", "0", "--state", str(tmp_path / "st"), "--config"]
    ended = subprocess.run([*command, str(file)], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    for part in (str(file), "`service`", "did you mean `services`", "did you mean `kill`", "services[1].name", "services[1].address",
                 "services[1].start", "services[1].pid_file", "services[1].stop_timeout_ms"):
        assert part in ended.stderr
    assert ended.stderr.count("\n") == 1
    missing = subprocess.run([*command, "/nowhere.json"], capture_output=True, text=True, timeout=30)
    assert missing.returncode == 2 and "/nowhere.json" in missing.stderr
    wrong = subprocess.run([*command, str(file), "--allow-faults", "kill,frob"], capture_output=True, text=True, timeout=30)
    assert wrong.returncode == 2
    assert not (tmp_path / "st").exists()


def test_nothing_is_allowed_unless_told(tmp_path: Path) -> None:
    service = FakeService(tmp_path / "s", "s")
    host = AgentHost(tmp_path, [service])
    del host.config["allow_faults"]
    try:
        service.start()
        host.start()
        assert host.fault("kill").status == 403
        host.end(signal.SIGTERM)
        host.start("--allow-faults", "kill,pause")
        assert host.fault("stop").status == 403
        assert host.fault("pause", duration_ms=1).status == 201
    finally:
        host.clean_up()


def test_idle_agent_is_small_and_has_no_child(host: AgentHost) -> None:
    status = Path(f"/proc/{host.pid}/status").read_text("utf-8")
    resident_kib = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    assert resident_kib < 15 * 1024
    children = Path(f"/proc/{host.pid}/task/{host.pid}/children").read_text("utf-8").split()
    assert [pid for pid in children if process_state(int(pid))] == []
