"""What is wrong with a request is told before anything runs: exit 2, one line a mistake, where it is and what is right."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from drill import NO_FAULT, SCENARIO, Daemon, Run, coordinator_of, own_agent, write_scenario

from firedrill.cluster import Cluster

NOWHERE = "127.0.0.1:1"


def firedrill(binary: Path, folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run([binary, *words], cwd=folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr + done.stdout


def nothing_but(folder: Path, *names: str) -> bool:
    return sorted(entry.name for entry in folder.iterdir()) == sorted(names)


@pytest.mark.parametrize("bootstrap", ["", "localhost", "127.0.0.1:99999", "127.0.0.1:1, 127.0.0.1:2", "::1:9092"])
def test_bootstrap_that_is_no_address_is_named_with_the_form(firedrill_binary: Path, tmp_path: Path, bootstrap: str) -> None:
    write_scenario(tmp_path, NO_FAULT)
    code, told = firedrill(firedrill_binary, tmp_path, "run", "quick.yaml", "--bootstrap", bootstrap)
    assert code == 2 and told.count("\n") == 1, told
    assert told.startswith("firedrill: --bootstrap must be host:port,host:port") and "[::1]:9092" in told
    assert nothing_but(tmp_path, "quick.yaml")


@pytest.mark.parametrize(("options", "told_of"), [
    (("--seed", "-1"), "--seed must be a whole number from 0 to 2^64 - 1, not `-1`"),
    (("--set", "rate=1k/s", "--set", "rate=2k/s"), "--set gives `rate` twice"),
    (("--set", "rate=0/s"), "quick.yaml:6:56: `rate` must be more than 0/s"),
], ids=["seed", "set", "rate"])
def test_wrong_option_is_named(firedrill_binary: Path, tmp_path: Path, options: tuple[str, ...], told_of: str) -> None:
    write_scenario(tmp_path)
    code, told = firedrill(firedrill_binary, tmp_path, "run", "quick.yaml", "--bootstrap", NOWHERE, *options)
    assert code == 2 and told_of in told, told
    assert nothing_but(tmp_path, "quick.yaml")


def test_unknown_command_is_named_with_the_nearest(firedrill_binary: Path, tmp_path: Path) -> None:
    assert firedrill(firedrill_binary, tmp_path, "rnu") == (
        1, "firedrill: there is no command `rnu`; did you mean `run`?\n")
    assert firedrill(firedrill_binary, tmp_path, "evidence", "dmup") == (
        1, "firedrill: there is no command `evidence dmup`; did you mean `evidence dump`?\n")
    code, told = firedrill(firedrill_binary, tmp_path, "frobnicate")
    assert code == 1 and "`frobnicate`" in told and "there are agent coordinator" in told and "guardian" not in told


def test_fault_where_nothing_is_declared_names_its_line(firedrill_binary: Path, tmp_path: Path) -> None:
    write_scenario(tmp_path)
    code, told = firedrill(firedrill_binary, tmp_path, "run", "quick.yaml", "--bootstrap", NOWHERE, "--allow-faults", "kill")
    assert code == 2 and "quick.yaml:15:37: " in told and "`kill`" in told and "--services" in told, told
    assert nothing_but(tmp_path, "quick.yaml")


def test_mistyped_client_property_names_its_line(firedrill_binary: Path, tmp_path: Path) -> None:
    write_scenario(tmp_path, NO_FAULT.replace("rate: 1k/s", "properties: {linger.mss: 5}"))
    for option in ((), ("--dry-run",)):
        code, told = firedrill(firedrill_binary, tmp_path, "run", "quick.yaml", "--bootstrap", NOWHERE, *option)
        assert code == 2 and "quick.yaml:5:63: client property `linger.mss`" in told, told
        assert "did you mean `linger.ms`?" in told
    write_scenario(tmp_path, NO_FAULT)
    (tmp_path / "client.conf").write_text("# ours\nsecurity.protocol=plaintext\nsasl.mechnism=PLAIN\n", "utf-8")
    code, told = firedrill(firedrill_binary, tmp_path, "run", "quick.yaml", "--bootstrap", NOWHERE,
                           "--client-config", "client.conf")
    assert code == 2 and "client.conf:3: client property `sasl.mechnism`" in told and "`sasl.mechanism`" in told, told
    assert nothing_but(tmp_path, "quick.yaml", "client.conf")


@pytest.mark.parametrize("name", ["leader-election", "rolling-restart"])
def test_dry_run_without_agents_plans_for_some_brokers(firedrill_binary: Path, tmp_path: Path, name: str) -> None:
    code, told = firedrill(firedrill_binary, tmp_path, "run", name, "--bootstrap", NOWHERE, "--dry-run")
    assert code == 0 and "phases" in told, told
    assert nothing_but(tmp_path)


def test_more_replicas_than_brokers_name_the_line_of_the_topic(
        firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    scenario = write_scenario(tmp_path, NO_FAULT.replace("replication_factor: 3", "replication_factor: 4"))
    run = Run(firedrill_binary, scenario, tmp_path / "run", kafka_cluster.bootstrap)
    assert run.end(30) == 2
    assert f"{scenario}:3:60: `replication_factor` 4 is more than the cluster has brokers, which is 3" in run.told()
    assert nothing_but(tmp_path, "quick.yaml", "run.err", "run.out")


def test_services_of_another_cluster_are_not_broken(firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> None:
    services = json.loads(kafka_cluster.agent_file.read_text("utf-8"))
    assert services["cluster_id"] == kafka_cluster.file.cluster_id
    scenario = write_scenario(tmp_path)
    for told_cluster, why in (("another", "told the cluster another"), ("", "not told a cluster")):
        (tmp_path / "services.json").write_text(json.dumps(services | {"cluster_id": told_cluster}), "utf-8")
        run = Run(firedrill_binary, scenario, tmp_path / "run", kafka_cluster.bootstrap,
                  "--services", str(tmp_path / "services.json"), "--allow-faults", "kill")
        assert run.end(30) == 2
        assert f"{scenario}:15:37: the fault `kill` is refused" in run.told() and why in run.told(), run.told()
        assert not run.folder.exists()


@pytest.fixture
def careful_fleet(firedrill_binary: Path, kafka_cluster: Cluster, tmp_path: Path) -> Iterator[Daemon]:
    """A coordinator whose only agent allows `pause` alone."""
    with ExitStack() as stack:
        agent = Daemon(firedrill_binary, "agent", tmp_path / "agent.log", "--config", str(kafka_cluster.agent_file),
                       "--allow-faults", "pause", "--state", str(tmp_path / "agent"))
        stack.callback(lambda: agent.end(signal.SIGTERM))
        coordinator = coordinator_of(firedrill_binary, tmp_path, agent)
        stack.callback(lambda: coordinator.end(signal.SIGTERM))
        yield coordinator


@pytest.mark.parametrize(("text", "place", "told_of"), [
    (SCENARIO, "15:37", "the fault `kill` is not allowed by agent"),
    (NO_FAULT.replace("replication_factor: 3", "replication_factor: 4"), "3:60", "`replication_factor` 4"),
    (NO_FAULT.replace("rate: 1k/s", "properties: {linger.mss: 5}"), "5:63", "did you mean `linger.ms`?"),
], ids=["fault", "replicas", "property"])
def test_coordinator_refuses_the_same_before_there_is_a_run(
        firedrill_binary: Path, kafka_cluster: Cluster, careful_fleet: Daemon, tmp_path: Path, text: str, place: str,
        told_of: str) -> None:
    scenario = write_scenario(tmp_path, text)
    run = Run(firedrill_binary, scenario, tmp_path / "remote", kafka_cluster.bootstrap, "--coordinator", careful_fleet.url)
    assert run.end(30) == 2
    assert f"{scenario}:{place}: " in run.told() and told_of in run.told(), run.told()
    status, body = careful_fleet.call("POST", "/v1/runs", {"id": "r", "scenario": text, "bootstrap": kafka_cluster.bootstrap})
    assert status == 400 and f"scenario:{place}: " in body["error"]["what"] and told_of in body["error"]["what"], body
    assert careful_fleet.call("GET", "/v1/runs")[1]["runs"] == []


def test_dry_run_with_a_coordinator_plans_for_its_agents(
        firedrill_binary: Path, kafka_cluster: Cluster, careful_fleet: Daemon, tmp_path: Path) -> None:
    write_scenario(tmp_path)
    command = ("run", "quick.yaml", "--bootstrap", kafka_cluster.bootstrap, "--dry-run", "--id", "r", "--seed", "1")
    code, told = firedrill(firedrill_binary, tmp_path, *command, "--coordinator", careful_fleet.url)
    assert code == 2 and "quick.yaml:15:37: the fault `kill` is not allowed by agent" in told, told
    code, there = firedrill(firedrill_binary, tmp_path, *command, "--set", "how=pause", "--coordinator", careful_fleet.url)
    assert code == 0 and "pause leader of orders-0" in there, there
    assert (code, there) == firedrill(firedrill_binary, tmp_path, *command, "--set", "how=pause", *own_agent(kafka_cluster))
    assert careful_fleet.call("GET", "/v1/runs")[1]["runs"] == []
