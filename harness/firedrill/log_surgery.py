"""Cuts the end off a partition's log, as a disk that lost its last writes would: for tests that need real loss.

The broker must be stopped. When it starts, Kafka's own recovery finds a torn or missing end, truncates the segment to
the last whole batch and rebuilds index, producer state and leader epochs from there (LogLoader.load, LogSegment.recover).
It does so only after an unclean stop, so the marker of a clean one is removed.
"""

import dataclasses
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firedrill.cluster import Cluster
from firedrill.errors import HarnessError

_BATCH_HEAD = struct.Struct(">qi")  # base offset, length of what follows
_LAST_OFFSET_DELTA = 23  # where it lies in a batch of version 2
_HEAD_SIZE = 61
_CLEAN_SHUTDOWN = ".kafka_cleanshutdown"


@dataclass(frozen=True)
class Batch:
    position: int
    size: int
    base_offset: int
    last_offset: int


@dataclass(frozen=True)
class Cut:
    """What was done to one replica. Offsets from `end_offset` up to `former_end_offset` are gone on it."""

    node_id: int
    segment: Path
    former_size: int
    size: int
    former_end_offset: int
    end_offset: int

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"segment": str(self.segment)}

    def describe(self) -> str:
        return (f"node {self.node_id}: {self.former_size - self.size} bytes off {self.segment}, "
                f"log end offset {self.former_end_offset} -> {self.end_offset}")


def cut_everywhere(cluster: Cluster, topic: str, partition: int, count: int) -> list[Cut]:
    """Cuts `count` bytes off the shortest replica, and every other one to the same end; all must be stopped. A batch
    that is cut in its middle leaves a torn rest behind, on every replica, which recovery removes."""
    replicas = {}
    for node in cluster.brokers():
        for log_dir in node.log_dirs:
            folder = Path(log_dir) / f"{topic}-{partition}"
            if folder.is_dir():
                replicas[node.node_id] = newest_segment(folder)
    if not replicas:
        raise HarnessError(f"no node of {cluster.directory} has a replica of {topic}-{partition}")
    running = cluster.running() if cluster.supervised() else {}
    if alive := sorted(replicas.keys() & running.keys()):
        raise HarnessError(f"{topic}-{partition} lies on nodes that run: {alive}; stop them first")
    shortest = min(replicas.values(), key=lambda segment: read_batches(segment)[-1].last_offset)
    end, torn = _new_end(shortest, count)
    return [_cut(node_id, segment, end, torn) for node_id, segment in sorted(replicas.items())]


def newest_segment(folder: Path) -> Path:
    """File names are zero-padded base offsets."""
    return max(folder.glob("*.log"), key=lambda path: path.name)


def read_batches(segment: Path) -> list[Batch]:
    """The whole batches of a segment, in order; a torn one at the end is none."""
    batches, position = [], 0
    size_of_file = segment.stat().st_size
    with open(segment, "rb") as file:
        while position + _HEAD_SIZE <= size_of_file:
            file.seek(position)
            head = file.read(_HEAD_SIZE)
            base, length = _BATCH_HEAD.unpack_from(head)
            size = _BATCH_HEAD.size + length
            if length <= 0 or position + size > size_of_file:
                break
            (delta,) = struct.unpack_from(">i", head, _LAST_OFFSET_DELTA)
            batches.append(Batch(position, size, base, base + delta))
            position += size
    if not batches:
        raise HarnessError(f"{segment} holds no batch; the newest segment of a log can be cut, no more")
    return batches


def _new_end(segment: Path, count: int) -> tuple[int, int]:
    """The log end offset after `count` bytes are gone, and how many bytes of the batch there remain, torn."""
    batches = read_batches(segment)
    whole = batches[-1].position + batches[-1].size
    if not 0 < count <= whole:
        raise HarnessError(f"{count} bytes cannot be cut off {segment}, which holds {whole}")
    first_lost = next(batch for batch in batches if batch.position + batch.size > whole - count)
    return first_lost.base_offset, whole - count - first_lost.position


def _cut(node_id: int, segment: Path, end: int, torn: int) -> Cut:
    batches = read_batches(segment)
    first_lost = next((batch for batch in batches if batch.base_offset == end), None)
    if first_lost is None:
        raise HarnessError(f"{segment} has no batch that begins at offset {end}: the replicas rolled differently")
    former_size = segment.stat().st_size
    size = first_lost.position + torn
    with open(segment, "r+b") as file:
        file.truncate(size)
    (segment.parent.parent / _CLEAN_SHUTDOWN).unlink(missing_ok=True)
    return Cut(node_id, segment, former_size, size, batches[-1].last_offset + 1, end)
