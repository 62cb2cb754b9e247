"""A cluster of Kafka on this machine: made, started, asked, broken, removed. Everything it is lies in its folder.

Whoever creates a `Cluster` with an owner takes it along when he dies. Not thread-safe; use one from one thread.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from firedrill import admin, supervisor_client
from firedrill.class_archive import ensure_class_archive
from firedrill.cluster_file import STOP_TIMEOUT_MS, ClusterFile, Node, read_cluster_file
from firedrill.cluster_plan import ClusterPlan, lay_out
from firedrill.errors import HarnessError
from firedrill.java import java_command, run_tool
from firedrill.kafka_jars import jars_directory
from firedrill.obituary import obituary
from firedrill.ports import PortClaims
from firedrill.storage import prepare_nodes
from firedrill.supervisor_handle import kill_supervisor, open_supervisor, wait_for_end
from firedrill.waiting import wait_for

READY_TIMEOUT_S = 180
SUPERVISOR_TIMEOUT_S = 60


class Cluster:
    def __init__(self, file: ClusterFile) -> None:
        self.file = file

    @classmethod
    def open(cls, directory: Path) -> "Cluster":
        """A cluster that somebody created; it need not run."""
        return cls(read_cluster_file(directory))

    @classmethod
    def start(cls, directory: Path, plan: ClusterPlan = ClusterPlan(), owner_pid: int | None = None) -> "Cluster":
        """In `directory`, which is new or empty. Returns when every node serves and every broker is unfenced; what failed is
        left in the folder, without a process. `owner_pid` (default: ourselves) takes the cluster along."""
        plan.check()
        jars = jars_directory(plan.kafka_home)
        if plan.kafka_home is None:
            ensure_class_archive(jars)
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise HarnessError(f"{directory} is not empty; `cluster down --dir {directory}` removes a cluster")
        claims = PortClaims()
        try:
            cluster = cls(lay_out(directory.resolve(), plan, jars, claims))
            cluster._launch(os.getpid() if owner_pid is None else owner_pid, claims)
        finally:
            claims.close()  # The supervisor holds them now.
        try:
            prepare_nodes(cluster.file, cluster._log4j, plan.properties)
            cluster.start_all()
        except BaseException:
            cluster.shutdown()
            raise
        return cluster

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    @property
    def directory(self) -> Path:
        return self.file.directory

    @property
    def bootstrap(self) -> str:
        return self.file.bootstrap

    @property
    def agent_file(self) -> Path:
        """The services to declare to an agent."""
        return self.directory / "cluster.agent.json"

    @property
    def _log4j(self) -> Path:
        return self.directory / "log4j2.properties"

    def brokers(self) -> list[Node]:
        return [node for node in self.file.nodes if node.is_broker]

    def status(self) -> dict:
        """What the supervisor knows; raises HarnessError if there is none."""
        return self._ask("status")

    def supervised(self) -> bool:
        try:
            self.status()
            return True
        except HarnessError:
            return False

    def running(self) -> dict[int, int]:
        """Node id to pid (of the host), of the nodes that run, frozen ones included."""
        return {node["node_id"]: node["pid"] for node in self.status()["nodes"] if node["running"]}

    def start_node(self, node_id: int, wait: bool = True) -> None:
        self.file.node(node_id)
        self._ask("start", str(node_id))
        if wait:
            self.wait_ready()

    def start_all(self) -> None:
        """Starts what is stopped; returns when all nodes serve."""
        for node in self.file.nodes:
            self._ask("start", str(node.node_id))
        self.wait_ready(node_ids={node.node_id for node in self.file.nodes})

    def stop_node(self, node_id: int, hard: bool = False) -> None:
        """Returns when the process is gone. `hard`: kill -9."""
        name = self.file.node(node_id).name
        self._ask("stop", str(node_id), "KILL" if hard else "TERM")
        wait_for(lambda: node_id not in self.running(), STOP_TIMEOUT_MS / 1000, f"{name} ends")

    def wait_ready(self, timeout_s: float = READY_TIMEOUT_S, node_ids: set[int] | None = None) -> None:
        """Until each of `node_ids` (default: those that run now) answers, and each such broker sees all of them
        unfenced. Raises HarnessError at once, with the end of its log, if one of them ends."""
        wanted = set(self.running()) if node_ids is None else node_ids
        wait_for(lambda: self._ready(wanted), timeout_s, f"{self.directory}: all nodes are ready")

    def wait_in_sync(self, topic: str, timeout_s: float = 120) -> list[admin.Partition]:
        """Until every partition of `topic` has a leader and all its replicas in the ISR, as all running brokers say."""
        return wait_for(lambda: self._in_sync(topic), timeout_s, f"{topic} has a leader and a complete ISR everywhere")

    def create_topic(self, name: str, partitions: int = 1, replicas: int = 3, **configs: str) -> None:
        """`configs` with `_` for `.`: min_insync_replicas="2". Returns when all partitions are in sync."""
        settings = {key.replace("_", "."): value for key, value in configs.items()}
        admin.create_topic(self._serving().address, name, partitions, replicas, settings)
        self.wait_in_sync(name)

    def partitions(self, topic: str) -> list[admin.Partition]:
        return admin.metadata(self._serving().address, [topic]).topics[topic]

    def end_offset(self, topic: str, partition: int) -> int:
        """As its leader says; waits for one that knows that it is the leader."""
        return wait_for(lambda: self._end_offset(topic, partition), 60, f"the leader of {topic}-{partition} answers")[0]

    def run_java(self, main_class: str, *arguments: str, timeout_s: float = 60, stdin: str = "") -> str:
        """One of Kafka's own tools, run to its end; its standard output."""
        logs = self.directory / "tools"
        logs.mkdir(exist_ok=True)
        return run_tool(java_command(self.file.jars, logs, self._log4j, main_class, *arguments), timeout_s, stdin)

    def release(self) -> None:
        """From here on the cluster outlives its owner, until `shutdown`."""
        self._ask("release")

    def shutdown(self) -> None:
        """No process of it is left when this returns; the folder stays. Harmless if nothing runs."""
        supervisor = open_supervisor(self.file)
        if supervisor is None:
            return
        try:
            self._ask("shutdown", timeout_s=2)
        except HarnessError:
            kill_supervisor(supervisor)  # It is frozen, say.
        wait_for_end(supervisor)

    def stop_cleanly(self) -> None:
        """Stops every node as an operator would, brokers first, then the controllers they take leave of."""
        if self.supervised():
            for node in sorted(self.file.nodes, key=lambda node: node.is_controller):
                self._ask("stop", str(node.node_id), "TERM")
                if not node.is_controller:
                    self.stop_node(node.node_id)
            with suppress(HarnessError):
                wait_for(lambda: not self.running(), STOP_TIMEOUT_MS / 1000, "all nodes end")
        self.shutdown()

    def remove(self) -> None:
        """Ends it and deletes its folder."""
        self.shutdown()
        shutil.rmtree(self.directory)

    def _launch(self, owner_pid: int, claims: PortClaims) -> None:
        owner = os.pidfd_open(owner_pid)
        held = claims.descriptors()
        command = [sys.executable, "-m", "firedrill.supervisor", str(self.directory), "--owner-fd", str(owner),
                   "--claim-fds", ",".join(map(str, held))]
        package = str(Path(__file__).resolve().parent.parent)
        try:
            done = subprocess.run(command, pass_fds=[owner, *held], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=SUPERVISOR_TIMEOUT_S, check=False,
                                  env=os.environ | {"PYTHONPATH": package})
        finally:
            os.close(owner)
        if done.returncode != 0:
            log = self.directory / "supervisor.log"
            said = done.stderr + (log.read_text("utf-8", "replace") if log.exists() else "")
            raise HarnessError(f"the supervisor of {self.directory} did not start: {said[-2000:]}")

    def _ask(self, *words: str, timeout_s: float = supervisor_client.TIMEOUT_S) -> dict:
        try:
            answer = supervisor_client.ask(str(self.file.socket), *words, timeout_s=timeout_s)
        except OSError as error:
            raise HarnessError(f"no supervisor runs for {self.directory} ({error})") from None
        if "error" in answer:
            raise HarnessError(answer["error"])
        return answer

    def _ready(self, wanted: set[int]) -> bool:
        for state in self.status()["nodes"]:
            if state["node_id"] in wanted and not state["running"]:
                raise HarnessError(obituary(self.file.node(state["node_id"]), state["exit_status"]))
        nodes = [self.file.node(node_id) for node_id in wanted]
        brokers = {node.node_id for node in nodes if node.is_broker}
        return (all(admin.answers_api_versions(node.address) for node in nodes)
                and all(self._sees(node, brokers) for node in nodes if node.is_broker))

    def _sees(self, node: Node, wanted: set[int]) -> bool:
        try:
            return set(admin.metadata(node.address, []).brokers) >= wanted
        except OSError:
            return False

    def _in_sync(self, topic: str) -> list[admin.Partition] | None:
        found: list[admin.Partition] = []
        for node_id in self.running():
            node = self.file.node(node_id)
            if not node.is_broker:
                continue
            try:
                found = admin.metadata(node.address, [topic]).topics[topic]
            except OSError:
                return None
            if not found or any(p.leader < 0 or set(p.isr) != set(p.replicas) for p in found):
                return None
        return found

    def _end_offset(self, topic: str, partition: int) -> tuple[int] | None:
        leader = self.partitions(topic)[partition].leader
        try:
            return (admin.end_offset(self.file.node(leader).address, topic, partition),) if leader >= 0 else None
        except (OSError, admin.NotTheLeader):
            return None

    def _serving(self) -> Node:
        for node_id in self.running():
            node = self.file.node(node_id)
            if node.is_broker and admin.answers_api_versions(node.address):
                return node
        raise HarnessError(f"no broker of {self.directory} answers")
