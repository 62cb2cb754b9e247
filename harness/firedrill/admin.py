"""The few questions that the harness and its tests ask a cluster: who is there, what of a topic, create it."""

from dataclasses import dataclass

from firedrill import wire
from firedrill.errors import HarnessError

Address = tuple[str, int]

_LIST_OFFSETS, _METADATA, _API_VERSIONS, _CREATE_TOPICS = 2, 3, 18, 19
_LATEST, _EARLIEST = -1, -2
_CREATE_TIMEOUT_MS = 15_000


_LEADER_IS_ELSEWHERE = {3, 5, 6, 74, 75, 78}  # all retriable: election or metadata under way


class NotTheLeader(HarnessError):
    """The broker that was asked does not lead the partition, or does not know it yet."""


@dataclass(frozen=True)
class Partition:
    partition: int
    leader: int  # -1: none
    leader_epoch: int
    replicas: list[int]
    isr: list[int]


@dataclass(frozen=True)
class Metadata:
    """As one broker sees it: brokers that the controller has fenced are not in it."""

    brokers: dict[int, Address]
    controller: int
    topics: dict[str, list[Partition]]


def answers_api_versions(address: Address, timeout_s: float = 2.0) -> bool:
    """True of a node that handles requests; a frozen one accepts connections, but is no node that serves."""
    try:
        return wire.request(address, _API_VERSIONS, 0, timeout_s=timeout_s).int16() == 0
    except OSError:
        return False


def metadata(address: Address, topics: list[str], timeout_s: float = 5.0) -> Metadata:
    body = wire.array([wire.string(name) for name in topics]) + wire.int8(0)
    answer = wire.request(address, _METADATA, 7, body, timeout_s)
    answer.int32()  # throttle time
    brokers = {}
    for _ in range(answer.int32()):
        node_id, host, port = answer.int32(), answer.string(), answer.int32()
        answer.string()  # rack
        brokers[node_id] = (host or "", port)
    answer.string()  # cluster id
    controller = answer.int32()
    found = {}
    for _ in range(answer.int32()):
        answer.int16()  # error: a topic without partitions says the same
        name = answer.string() or ""
        answer.int8()  # internal
        partitions = [_partition(answer) for _ in range(answer.int32())]
        found[name] = sorted(partitions, key=lambda p: p.partition)  # the broker answers in any order
    return Metadata(brokers, controller, found)


def _partition(answer: wire.Answer) -> Partition:
    answer.int16()  # error: leader -1 says the same
    partition, leader, epoch = answer.int32(), answer.int32(), answer.int32()
    replicas, isr = answer.int32_array(), answer.int32_array()
    answer.int32_array()  # offline replicas
    return Partition(partition, leader, epoch, replicas, isr)


def create_topic(address: Address, name: str, partitions: int, replicas: int, configs: dict[str, str]) -> None:
    """Asks any broker; it forwards to the controller."""
    settings = wire.array([wire.string(key) + wire.string(value) for key, value in configs.items()])
    topic = wire.string(name) + wire.int32(partitions) + wire.int16(replicas) + wire.array([]) + settings
    body = wire.array([topic]) + wire.int32(_CREATE_TIMEOUT_MS) + wire.int8(0)
    answer = wire.request(address, _CREATE_TOPICS, 4, body, timeout_s=_CREATE_TIMEOUT_MS / 1000 + 5)
    answer.int32(), answer.int32(), answer.string()  # throttle time, one topic, its name
    code, message = answer.int16(), answer.string()
    if code != 0:
        raise HarnessError(f"topic {name} was not created: {message or 'no message'} (error {code})")


def end_offset(leader: Address, topic: str, partition: int) -> int:
    return _offset(leader, topic, partition, _LATEST)


def start_offset(leader: Address, topic: str, partition: int) -> int:
    return _offset(leader, topic, partition, _EARLIEST)


def _offset(leader: Address, topic: str, partition: int, timestamp: int) -> int:
    asked = wire.int32(partition) + wire.int32(-1) + wire.int64(timestamp)
    body = wire.int32(-1) + wire.int8(0) + wire.array([wire.string(topic) + wire.array([asked])])
    answer = wire.request(leader, _LIST_OFFSETS, 4, body)
    answer.int32(), answer.int32(), answer.string(), answer.int32(), answer.int32()  # up to the partition's number
    code = answer.int16()
    if code in _LEADER_IS_ELSEWHERE:
        raise NotTheLeader(f"{leader[0]}:{leader[1]} does not lead {topic}-{partition}: error {code}")
    if code != 0:
        raise HarnessError(f"{leader[0]}:{leader[1]} names no offset of {topic}-{partition}: error {code}")
    answer.int64()  # timestamp
    return answer.int64()
