"""python3 -m oracle.generate SEED [--mutate | --broken]: one random history on standard output.

A small simulated Kafka (simulate.py, clients.py) with 0 to 3 kinds of planted anomalies; `--mutate` makes small hostile
edits besides (mutate.py), because readings of a contract differ in its corners; `--broken` breaks an input rule.
"""

import random
import sys

from .clients import SomeConsumer, SomeProducer
from .lines_of import dump, mix, cut
from .mutate import break_input, mutate
from .simulate import Cluster

BENDS = (
    "never_sent", "refused_lands", "reorder", "duplicate", "lose", "misroute", "foreign", "phantom", "wrong_ack",
    "second_outcome", "not_asked", "tear", "rewind", "skip", "corrupt", "old_epoch", "deliver_open", "deliver_aborted",
    "end_drops", "epoch_drops", "start_drops", "fault_rests", "truncate", "resume_beyond", "commit_ahead", "keep_owner",
    "stay_after_abort", "twice", "short_audit", "no_end", "early", "assign_again",
    "silent_start", "late",
)


class Story:
    def __init__(self, seed, kinds=None):
        rng = random.Random(seed)
        kinds = rng.choice((0, 1, 1, 2, 3)) if kinds is None else kinds
        bends = {name: rng.randint(1, 3) for name in rng.sample(BENDS, kinds)}
        self.rng = rng
        self.cluster = Cluster(rng, bends)
        self.cluster.make_topics()
        self.cluster.make_hosts()
        self.producers = [SomeProducer(self.cluster, f"p{n}") for n in range(1, rng.choice((1, 2, 2, 3)) + 1)]
        self.consumers = []
        for n in range(1, rng.choice((1, 2, 3, 3)) + 1):
            self.consumers.append(SomeConsumer(self.cluster, f"c{n}", rng.choice(("g", "g", "g", "h", None))))
        self.committed = {}  # (group, place) -> offset
        self.reading = {}  # consumer -> (producer, transaction, place, position before) while it reads within it
        self.seeks = kinds > 0
        self.owners = {}  # (group or name, place) -> consumer

    def tell(self):
        for _ in range(self.rng.choice((self.rng.randint(5, 15), self.rng.randint(10, 35), self.rng.randint(30, 70)))):
            self.step()
        for producer in self.producers:
            if not self.cluster.likely(0.2):
                self.finish(producer)
        for transaction in {s.transaction for p in self.cluster.partitions.values() for s in p.log
                            if s and s.transaction and s.transaction not in self.cluster.ended}:
            self.cluster.end_transaction(transaction, "aborted")
        if self.cluster.likely(0.8):
            self.audit("z1")
        if self.cluster.likely(0.15):
            self.audit("z2")
        streams = self.cluster.streams
        streams["run", None] = [{"event": "run", "format": 1, "run": "r"}]
        if not self.cluster.bend("no_end"):
            streams["end", None] = [{"event": "end"}]
        join = self.rng.choice((0.5, 0.9, 1.0))
        return mix(self.rng, {who: cut(self.rng, lines, join) for who, lines in streams.items()})

    def step(self):
        kind = self.rng.choices(
            ("produce", "finish", "read", "rebalance", "commit", "seek", "sample", "fault", "process", "clean"),
            (20, 8, 28, 9, 10, 3, 6, 1, 12, 2))[0]
        getattr(self, kind)()
        if self.cluster.bend("truncate"):
            self.cluster.truncate()

    def produce(self):
        producer = self.rng.choice(self.producers)
        producer.produce()
        if self.cluster.bend("early") and producer.transaction is None:
            self.read()

    def sample(self):
        self.cluster.sample()

    def fault(self):
        self.cluster.fault()

    def clean(self):
        self.cluster.clean_up()

    # Readers

    def some_owned(self):
        owned = [(c, place) for c in self.consumers for place in c.positions]
        return self.rng.choice(owned) if owned else None

    def read(self):
        picked = self.some_owned()
        if picked is None:
            self.rebalance()
            picked = self.some_owned()
        consumer, place = picked
        within = self.reading.get(consumer)
        if within is None:
            consumer.read(place, self.rng.randint(1, 5))
        elif within[2] == place:
            consumer.read(place, self.rng.randint(1, 5), within=within[1])

    def rebalance(self):
        cluster, rng = self.cluster, self.rng
        consumer = rng.choice(self.consumers)
        place = rng.choice(list(cluster.partitions))
        team = (consumer.group or consumer.name, place)
        before = self.owners.get(team)
        if before in self.reading or consumer in self.reading:
            return
        if before is consumer and not cluster.likely(0.3):
            if cluster.bend("assign_again"):
                consumer.assign(place, rng.randint(0, consumer.positions.get(place, 0)), True)
            return
        if before is not None and place in before.positions and not cluster.bend("keep_owner"):
            before.revoke(place)
        position = self.committed.get(team, cluster.partitions[place].start)
        if cluster.bend("resume_beyond"):
            position += rng.randint(1, 3)
        self.owners[team] = consumer
        consumer.assign(place, position, cluster.likely(0.7))

    def commit(self):
        picked = self.some_owned()
        if picked is None or picked[0] in self.reading:
            return
        consumer, place = picked
        offset = consumer.positions[place]
        if self.cluster.bend("commit_ahead"):
            offset += self.rng.randint(1, 3)
        where = {**consumer.where(place), "offset": offset}
        state = self.rng.choices(("confirmed", "failed", "unknown", None), (70, 10, 10, 10))[0]
        if state is None or self.rng.random() < 0.5:
            consumer.say("commit", **where, state="asked")
        if state is not None:
            consumer.say("commit", **where, state=state)
        if state != "failed" and (state == "confirmed" or self.cluster.likely(0.5)):
            self.committed[consumer.group or consumer.name, place] = offset

    def seek(self):
        picked = self.some_owned()
        if picked is None or not self.seeks or picked[0] in self.reading:
            return
        consumer, place = picked
        end = len(self.cluster.partitions[place].log)
        consumer.positions[place] = self.rng.randint(self.cluster.base, max(self.cluster.base, end))
        consumer.say("seek", **consumer.where(place), offset=consumer.positions[place])

    def process(self):
        """Consume, process, produce in one transaction."""
        cluster, rng = self.cluster, self.rng
        writers = [p for p in self.producers if p.transactional]
        picked = self.some_owned()
        if not writers or picked is None or picked[0] in self.reading or (not self.seeks and not picked[0].group):
            return
        writer, (consumer, place) = rng.choice(writers), picked
        if writer.transaction is None:
            writer.begin()
        team, before = (consumer.group or consumer.name, place), consumer.positions[place]
        if self.committed.get(team) != before:
            consumer.say("commit", **consumer.where(place), offset=before, state="confirmed")
            self.committed[team] = before
        offsets = consumer.read(place, rng.randint(1, 3), within=writer.transaction)
        self.reading[consumer] = (writer, writer.transaction, place, before)
        if offsets and cluster.bend("twice"):
            offsets = [max(cluster.base, offsets[0] - 1)] + offsets[1:]
        if offsets:
            writer.produce(inputs=[(*place, o) for o in offsets])
        if cluster.likely(0.85):
            self.finish(writer)

    def finish(self, producer=None):
        """Ends a transaction; who read within it goes on, or goes back."""
        producer = producer or self.rng.choice(self.producers)
        transaction = producer.transaction
        landed = producer.finish()
        for consumer, (_, read_in, place, before) in list(self.reading.items()):
            if transaction is None or read_in != transaction:
                continue
            del self.reading[consumer]
            if place not in consumer.positions:
                continue
            if landed == "committed":
                self.committed[consumer.group or consumer.name, place] = consumer.positions[place]
            elif not self.cluster.bend("stay_after_abort"):
                consumer.positions[place] = before
                if self.cluster.likely(0.3):
                    consumer.say("seek", **consumer.where(place), offset=before)

    def audit(self, name):
        cluster, rng = self.cluster, self.rng
        auditor = SomeConsumer(cluster, name, None, auditor=True)
        for place, partition in cluster.partitions.items():
            if cluster.likely(0.15):
                continue
            start = partition.start
            if cluster.likely(0.5):
                auditor.assign(place, start, cluster.likely(0.7))
            else:
                auditor.positions[place] = start
            auditor.read(place, 1000)
            end = len(partition.log)
            if cluster.bend("short_audit"):
                end = max(start, end - rng.randint(1, 3))
            middle = rng.randint(start, end)
            ranges = [(start, middle), (middle, end)] if cluster.likely(0.3) else [(start, end)]
            for low, high in ranges:
                auditor.say("audit", **auditor.where(place), start=low, end=high)


def history(seed, mutations=0):
    records = Story(seed).tell()
    if mutations:
        records = mutate(random.Random(f"mutate {seed}"), records, mutations)
    return records


def broken(seed):
    rng = random.Random(f"broken {seed}")
    return break_input(rng, history(seed))


def main():
    seed = int(sys.argv[1])
    if "--broken" in sys.argv:
        data = broken(seed)
    else:
        data = dump(history(seed, 3 if "--mutate" in sys.argv else 0))
    sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
