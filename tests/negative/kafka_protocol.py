"""The few requests of Kafka that the proxy understands, in the one version of each that it lets clients use.

Everything here is of the old encoding (no compact fields, no tags); `cap_versions` holds the clients to it.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from record_batch import Batch, read_batches

from firedrill import wire

PRODUCE, FETCH, METADATA, FIND_COORDINATOR, API_VERSIONS = 0, 1, 3, 10, 18
# Before compact fields, topic ids and addresses that a broker volunteers in answers to produce and fetch.
NEWEST = {PRODUCE: 7, FETCH: 11, METADATA: 7, FIND_COORDINATOR: 2}

Address = tuple[str, int]
Addresses = dict[int, Address]  # of brokers, by node id
Aborted = list[tuple[int, int]]  # transactions: producer id, where it began


@dataclass(frozen=True)
class Request:
    head: bytes  # up to the client's name
    api: int
    version: int
    client: str
    body: bytes

    @property
    def correlation(self) -> bytes:
        return self.head[4:8]


def read_request(frame: bytes) -> Request:
    reader = wire.Answer(frame)
    api, version, _, client = reader.int16(), reader.int16(), reader.int32(), reader.string()
    return Request(frame[:reader.position], api, version, client or "", frame[reader.position:])


@dataclass(frozen=True)
class Produce:
    """Of one batch: librdkafka asks for one partition at a time."""

    request: Request
    start: bytes  # transactional id, acks, timeout
    topic: str
    partition: int
    batch: Batch

    def frame(self, batch: Batch | None = None) -> bytes:
        """To a broker, with another batch if one is given."""
        data = (batch or self.batch).encode()
        partition = wire.int32(self.partition) + wire.int32(len(data)) + data
        return self.request.head + self.start + wire.array([wire.string(self.topic) + wire.array([partition])])


def read_produce(request: Request) -> Produce:
    reader = wire.Answer(request.body)
    reader.string()
    acks = reader.int16()
    if request.version != NEWEST[PRODUCE] or acks == 0:
        raise ValueError(f"a produce request of version {request.version} with acks={acks}, which is not understood")
    reader.int32()
    start = request.body[:reader.position]
    topics, topic, partitions, partition = reader.int32(), reader.string(), reader.int32(), reader.int32()
    size = reader.int32()
    batches, rest = read_batches(request.body[reader.position:reader.position + size])
    if (topics, partitions, len(batches), rest) != (1, 1, 1, b""):
        raise ValueError(f"a produce request of {topics} topics, {partitions} partitions, {len(batches)} batches")
    return Produce(request, start, topic or "", partition, batches[0])


@dataclass(frozen=True)
class ProduceAnswer:
    produce: Produce
    error: int
    offset: int  # of the first record; -1: not told
    log_start: int

    def body(self) -> bytes:
        partition = (wire.int32(self.produce.partition) + wire.int16(self.error) + wire.int64(self.offset)
                     + wire.int64(-1) + wire.int64(self.log_start))
        return wire.array([wire.string(self.produce.topic) + wire.array([partition])]) + wire.int32(0)


def read_produce_answer(produce: Produce, body: bytes) -> ProduceAnswer:
    reader = wire.Answer(body)
    reader.int32(), reader.string(), reader.int32(), reader.int32()  # one topic and its one partition
    error, offset = reader.int16(), reader.int64()
    reader.int64()  # append time: of topics that want it
    return ProduceAnswer(produce, error, offset, reader.int64())


@dataclass(frozen=True)
class Fetched:
    """Of one partition."""

    aborted: Aborted
    records: bytes


def change_fetched(body: bytes, change: Callable[[str, int, Fetched], Fetched]) -> bytes:
    """An answer to a fetch in which every partition has what `change` makes of it."""
    reader = wire.Answer(body)
    reader.int32(), reader.int16(), reader.int32()  # throttle time, error, session
    pieces, copied = [], 0
    for _ in range(reader.int32()):
        topic = reader.string() or ""
        for _ in range(reader.int32()):
            partition = reader.int32()
            reader.int16(), reader.int64(), reader.int64(), reader.int64()  # error, high watermark, last stable, log start
            pieces.append(body[copied:reader.position])
            aborted = [(reader.int64(), reader.int64()) for _ in range(reader.int32())]
            replica = reader.int32()  # to prefer
            size = max(reader.int32(), 0)
            told = change(topic, partition, Fetched(aborted, body[reader.position:reader.position + size]))
            pieces += [wire.array([wire.int64(producer) + wire.int64(first) for producer, first in told.aborted]),
                       wire.int32(replica), wire.int32(len(told.records)), told.records]
            reader.position += size
            copied = reader.position
    return b"".join(pieces) + body[copied:]


def redirect_metadata(body: bytes, addresses: Addresses) -> bytes:
    reader = wire.Answer(body)
    reader.int32()  # throttle time
    brokers = []
    for _ in range(reader.int32()):
        node, _, _, rack = reader.int32(), reader.string(), reader.int32(), reader.string()
        host, port = addresses[node]
        where = wire.int16(-1) if rack is None else wire.string(rack)
        brokers.append(wire.int32(node) + wire.string(host) + wire.int32(port) + where)
    return body[:4] + wire.array(brokers) + body[reader.position:]


def redirect_coordinator(body: bytes, version: int, addresses: Addresses) -> bytes:
    reader = wire.Answer(body)
    if version > 0:
        reader.int32()  # throttle time
    reader.int16()
    if version > 0:
        reader.string()  # what the error means
    start = body[:reader.position]
    node = reader.int32()
    if node < 0:
        return body  # none yet
    host, port = addresses[node]
    return start + wire.int32(node) + wire.string(host) + wire.int32(port)


def cap_versions(body: bytes) -> bytes:
    """Of an answer to ApiVersions, version 3 and above."""
    count, changed = body[2] - 1, bytearray(body)
    if not 0 < count < 127:
        raise ValueError(f"an answer to ApiVersions of {count} requests, which is not understood")
    for at in range(3, 3 + 7 * count, 7):
        api, _, newest, tags = struct.unpack_from(">hhhB", body, at)
        if tags:
            raise ValueError("tags in an answer to ApiVersions, which are not understood")
        struct.pack_into(">h", changed, at + 4, min(newest, NEWEST.get(api, newest)))
    return bytes(changed)
