"""The whole history in memory, every run expanded into single messages. Only collects; judges nothing."""

from dataclasses import dataclass, field
from typing import Optional

from .rules import checked_lines


LONGEST_RUN = 100_000


@dataclass
class Topic:
    replication_factor: int = 3
    min_insync_replicas: int = 2
    unclean: bool = False
    compact: bool = False


@dataclass
class Producer:
    name: str
    host: Optional[str]
    acks: str
    idempotence: bool
    max_in_flight: int


@dataclass
class Consumer:
    name: str
    host: Optional[str]
    group: Optional[str]
    committed_only: bool
    reset: str


@dataclass
class Moment:
    """A time on somebody's clock; at may be None. The clock is a host, or an actor that only compares with itself."""

    clock: tuple
    at: Optional[int]


@dataclass
class Send:
    line: int
    moment: Moment
    transaction: Optional[int]
    key: Optional[str]


@dataclass
class Outcome:
    line: int
    kind: str  # ack, refuse, unknown
    moment: Moment
    offset: Optional[int] = None


@dataclass
class Message:
    """Everything that its producer said of one id = (producer, topic, partition, sequence)."""

    id: tuple
    sends: list = field(default_factory=list)
    outcomes: list = field(default_factory=list)

    @property
    def producer(self):
        return self.id[0]

    @property
    def place(self):
        return self.id[1], self.id[2]

    @property
    def sequence(self):
        return self.id[3]

    @property
    def transaction(self):
        """(producer, number) of the transaction that wrote it, or None."""
        if self.sends and self.sends[0].transaction is not None:
            return self.producer, self.sends[0].transaction
        return None

    @property
    def key(self):
        return self.sends[0].key if self.sends else None


@dataclass
class Event:
    """One thing that happened to one reader on one partition."""

    kind: str  # assign, revoke, seek, deliver, commit
    consumer: str
    place: tuple
    line: int
    moment: Moment
    offset: Optional[int] = None  # a position given, where a seek went, where a record was, what was committed
    id: Optional[tuple] = None  # deliver: which message; None: a foreign record
    intact: bool = True
    leader_epoch: Optional[int] = None
    within: Optional[tuple] = None  # (producer, transaction)
    state: Optional[str] = None  # commit

    @property
    def misrouted(self):
        return self.id is not None and (self.id[1], self.id[2]) != self.place


class History:
    def __init__(self, data):
        self.topics = {}
        self.producers = {}
        self.consumers = {}
        self.messages = {}
        self.transactions = {}  # (producer, number) -> [(state, Moment)]
        self.inputs = []  # (id of the output, (topic, partition, offset))
        self.events = []  # of all readers, in the order of the file
        self.audits = {}  # (consumer, place) -> (start, end)
        self.samples = []  # (line, record, Moment)
        self.clocks = {}  # host -> [(offset, error)]
        self.faults = {}  # name -> [record]
        self.has_end = False
        for line, record in checked_lines(data):
            getattr(self, "on_" + record["event"])(line, record)

    def topic(self, name):
        return self.topics.get(name, Topic())

    def message(self, id_):
        return self.messages.setdefault(id_, Message(id_))

    def producer_moment(self, record):
        producer = self.producers[record["producer"]]
        return moment_of(producer.host, ("producer", producer.name), record)

    def consumer_moment(self, record):
        consumer = self.consumers[record["consumer"]]
        return moment_of(consumer.host, ("consumer", consumer.name), record)

    def on_run(self, line, record):
        pass

    def on_topic(self, line, record):
        self.topics[record["topic"]] = Topic(
            record.get("replication_factor", 3),
            record.get("min_insync_replicas", 2),
            record.get("unclean_leader_election", False),
            record.get("cleanup_policy", "delete") == "compact",
        )

    def on_producer(self, line, record):
        acks = record.get("acks", "all")
        self.producers[record["producer"]] = Producer(
            record["producer"], record.get("host"), acks,
            record.get("idempotence", acks == "all"), record.get("max_in_flight", 5))

    def on_consumer(self, line, record):
        self.consumers[record["consumer"]] = Consumer(
            record["consumer"], record.get("host"), record.get("group"),
            record.get("isolation", "read_committed") == "read_committed", record.get("reset", "earliest"))

    def on_send(self, line, record):
        for id_, _ in ids_of(record):
            self.message(id_).sends.append(
                Send(line, self.producer_moment(record), record.get("transaction"), record.get("key")))

    def on_outcome(self, line, record):
        for id_, step in ids_of(record):
            first = record.get("offset")
            self.message(id_).outcomes.append(
                Outcome(line, record["event"], self.producer_moment(record), None if first is None else first + step))

    on_ack = on_refuse = on_unknown = on_outcome

    def on_transaction(self, line, record):
        states = self.transactions.setdefault((record["producer"], record["transaction"]), [])
        states.append((record["state"], self.producer_moment(record)))

    def on_input(self, line, record):
        of = record["of"]
        id_ = (record["producer"], record["topic"], record["partition"], record["sequence"])
        self.inputs.append((id_, (of["topic"], of["partition"], of["offset"])))

    def on_reading(self, line, record):
        self.events.append(Event(
            record["event"], record["consumer"], (record["topic"], record["partition"]), line,
            self.consumer_moment(record),
            offset=record.get("position") if record["event"] == "assign" else record.get("offset"),
            state=record.get("state")))

    on_assign = on_revoke = on_seek = on_commit = on_reading

    def on_deliver(self, line, record):
        place = (record["topic"], record["partition"])
        target = record.get("target", {"topic": place[0], "partition": place[1]})
        within = record.get("within")
        if record.get("count", 1) > LONGEST_RUN:
            raise MemoryError(f"a run of {record['count']} messages is too long for the slow judge")
        for step in range(record.get("count", 1)):
            id_ = None
            if record["producer"] is not None:
                id_ = (record["producer"], target["topic"], target["partition"], record["sequence"] + step)
            self.events.append(Event(
                "deliver", record["consumer"], place, line, self.consumer_moment(record),
                offset=record["offset"] + step, id=id_, intact=record.get("intact", True),
                leader_epoch=record.get("leader_epoch"),
                within=None if within is None else (within["producer"], within["transaction"])))

    def on_audit(self, line, record):
        whose = (record["consumer"], (record["topic"], record["partition"]))
        start, end = self.audits.get(whose, (record["start"], record["end"]))
        self.audits[whose] = (min(start, record["start"]), max(end, record["end"]))

    def on_sample(self, line, record):
        self.samples.append((line, record, moment_of(record.get("host"), ("samples",), record)))

    def on_clock(self, line, record):
        self.clocks.setdefault(record["host"], []).append((record["offset_ns"], record["error_ns"]))

    def on_fault(self, line, record):
        self.faults.setdefault(record["fault"], []).append(record)

    def on_end(self, line, record):
        self.has_end = True


def moment_of(host, actor, record):
    clock = ("host", host) if host is not None else ("actor", *actor)
    return Moment(clock, record.get("at"))


def ids_of(record):
    if record.get("count", 1) > LONGEST_RUN:
        raise MemoryError(f"a run of {record['count']} messages is too long for the slow judge")
    for step in range(record.get("count", 1)):
        yield (record["producer"], record["topic"], record["partition"], record["sequence"] + step), step
