"""A small Kafka, simulated: topics, producers, groups, transactions, clocks. It writes the streams of a history.

Each step may be bent by a planted anomaly: `bend(name)` is true a few times in a history, for the names that were
chosen for it. What it then does is what a broken cluster or client would have done; who finds it under which name is the
judges' business.
"""

from dataclasses import dataclass, field
from typing import Optional


@dataclass
class Stored:
    id: Optional[tuple]  # (producer, topic, partition, sequence); None: foreign, or a control record
    key: Optional[str] = None
    transaction: Optional[tuple] = None
    control: bool = False


@dataclass
class Partition:
    place: tuple
    log: list = field(default_factory=list)  # Stored, or None where compaction removed it
    start: int = 0
    epoch: int = 0
    reserved: Optional[tuple] = None  # (offset, producer that must not use it) where a later record will stand


class Cluster:
    def __init__(self, rng, bends):
        self.rng = rng
        self.bends = dict(bends)
        self.streams = {}
        self.now = rng.randint(0, 50)
        self.ended = {}  # transaction -> committed, aborted
        self.hosts = {}
        self.topics = []
        self.partitions = {}
        self.sequences = {}
        # What only clocks can show is planted where they can.
        clocked = bool({"keep_owner", "late", "early", "end_drops", "epoch_drops"} & set(self.bends))
        self.timed = clocked or rng.random() < 0.6
        self.one_host = clocked and rng.random() < 0.6
        self.base = rng.choice((0, 0, 0, rng.randint(1, 20)))

    def likely(self, chance):
        return self.rng.random() < chance

    def bend(self, name):
        if self.bends.get(name, 0) > 0 and self.likely(0.5):
            self.bends[name] -= 1
            return True
        return False

    def say(self, actor, event, clock=None, **fields):
        record = {"event": event, **fields}
        self.now += self.rng.randint(1, 3)
        if self.timed and event not in ("producer", "consumer", "audit", "input") and self.likely(0.9):
            record["at"] = max(0, self.now + self.hosts.get(clock, 0))
        self.streams.setdefault(actor, []).append(record)
        return record

    # The world

    def make_topics(self):
        for name in self.rng.sample(("a", "b"), self.rng.choice((1, 1, 2))):
            config = {"topic": name, "partitions": self.rng.choice((1, 1, 2))}
            for field_, values in (("replication_factor", (3, 3, 1, 2)), ("min_insync_replicas", (2, 2, 1)),
                                   ("unclean_leader_election", (False, False, True)),
                                   ("cleanup_policy", ("delete", "delete", "compact"))):
                if self.likely(0.4):
                    config[field_] = self.rng.choice(values)
            if config.get("cleanup_policy") == "compact" or self.likely(0.9):
                self.streams["line", "topic " + name] = [{"event": "topic", **config}]
            self.topics.append(config)
            for number in range(config["partitions"]):
                place = (name, number)
                self.partitions[place] = Partition(place, [None] * self.base, self.base)

    def make_hosts(self):
        for name in ("h1", "h2", "h3"):
            self.hosts[name] = self.rng.randint(-5, 5)
            if self.likely(0.7):
                for number in range(self.rng.choice((1, 1, 2))):
                    error = self.rng.randint(0, 3)
                    told = self.hosts[name] + self.rng.randint(-error, error)
                    self.streams["line", f"clock {name} {number}"] = [
                        {"event": "clock", "host": name, "offset_ns": told, "error_ns": error}]

    def some_host(self):
        return "h1" if self.one_host else self.rng.choice((None, "h1", "h1", "h2", "h3"))

    def compact(self, place):
        return any(t["topic"] == place[0] and t.get("cleanup_policy") == "compact" for t in self.topics)

    # The log

    def append(self, partition, stored):
        partition.log.append(stored)
        return len(partition.log) - 1

    def append_out_of_turn(self, partition, stored):
        """Some records keep a place free before them, which a later record of another producer takes."""
        if partition.reserved and partition.reserved[1] != stored.id[0] and stored.transaction is None:
            offset = partition.reserved[0]
            partition.reserved = None
            if offset < len(partition.log):
                partition.log[offset] = stored
                return offset
        if self.bend("late"):
            partition.reserved = (self.append(partition, None), stored.id[0])
        return self.append(partition, stored)

    def end_transaction(self, transaction, state):
        self.ended[transaction] = state
        for partition in self.partitions.values():
            if any(s and s.transaction == transaction for s in partition.log):
                self.append(partition, Stored(None, control=True))

    def visible(self, partition, offset, committed_only):
        """The next record that a reader at `offset` is given: (offset, stored) or None."""
        for at in range(max(offset, partition.start), len(partition.log)):
            stored = partition.log[at]
            if stored is None or stored.control:
                continue
            if committed_only and stored.transaction is not None:
                state = self.ended.get(stored.transaction)
                if state is None:
                    if self.bend("deliver_open"):
                        return at, stored
                    return None
                if state == "aborted" and not self.bend("deliver_aborted"):
                    continue
            return at, stored
        return None

    def truncate(self):
        """An unclean end: the tail of a partition is gone, and others will be written in its place."""
        partition = self.rng.choice(list(self.partitions.values()))
        keep = self.rng.randint(max(partition.start, len(partition.log) - 4), len(partition.log))
        del partition.log[keep:]
        partition.epoch += 1

    def clean_up(self):
        """Retention deletes a head; compaction removes what a later record of its key replaced."""
        for place, partition in self.partitions.items():
            if self.compact(place):
                latest = {s.key: at for at, s in enumerate(partition.log) if s and s.key and self.settled(s)}
                for at, stored in enumerate(partition.log):
                    if stored and latest.get(stored.key, at) > at and self.settled(stored) and self.likely(0.5):
                        partition.log[at] = None
            elif self.likely(0.3):
                partition.start = min(len(partition.log), partition.start + self.rng.randint(1, 3))
                if not self.bend("silent_start"):
                    self.say(("line", f"sample {self.now}"), "sample", None, topic=place[0], partition=place[1],
                             log_start=partition.start)

    def settled(self, stored):
        return stored.transaction is None or self.ended.get(stored.transaction) == "committed"

    # What the cluster says

    def sample(self):
        partition = self.rng.choice(list(self.partitions.values()))
        host = self.rng.choice((None, None, "h1", "h2"))
        end = len(partition.log)
        if self.bend("end_drops"):
            end = max(0, end - self.rng.randint(1, 4))
        epoch = partition.epoch
        if self.bend("epoch_drops"):
            partition.epoch += 2
        start = partition.start
        if self.bend("start_drops"):
            start = max(0, start - 1)
        fields = {"log_start": start, "end": end, "leader_epoch": epoch, "leader": 1, "isr": [1, 2]}
        chosen = {k: v for k, v in fields.items() if self.likely(0.7)}
        where = {"topic": partition.place[0], "partition": partition.place[1]}
        if host is not None:
            where["host"] = host
        self.say(("line", f"sample {self.now}"), "sample", host, **where, **chosen)

    def fault(self):
        name = self.rng.choice(("f1", "f2"))
        kind = self.rng.choice(("kill", "power-off", "truncate"))
        states = ["planned", "injecting", "active", "reverting", "reverted"]
        if self.bend("fault_rests"):
            del states[self.rng.randint(1, 4):]
        for state in states:
            self.say(("line", f"fault {self.now}"), "fault", None, fault=name, kind=kind, target="b1", state=state)
