"""Plain days: producers, readers by hand and members of groups of their own, no transactions, and hardly anything wrong.
The judge goes through such partitions the short way, so this is where the short way must notice what is not plain."""

import random

from .lines_of import cut, mix
from .mutate import configure, double, drop, forget, mutate, retime, shift, swap


def plain(seed, edits=None):
    rng = random.Random(f"plain {seed}")
    hosts = rng.choice((("h1",), ("h1", "h2"), (None,)))
    streams = {("run", None): [{"event": "run", "format": 1, "run": "r"}],
               ("end", None): [{"event": "end"}] if rng.random() < 0.9 else []}

    def say(who, event, host=None, at=None, **fields):
        record = {"event": event, **{k: v for k, v in fields.items() if v is not None}}
        if host is not None and event in ("producer", "consumer"):
            record["host"] = host
        if at is not None:
            record["at"] = at
        streams.setdefault(who, []).append(record)

    if rng.random() < 0.7:
        say(("line", 1), "topic", topic="t", partitions=rng.choice((1, 2)), unclean_leader_election=rng.choice((None, None, True)))
    for host in hosts:
        if host and rng.random() < 0.5:
            say(("line", host), "clock", offset_ns=rng.randint(-5, 5), error_ns=rng.randint(0, 4))
            streams["line", host][-1]["host"] = host
    timed = rng.random() < 0.8
    place = {"topic": "t", "partition": 0}
    log, now, next_sequence = [], 100, {}
    producers = [f"p{n}" for n in range(rng.choice((1, 1, 2, 3)))]
    host_of = {name: rng.choice(hosts) for name in producers}
    for name in producers:
        say(("producer", name), "producer", host_of[name], producer=name, idempotence=rng.choice((None, None, False)))
    for _ in range(rng.randint(1, 6)):
        name, count = rng.choice(producers), rng.randint(1, 4)
        first = next_sequence.get(name, 0)
        next_sequence[name] = first + count
        offset = len(log) if rng.random() < 0.9 else len(log) + 1
        log += [None] * (offset - len(log))
        where = {**place, "producer": name}
        for n in range(count):
            say(("producer", name), "send", sequence=first + n, at=now if timed else None, **where)
        now += rng.randint(0, 6)
        answered = rng.random()
        if answered < 0.94:
            for n in range(count):
                say(("producer", name), "ack", sequence=first + n, offset=offset + n, at=now if timed else None, **where)
                log.append((name, first + n, now))
    low = rng.choice((0, 0, 0, 1))
    if rng.random() < 0.3:
        say(("line", 2), "sample", log_start=rng.choice((0, low)), end=len(log), leader_epoch=1, **place)
    for n in range(rng.choice((1, 2, 2, 3))):
        name, host = f"c{n}", rng.choice(hosts)
        who, where = ("consumer", f"c{n}"), {**place, "consumer": f"c{n}"}
        audits = rng.random() < 0.4
        group = None if audits else rng.choice((None, f"g{n}", f"g{n}", "g"))
        say(who, "consumer", host, consumer=name, group=group, isolation=rng.choice((None, None, "read_uncommitted")))
        start = rng.choice((0, 0, 0, low))
        if rng.random() < 0.8:
            say(who, "assign", position=rng.choice((start, None)), **where)
        end = len(log) if audits or rng.random() < 0.8 else rng.randint(0, len(log))
        epoch, clock = 0, now + rng.randint(0, 9)
        for offset in range(start, end):
            if log[offset] is None:
                continue
            producer, sequence, _ = log[offset]
            epoch += rng.random() < 0.1
            clock += rng.randint(0, 1)
            say(who, "deliver", offset=offset, producer=producer, sequence=sequence, at=clock if timed else None,
                leader_epoch=epoch, **where)
            if group and rng.random() < 0.2:
                say(who, "commit", offset=offset + 1, state=rng.choice(("asked", "confirmed", "failed")), **where)
        if audits:
            say(who, "audit", start=start, end=len(log), **where)
        elif rng.random() < 0.3:
            say(who, "revoke", **where)
    join = rng.choice((0.0, 0.9, 1.0))
    records = mix(rng, {who: cut(rng, stream, join) for who, stream in streams.items()})
    for _ in range(rng.choice((0, 1, 1, 2)) if edits is None else edits):
        rng.choice((drop, shift, shift, forget, swap, double, configure, retime, retime))(rng, records)
    return records if rng.random() < 0.9 else mutate(rng, records, 2)
