"""Short words to write a history by hand: topic "t", partition 0 unless told otherwise; run and end are added."""


def history_of(*records, end=True):
    flat = [r for part in records for r in (part if isinstance(part, list) else [part])]
    return [{"event": "run", "format": 1, "run": "by hand"}, *flat, *([{"event": "end"}] if end else [])]


def line(event, *, partition=0, **fields):
    return {"event": event, "topic": "t", "partition": partition, **fields}


def topic(**config):
    return {"event": "topic", "topic": "t", "partitions": 2, **config}


def producer(name="p", **config):
    return {"event": "producer", "producer": name, **config}


def consumer(name="c", **config):
    return {"event": "consumer", "consumer": name, **config}


def send(sequence, count=1, by="p", **more):
    return line("send", producer=by, sequence=sequence, count=count, **more)


def ack(sequence, offset, count=1, by="p", **more):
    return line("ack", producer=by, sequence=sequence, offset=offset, count=count, **more)


def sent(sequence, offset, count=1, by="p", **more):
    """Sent and acked."""
    both = {k: v for k, v in more.items() if k == "partition"}
    return [send(sequence, count, by, **more), ack(sequence, offset, count, by, **both)]


def refuse(sequence, by="p", **more):
    return line("refuse", producer=by, sequence=sequence, **more)


def state(number, *states, by="p", **more):
    return [{"event": "transaction", "producer": by, "transaction": number, "state": s, **more} for s in states]


def assign(position=None, who="c", **more):
    return line("assign", consumer=who, **({} if position is None else {"position": position}), **more)


def revoke(who="c", **more):
    return line("revoke", consumer=who, **more)


def seek(offset, who="c", **more):
    return line("seek", consumer=who, offset=offset, **more)


def deliver(offset, sequence, count=1, who="c", by="p", **more):
    foreign = {"producer": None} if sequence is None else {"producer": by, "sequence": sequence}
    return line("deliver", consumer=who, offset=offset, count=count, **foreign, **more)


def commit(offset, state="confirmed", who="c", **more):
    return line("commit", consumer=who, offset=offset, state=state, **more)


def audit(start, end, *reads, who="z"):
    """A reader that audits: (offset, sequence[, count[, producer]]) of what it found."""
    found = [deliver(r[0], r[1], r[2] if len(r) > 2 else 1, who, r[3] if len(r) > 3 else "p") for r in reads]
    return [consumer(who), *found, line("audit", consumer=who, start=start, end=end)]


def sample(**fields):
    return line("sample", **fields)


def fault(*states, kind="kill", name="f"):
    return [{"event": "fault", "fault": name, "kind": kind, "target": "b1", "state": s} for s in states]


def clock(host, offset=0, error=0):
    return {"event": "clock", "host": host, "offset_ns": offset, "error_ns": error}


def within(number, by="p"):
    return {"within": {"producer": by, "transaction": number}}


def input_of(sequence, offset, by="p", **more):
    return line("input", producer=by, sequence=sequence, of={"topic": "t", "partition": 1, "offset": offset}, **more)
