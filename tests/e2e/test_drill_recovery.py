"""A coordinator and an agent as daemons around a real cluster; one of them is killed in the middle of a drill."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from drill import HELD, QUICK, Daemon, Run, agent_of, all_serve, coordinator_of, nothing_runs_of
from agent_host import wait_for

from firedrill.cluster import Cluster


class Fleet:
    def __init__(self, agent: Daemon, coordinator: Daemon, cluster: Cluster) -> None:
        self.agent, self.coordinator, self.cluster = agent, coordinator, cluster

    def request(self, run: str, scenario: str, **parameters: str) -> dict[str, object]:
        return {"id": run, "scenario": scenario, "bootstrap": self.cluster.bootstrap, "parameters": parameters, "seed": 7}

    def begin(self, run: str, scenario: str = HELD, **parameters: str) -> None:
        status, body = self.coordinator.call("POST", "/v1/runs", self.request(run, scenario, **parameters))
        assert status == 201, body

    def wait_for_fault(self, run: str, *states: str) -> None:
        self.coordinator.wait_for_run(run, f"the fault is {states}", lambda state: state["tasks"].get(
            "fault.break-leader", {}).get("state") in states)

    def go(self, run: str) -> None:
        status, body = self.coordinator.call("POST", f"/v1/runs/{run}/go/middle", {})
        assert status == 200, body

    def wait_for_end(self, run: str) -> dict[str, object]:
        return self.coordinator.wait_for_run(run, "it ends", lambda state: state["state"] == "done")


@pytest.fixture
def fleet(firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> Iterator[Fleet]:
    with ExitStack() as stack:
        agent = agent_of(firedrill_binary, kafka_cluster, tmp_path)
        stack.callback(lambda: agent.end(signal.SIGTERM))
        coordinator = coordinator_of(firedrill_binary, tmp_path, agent)
        stack.callback(lambda: coordinator.end(signal.SIGTERM))
        yield Fleet(agent, coordinator, kafka_cluster)


def test_coordinator_that_is_killed_in_mid_fault_goes_on_to_a_verdict(fleet: Fleet) -> None:
    fleet.begin("r1", down="8s")
    fleet.wait_for_fault("r1", "active")
    fleet.coordinator.end(signal.SIGKILL)
    fleet.coordinator.start()
    fleet.wait_for_fault("r1", "done")
    fleet.go("r1")
    run = fleet.wait_for_end("r1")
    assert (run["verdict"], run["exit_code"], run["infrastructure"]) == ("pass", 0, [])
    assert all_serve(fleet.cluster)
    # Its tasks have ended on the agent, and only once each was there.
    assert all(task["state"] == "done" for task in run["tasks"].values())  # type: ignore[attr-defined]


def test_agent_that_is_killed_makes_the_run_inconclusive_and_its_evidence_counts_when_it_is_back(fleet: Fleet) -> None:
    fleet.begin("r2", down="10m")
    fleet.wait_for_fault("r2", "active")
    fleet.agent.end(signal.SIGKILL)
    wait_for(lambda: all_serve(fleet.cluster), "the guardian starts the broker again", 60)
    fleet.coordinator.wait_for_run("r2", "the agent is lost", lambda state: state["infrastructure"])
    fleet.agent.start()
    run = fleet.wait_for_end("r2")
    assert (run["verdict"], run["exit_code"]) == ("inconclusive", 12)
    assert any("was killed while task writer ran" in reason for reason in run["infrastructure"])  # type: ignore[attr-defined]
    assert all(task["evidence_complete"] for task in run["tasks"].values())  # type: ignore[attr-defined]
    status, report = fleet.coordinator.call("GET", "/v1/runs/r2/report")
    assert status == 200 and report["books"]["acked"] >= 500 and report["books"]["lost"] == 0


def test_api_is_idempotent_and_names_mistakes(fleet: Fleet) -> None:
    fleet.begin("r3")
    assert fleet.coordinator.call("POST", "/v1/runs", fleet.request("r3", HELD))[0] == 200
    assert fleet.coordinator.call("POST", "/v1/runs", fleet.request("r3", HELD, rate="2k/s"))[0] == 409
    status, body = fleet.coordinator.call("POST", "/v1/runs", fleet.request("r4", HELD + "vaild_if: []\n"))
    assert status == 400 and "vaild_if" in body["error"]["what"], body
    assert fleet.coordinator.call("POST", "/v1/runs/r3/stop", {})[0] == 200
    assert fleet.wait_for_end("r3")["exit_code"] == 30
    assert all_serve(fleet.cluster)


def test_run_through_a_coordinator_tells_the_same(firedrill_binary: Path, fleet: Fleet, tmp_path: Path) -> None:
    run = Run(firedrill_binary, "leader-election", tmp_path / "remote", fleet.cluster.bootstrap,
              "--coordinator", fleet.coordinator.url, "--id", "r5", "--set", "how=stop", "--set", "down=4s", *QUICK)
    assert run.end() == 0, run.told()
    told = run.output.read_text("utf-8")
    assert told.startswith("PASS")
    # What was judged there is what its evidence says here.
    again = subprocess.run([firedrill_binary, "report", tmp_path / "root" / "r5"], capture_output=True, text=True, timeout=60)
    assert (again.returncode, again.stdout) == (0, told), again.stderr


def test_coordinator_that_is_told_to_stop_reverts_the_fault(fleet: Fleet, tmp_path: Path) -> None:
    fleet.begin("r6", how="pause", down="10m")
    fleet.wait_for_fault("r6", "active")
    assert fleet.coordinator.end(signal.SIGTERM) == 0
    assert all_serve(fleet.cluster)
    fleet.coordinator.start()
    fleet.go("r6")
    assert fleet.wait_for_end("r6")["exit_code"] in (0, 12)  # a frozen broker need not have lost its leadership yet
    fleet.agent.end(signal.SIGTERM)
    fleet.coordinator.end(signal.SIGTERM)
    assert nothing_runs_of(tmp_path)
