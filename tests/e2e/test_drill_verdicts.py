"""Whole drills on a real cluster in one process, and what `firedrill run` says when it cannot begin."""

import signal
import subprocess
import time
from pathlib import Path

from drill import NO_FAULT, QUICK, SCENARIO, Run, all_serve, nothing_runs_of, own_agent, write_scenario
from agent_host import wait_for

from firedrill.cluster import Cluster


def test_leader_election_passes_and_can_be_told_again(firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    options = (*own_agent(kafka_cluster), "--set", "down=6s", *QUICK)

    def drill(*more: str) -> Run:
        return Run(firedrill_binary, "leader-election", tmp_path / "run", kafka_cluster.bootstrap, *options, *more)

    run = drill()
    assert run.end() == 0, run.told()
    report = run.report()
    assert report["verdict"] == "pass" and report["books"]["balanced"]
    assert report["books"]["acked"] > 2000
    assert {one["against"]: one["outcome"] for one in report["promises"]}["loss"] == "kept"
    series = report["series"]
    assert abs(sum(series["acked_per_s"]) - report["books"]["acked"]) < 1 and series["step_ns"] == 1_000_000_000
    assert all(len(values) == len(series["lag"]) for name, values in series.items() if not name.endswith("_ns") or "p99" in name)
    assert all_serve(kafka_cluster)
    assert nothing_runs_of(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["run", "run.err", "run.out"]

    for command in ("report", "judge"):
        again = subprocess.run([firedrill_binary, command, run.folder], capture_output=True, text=True, timeout=60)
        assert again.returncode == 0, again.stdout + again.stderr
    # The same request again is the same run: told, not repeated. Another one under its id is refused.
    assert drill().end(30) == 0
    other = drill("--seed", "99")
    assert other.end(30) == 2
    assert "exists with another request" in other.told()


def test_rolling_restart_passes(firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    run = Run(firedrill_binary, "rolling-restart", tmp_path / "run", kafka_cluster.bootstrap, *own_agent(kafka_cluster),
              *QUICK, "--quiet", "--json")
    assert run.end(400) == 0, run.told()
    assert len(run.report()["faults"]) == 3
    assert all_serve(kafka_cluster)


def test_fault_that_is_not_allowed_is_exit_2_before_anything_runs(
        firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    scenario = write_scenario(tmp_path)
    running = kafka_cluster.running()
    run = Run(firedrill_binary, scenario, tmp_path / "run", kafka_cluster.bootstrap,
              "--services", str(kafka_cluster.agent_file), "--allow-faults", "pause")
    assert run.end(30) == 2
    assert f"{scenario}:15:37: the fault `kill` is not allowed" in run.told() and "--allow-faults" in run.told()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["quick.yaml", "run.err", "run.out"]
    assert kafka_cluster.running() == running and nothing_runs_of(tmp_path)


def test_run_that_tested_nothing_is_inconclusive_and_says_why(
        firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    # A pause shorter than the session moves no leader, and this reader waits for more than there will ever be.
    starved = "group: readers, properties: {fetch.min.bytes: 100000000, fetch.wait.max.ms: 50000}}"
    text = SCENARIO.replace("group: readers}", starved).replace("drain: {within: 60s}", "drain: {within: 3s}")
    run = Run(firedrill_binary, write_scenario(tmp_path, text), tmp_path / "run", kafka_cluster.bootstrap,
              *own_agent(kafka_cluster), "--set", "how=pause", "--set", "down=1s")
    assert run.end() == 12, run.told()
    reasons = " ".join(run.report()["reasons"])
    assert "leader_elections >= 1" in reasons and "did not reach the end" in reasons, reasons
    assert run.report()["books"]["unread"] == 0 and not run.report()["findings"]
    assert all_serve(kafka_cluster)


def test_control_c_reverts_the_fault_and_judges_what_there_is(
        firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    run = Run(firedrill_binary, write_scenario(tmp_path), tmp_path / "run", kafka_cluster.bootstrap,
              *own_agent(kafka_cluster), "--set", "down=10m")
    run.wait_for_task("fault.break-leader", "active")
    run.signal(signal.SIGINT)
    assert run.end() == 30, run.told()
    assert all_serve(kafka_cluster)
    report = run.report()
    assert report["verdict"] == "aborted" and report["books"]["acked"] >= 500 and report["books"]["balanced"]


def test_killed_run_leaves_every_broker_running_and_can_be_continued(
        firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    scenario = write_scenario(tmp_path)
    options = [*own_agent(kafka_cluster), "--set", "down=10m", "--set", "how=pause", "--seed", "7"]
    run = Run(firedrill_binary, scenario, tmp_path / "run", kafka_cluster.bootstrap, *options)
    run.wait_for_task("fault.break-leader", "active")
    run.signal(signal.SIGKILL)
    run.end()
    wait_for(lambda: all_serve(kafka_cluster), "the guardian thaws the broker", 30)
    again = Run(firedrill_binary, scenario, tmp_path / "run", kafka_cluster.bootstrap, *options)
    assert again.end() == 12, again.told()
    assert "was killed while task writer ran" in again.told()
    assert again.report()["books"]["acked"] >= 500


def test_scenario_with_mistakes_is_exit_2_with_file_and_line(firedrill_binary: Path, tmp_path: Path) -> None:
    scenario = write_scenario(tmp_path, SCENARIO.replace("kind: produce", "kind: prduce").replace("expect:", "expectt:"))
    run = Run(firedrill_binary, scenario, tmp_path / "run", "127.0.0.1:1")
    assert run.end(10) == 2
    told = run.told()
    assert f"{scenario}:6:" in told and "did you mean `produce`?" in told
    assert f"{scenario}:21:" in told and "did you mean `expect`?" in told
    assert not run.folder.exists()


def test_no_broker_at_the_address_is_exit_20_and_named(firedrill_binary: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    run = Run(firedrill_binary, write_scenario(tmp_path, NO_FAULT), tmp_path / "run", "127.0.0.1:1", "--quiet")
    code = run.end(60)
    assert code == 20 and "127.0.0.1:1" in run.told(), run.told()
    assert time.monotonic() - began < 15
    assert nothing_runs_of(tmp_path)
