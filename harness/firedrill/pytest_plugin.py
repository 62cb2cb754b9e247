"""Fixtures for tests on real clusters: `-p firedrill.pytest_plugin`.

A cluster belongs to the process of pytest and ends with it. The folder of a cluster on which a test failed is kept,
with all logs, and the failure names it.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firedrill.cluster import Cluster
from firedrill.cluster_plan import ClusterPlan

NewCluster = Callable[..., Cluster]

# A broker that returns within its old session is refused until that has run out (DUPLICATE_BROKER_REGISTRATION), by
# default for 9 s, even after a clean stop. Tests restart brokers all the time.
QUICK_SESSIONS = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}

_IN_USE = pytest.StashKey[list[Path]]()  # of a test
_KEPT = pytest.StashKey[set[Path]]()  # of the session


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_KEPT] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.failed:
        for directory in item.stash.get(_IN_USE, []):
            item.config.stash[_KEPT].add(directory)
            report.sections.append(("kafka cluster", f"its logs are kept in {directory}"))
    return report


@pytest.fixture(scope="session")
def firedrill_binary() -> Path:
    """The executable under test: FIREDRILL_BINARY, or what scripts/build leaves."""
    root = Path(__file__).resolve().parents[2]
    binary = Path(os.environ.get("FIREDRILL_BINARY") or root / "build" / "release" / "firedrill")
    if not os.access(binary, os.X_OK):
        pytest.fail(f"{binary} does not exist; scripts/build makes it")
    return binary


@pytest.fixture(scope="session")
def _session_cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    directory = _folder()
    yield Cluster.start(directory, ClusterPlan(properties=QUICK_SESSIONS))
    _end(directory, request.config)


@pytest.fixture
def kafka_cluster(request: pytest.FixtureRequest, _session_cluster: Cluster) -> Iterator[Cluster]:
    """Three combined brokers, shared by the whole session: name topics after the test. What it stops is started again."""
    _use(request.node, _session_cluster.directory)
    yield _session_cluster
    _session_cluster.start_all()


@pytest.fixture
def new_cluster(request: pytest.FixtureRequest) -> Iterator[NewCluster]:
    """A factory of clusters of the test's own; its arguments are the fields of ClusterPlan. Sessions are quick here
    too; `properties` has the last word."""
    directories: list[Path] = []

    def start(properties: dict[str, str] | None = None, **plan: object) -> Cluster:
        directories.append(_folder())
        _use(request.node, directories[-1])
        return Cluster.start(directories[-1], ClusterPlan(properties=QUICK_SESSIONS | (properties or {}), **plan))

    yield start
    for directory in directories:
        _end(directory, request.config)


def _use(item: pytest.Item, directory: Path) -> None:
    item.stash.setdefault(_IN_USE, []).append(directory)


def _end(directory: Path, config: pytest.Config) -> None:
    cluster = Cluster.open(directory)
    if directory in config.stash[_KEPT]:
        cluster.shutdown()
    else:
        cluster.remove()


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="firedrill-test-"))
