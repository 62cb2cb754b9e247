"""The java command lines of a cluster: which java, which heap, which class path."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from firedrill.errors import HarnessError
from firedrill.pid_namespace import die_with_parent

# Small and quick to start: several clusters share one machine. Compiled code of the first tier is enough for a broker
# whose neighbours, not whose throughput, are the subject. UsePerfData off: its file in /tmp is named by the pid inside
# of the pid namespace, so two clusters would write to the same one.
FLAGS = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
         "-Djava.awt.headless=true")


def java_binary() -> str:
    if home := os.environ.get("JAVA_HOME"):
        return str(Path(home) / "bin" / "java")
    found = shutil.which("java")
    if found is None:
        raise HarnessError("java is not installed (Kafka 4 needs 17 or newer), and JAVA_HOME is not set")
    return found


def class_archive(jars: Path) -> Path:
    """Where these jars' class archive for this java lies, if class_archive.py has made it."""
    java = Path(java_binary()).resolve()
    stat = java.stat()
    key = hashlib.sha256(f"{java} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]
    return jars.with_name(f"{jars.name}.{key}.jsa")


def java_command(jars: Path, logs: Path, log4j: Path, main_class: str, *arguments: str) -> list[str]:
    archive = class_archive(jars)
    shared = [f"-XX:SharedArchiveFile={archive}"] if archive.is_file() else []
    return [java_binary(), *FLAGS, *shared, f"-Dkafka.logs.dir={logs}", f"-Dlog4j2.configurationFile=file:{log4j}",
            "-cp", f"{jars}/*", main_class, *arguments]


def run_tool(command: list[str], timeout_s: float, stdin: str = "") -> str:
    """Runs a short-lived java tool to its end, dying with us; answers its standard output."""
    try:
        done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=timeout_s, check=False, preexec_fn=die_with_parent)
    except subprocess.TimeoutExpired:
        raise HarnessError(f"{_main_of(command)} did not end within {timeout_s:g} s") from None
    if done.returncode != 0:
        raise HarnessError(f"{_main_of(command)} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def _main_of(command: list[str]) -> str:
    return command[command.index("-cp") + 2]
