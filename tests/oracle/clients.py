"""The producers and consumers of the simulated Kafka in simulate.py."""

from .simulate import Stored

KEYS = ("k1", "k2", "k3")


class SomeProducer:
    def __init__(self, cluster, name):
        self.cluster, self.name, self.rng = cluster, name, cluster.rng
        self.host = cluster.some_host()
        self.transactional = self.rng.random() < 0.35
        fields = {"producer": name}
        acks = self.rng.choice(("all", "all", "all", "1", "0"))
        if acks != "all" or self.rng.random() < 0.5:
            fields["acks"] = acks
        if self.rng.random() < 0.35:
            fields["idempotence"] = self.rng.random() < 0.4
        if self.rng.random() < 0.3:
            fields["max_in_flight"] = self.rng.choice((1, 1, 5))
        if self.host:
            fields["host"] = self.host
        self.actor = ("producer", name)
        self.cluster.say(self.actor, "producer", self.host, **fields)
        self.transaction = None
        self.number = 0
        self.next = {}  # place -> sequence
        self.recent = []  # (stored, place) that may be stored again

    def say(self, event, **fields):
        return self.cluster.say(self.actor, event, self.host, **fields)

    def begin(self):
        self.number += 1
        self.transaction = (self.name, self.number)
        if self.rng.random() < 0.8:
            self.say("transaction", producer=self.name, transaction=self.number, state="begun")

    def produce(self, place=None, inputs=()):
        cluster, rng = self.cluster, self.rng
        if self.transactional and self.transaction is None:
            self.begin()
        partition = cluster.partitions[place or rng.choice(list(cluster.partitions))]
        place = partition.place
        count = len(inputs) or rng.randint(1, 4)
        first = self.next.get(place, 0)
        self.next[place] = first + count
        keyed = rng.random() < (0.8 if cluster.compact(place) else 0.1)
        batch = [Stored((self.name, *place, first + n), rng.choice(KEYS) if keyed else None, self.transaction)
                 for n in range(count)]
        fields = [{"producer": self.name, "topic": place[0], "partition": place[1], "sequence": s.id[3]} for s in batch]
        for stored, where, of in zip(batch, fields, list(inputs) + [None] * count):
            if cluster.bend("never_sent"):
                continue
            more = {"key": stored.key} if stored.key else {}
            if self.transaction:
                more["transaction"] = self.number
            self.say("send", **where, **more)
            if of is not None:
                self.say("input", **where, of={"topic": of[0], "partition": of[1], "offset": of[2]})
        self.settle(partition, batch, fields)

    def settle(self, partition, batch, fields):
        cluster, rng = self.cluster, self.rng
        never = 5 if self.transaction is None else 0  # a transaction with a failed send cannot commit
        fate = rng.choices(("ack", "landed", "never", "refuse", "silent"), (80, 6, never, 4, 5))[0]
        if fate == "refuse" and not cluster.bend("refused_lands"):
            return self.answer("refuse", batch, fields, None)
        offsets = {}
        if fate != "never":
            order = list(batch)
            if cluster.bend("reorder"):
                rng.shuffle(order)
            for stored in order:
                offsets[stored.id] = self.store(partition, stored)
            if cluster.bend("duplicate"):
                for stored in rng.sample(batch, rng.randint(1, len(batch))):
                    self.store(partition, stored)
        if fate in ("landed", "never", "refuse"):
            return self.answer("refuse" if fate == "refuse" else "unknown", batch, fields, None)
        if fate == "ack":
            self.answer("ack", batch, fields, offsets)

    def store(self, partition, stored):
        cluster, rng = self.cluster, self.rng
        if cluster.bend("lose"):
            return cluster.append(partition, None) if rng.random() < 0.5 else len(partition.log)
        if cluster.bend("misroute"):
            other = rng.choice(list(cluster.partitions.values()))
            return cluster.append(other, stored)
        if cluster.bend("foreign"):
            cluster.append(partition, Stored(None))
        if cluster.bend("phantom"):
            cluster.append(partition, Stored((self.name, *partition.place, stored.id[3] + 50)))
        return cluster.append_out_of_turn(partition, stored)

    def answer(self, event, batch, fields, offsets):
        cluster, rng = self.cluster, self.rng
        told = rng.random() < 0.9
        for stored, where in zip(batch, fields):
            if event == "ack":
                offset = offsets[stored.id]
                if cluster.bend("wrong_ack"):
                    offset = rng.choice((0, max(0, offset - 1), offset + 1))
                self.say("ack", **where, offset=offset if told else None)
            else:
                self.say(event, **where)
            if cluster.bend("second_outcome"):
                self.say(rng.choice(("unknown", "refuse")), **where)

    def finish(self, how=None):
        if self.transaction is None:
            return None
        cluster, number, done = self.cluster, self.number, self.transaction
        how = how or self.rng.choices(("commit", "abort", "lost_commit", "lost_abort", "nothing"), (60, 20, 8, 4, 8))[0]
        ask = {"commit": "commit_asked", "abort": "abort_asked", "lost_commit": "commit_asked",
               "lost_abort": "abort_asked"}.get(how)
        if ask and not cluster.bend("not_asked"):
            self.say("transaction", producer=self.name, transaction=number, state=ask)
        landed = {"commit": "committed", "abort": "aborted", "lost_commit": self.rng.choice(("committed", "aborted")),
                  "lost_abort": "aborted"}.get(how)
        if landed == "committed" and cluster.bend("tear"):
            for partition in cluster.partitions.values():
                mine = [n for n, s in enumerate(partition.log) if s and s.transaction == done]
                if mine:
                    partition.log[self.rng.choice(mine)] = None
        if landed:
            cluster.end_transaction(done, landed)
        said = {"commit": "committed", "abort": "aborted"}.get(how)
        if how.startswith("lost") and self.rng.random() < 0.6:
            said = self.rng.choice(("unknown", "aborted"))
        if said:
            self.say("transaction", producer=self.name, transaction=number, state=said)
        self.transaction = None
        return landed


class SomeConsumer:
    def __init__(self, cluster, name, group, auditor=False):
        self.cluster, self.name, self.group, self.rng = cluster, name, group, cluster.rng
        self.host = cluster.some_host()
        self.actor = ("consumer", name)
        fields = {"consumer": name}
        if group is not None or self.rng.random() < 0.5:
            fields["group"] = group
        if self.host:
            fields["host"] = self.host
        self.committed_only = auditor or self.rng.random() < 0.8
        if not self.committed_only:
            fields["isolation"] = "read_uncommitted"
        if self.rng.random() < 0.2:
            fields["reset"] = self.rng.choice(("latest", "error", "earliest"))
        self.say("consumer", **fields)
        self.positions = {}
        self.undone = {}  # place -> lowest offset read within the transaction that is open

    def say(self, event, **fields):
        return self.cluster.say(self.actor, event, self.host, **fields)

    def where(self, place):
        return {"consumer": self.name, "topic": place[0], "partition": place[1]}

    def assign(self, place, position, tell):
        self.say("assign", **self.where(place), **({"position": position} if tell else {}))
        self.positions[place] = position

    def revoke(self, place):
        self.say("revoke", **self.where(place))
        self.positions.pop(place, None)

    def read(self, place, count, within=None):
        """Delivers up to `count` records; returns [(offset, id)]."""
        cluster, rng = self.cluster, self.rng
        partition = cluster.partitions[place]
        result = []
        for _ in range(count):
            if cluster.bend("rewind"):
                self.positions[place] = max(partition.start, self.positions[place] - rng.randint(1, 3))
            found = cluster.visible(partition, self.positions[place], self.committed_only)
            if found is None:
                break
            offset, stored = found
            self.positions[place] = offset + 1
            if cluster.bend("skip"):
                continue
            self.deliver(place, offset, stored, within)
            result.append(offset)
        return result

    def deliver(self, place, offset, stored, within):
        cluster, rng = self.cluster, self.rng
        fields = {**self.where(place), "offset": offset}
        if stored.id is None:
            fields["producer"] = None
        else:
            fields |= {"producer": stored.id[0], "sequence": stored.id[3]}
            if stored.id[1:3] != place:
                fields["target"] = {"topic": stored.id[1], "partition": stored.id[2]}
        if cluster.bend("corrupt"):
            fields["intact"] = False
        if cluster.partitions[place].epoch or rng.random() < 0.2:
            fields["leader_epoch"] = max(0, cluster.partitions[place].epoch - (1 if cluster.bend("old_epoch") else 0))
        if within is not None:
            fields["within"] = {"producer": within[0], "transaction": within[1]}
        self.say("deliver", **fields)
