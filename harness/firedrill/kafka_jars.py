"""Where the jars of Kafka come from: Maven Central through mvn, once, into a cache outside of the tree; or a Kafka
that somebody unpacked. Every jar that mvn brought is compared with the manifest in the tree before anything runs it."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from firedrill.errors import HarnessError

POM = Path(__file__).with_name("kafka_pom.xml")
MANIFEST = Path(__file__).with_name("kafka_jars.sha256")
FETCH_TIMEOUT_S = 480


def jars_directory(kafka_home: Path | None = None) -> Path:
    """The folder with all jars of Kafka and of what it needs; fetched if it is not there yet."""
    if kafka_home is not None:
        return _unpacked(kafka_home)
    target = cache_root() / _cache_name()
    if not target.is_dir():
        _fetch_once(target)
    return target


def kafka_version(jars: Path) -> str:
    """As the server's jar says: `4.1.2` of `kafka_2.13-4.1.2.jar`."""
    for jar in sorted(jars.glob("kafka_2.1*-*.jar")):
        found = re.fullmatch(r"kafka_2\.1\d-(\d+\.\d+\.\d+\S*)\.jar", jar.name)
        if found:
            return found.group(1)
    raise HarnessError(f"no kafka_2.13-VERSION.jar in {jars}: is this the libs folder of a Kafka?")


def cache_root() -> Path:
    if given := os.environ.get("FIREDRILL_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "firedrill"


def _unpacked(home: Path) -> Path:
    libs = home.resolve() / "libs"
    if not libs.is_dir():
        raise HarnessError(f"--kafka-home {home}: it has no folder libs")
    kafka_version(libs)
    return libs


def _cache_name() -> str:
    pom = POM.read_bytes()
    version = re.search(rb"<kafka.version>([^<]+)</kafka.version>", pom)
    assert version, f"{POM} names no kafka.version"
    return f"kafka-{version.group(1).decode()}-{hashlib.sha256(pom).hexdigest()[:12]}"


def _fetch_once(target: Path) -> None:
    """Two that fetch at once: the second waits for the lock and finds the work done."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.parent / f"{target.name}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return
        fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
        try:
            _copy_dependencies(fresh)
            _check_manifest(fresh)
            fresh.chmod(0o755)
            fresh.rename(target)  # The cache holds complete folders or none.
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


def _copy_dependencies(into: Path) -> None:
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={into}"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=FETCH_TIMEOUT_S, check=False)
    except FileNotFoundError:
        raise HarnessError("mvn is not installed: install Maven, or give --kafka-home DIR (an unpacked Kafka)") from None
    except subprocess.TimeoutExpired:
        raise HarnessError(f"mvn did not bring the jars of Kafka within {FETCH_TIMEOUT_S} s") from None
    if done.returncode != 0:
        raise HarnessError("mvn did not bring the jars of Kafka:\n" + done.stdout[-2000:])


def _check_manifest(jars: Path) -> None:
    wanted = dict(reversed(line.split()) for line in MANIFEST.read_text("ascii").splitlines())
    present = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars.glob("*.jar")}
    wrong = [name for name in sorted(wanted.keys() | present.keys()) if wanted.get(name) != present.get(name)]
    if wrong:
        raise HarnessError(f"these jars are not the ones in {MANIFEST.name}: {', '.join(wrong)}")
