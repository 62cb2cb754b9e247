"""The classes of Kafka as a JVM wants them in memory (class data sharing), kept beside the cached jars: a node then starts in two
thirds of the time and of the CPU. Made once per java and jars by a broker that starts and ends; a JVM that finds that the
archive does not fit ignores it by itself."""

import fcntl
import shutil
import subprocess
import tempfile
from pathlib import Path

from firedrill.cluster_plan import ClusterPlan, lay_out
from firedrill.errors import HarnessError
from firedrill.java import class_archive
from firedrill.pid_namespace import die_with_parent
from firedrill.ports import PortClaims
from firedrill.storage import prepare_nodes
from firedrill.waiting import wait_for

START_TIMEOUT_S = 120
DUMP_TIMEOUT_S = 120


def ensure_class_archive(jars: Path) -> None:
    """Two at once: the second waits for the lock and finds the work done."""
    target = class_archive(jars)
    if target.exists():
        return
    with open(target.with_suffix(".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists():
            return
        for abandoned in target.parent.glob(f"{target.name}.*"):  # of somebody who was killed over it
            shutil.rmtree(abandoned, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
        try:
            fresh = work / "classes.jsa"
            _run_a_broker(work / "cluster", jars, fresh)
            fresh.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _run_a_broker(directory: Path, jars: Path, archive: Path) -> None:
    directory.mkdir()
    claims = PortClaims()
    try:
        cluster = lay_out(directory, ClusterPlan(brokers=1), jars, claims)
    finally:
        claims.close()
    prepare_nodes(cluster, directory / "log4j2.properties", {})
    node = cluster.nodes[0]
    java, *rest = node.command
    command = [java, f"-XX:ArchiveClassesAtExit={archive}", *rest]
    with node.console_log.open("wb") as console:
        broker = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, cwd=node.directory,
                                  preexec_fn=die_with_parent)

    def started() -> bool:
        if broker.poll() is not None:
            raise HarnessError(f"{node.name}, which was to load the classes of Kafka, ended with {broker.returncode}: "
                               + node.console_log.read_text("utf-8", "replace")[-2000:])
        return node.server_log.is_file() and "Kafka Server started" in node.server_log.read_text("utf-8", "replace")

    try:
        wait_for(started, START_TIMEOUT_S, f"{node.name}, which loads the classes of Kafka, starts")
        broker.terminate()
        broker.wait(DUMP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise HarnessError(f"{node.name} did not write its classes within {DUMP_TIMEOUT_S} s") from None
    finally:
        broker.kill()
        broker.wait()
    if not archive.is_file():
        raise HarnessError("java wrote no class archive: " + node.console_log.read_text("utf-8", "replace")[-2000:])
