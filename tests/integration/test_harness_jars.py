"""The jars of Kafka: fetched once, complete or not at all, and only those that the manifest names."""

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from firedrill import kafka_jars
from firedrill.errors import HarnessError

JAR = "kafka_2.13-4.1.2.jar"


@pytest.fixture
def fake_mvn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a `mvn` first on the path that writes `content` as the only jar; answers the file where it counts its calls."""

    def install(content: str) -> Path:
        calls = tmp_path / "calls"
        mvn = tmp_path / "mvn"
        mvn.write_text(f'#!/bin/sh\necho call >>{calls}\nfor word; do case $word in -DoutputDirectory=*) '
                       f'printf {content} >"${{word#*=}}/{JAR}";; esac; done\n')
        mvn.chmod(0o755)
        return calls

    manifest = tmp_path / "manifest"
    manifest.write_text(f"{hashlib.sha256(b'genuine').hexdigest()}  {JAR}\n")
    monkeypatch.setattr(kafka_jars, "MANIFEST", manifest)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("FIREDRILL_CACHE", str(tmp_path / "cache"))
    return install


def test_two_that_need_the_jars_at_once_fetch_them_once(fake_mvn) -> None:
    calls = fake_mvn("genuine")
    found: list[Path] = []
    both = [threading.Thread(target=lambda: found.append(kafka_jars.jars_directory())) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=30)
    assert len(found) == 2 and found[0] == found[1]
    assert (found[0] / JAR).read_bytes() == b"genuine"
    assert calls.read_text() == "call\n"


def test_a_jar_that_is_not_the_one_of_the_manifest_is_refused_and_not_kept(fake_mvn, tmp_path: Path) -> None:
    fake_mvn("forged")
    with pytest.raises(HarnessError, match=JAR):
        kafka_jars.jars_directory()
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_a_kafka_home_without_jars_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="no folder libs"):
        kafka_jars.jars_directory(tmp_path)
    (tmp_path / "libs").mkdir()
    with pytest.raises(HarnessError, match="no kafka_2.13-VERSION.jar"):
        kafka_jars.jars_directory(tmp_path)


def test_a_cluster_runs_from_an_unpacked_kafka(new_cluster, tmp_path: Path) -> None:
    (tmp_path / "libs").symlink_to(kafka_jars.jars_directory())
    cluster = new_cluster(brokers=1, kafka_home=tmp_path)
    assert cluster.file.jars == tmp_path / "libs"
    assert cluster.file.kafka_version.startswith("4.1.")
