"""Histories as lists of records: cut into single messages, cut into runs at random, mixed at random, written."""

import json

RUNS = ("send", "ack", "refuse", "unknown", "deliver")


def dump(records):
    return b"".join(json.dumps(r, separators=(",", ":")).encode() + b"\n" for r in records)


def load(data):
    return [json.loads(line) for line in data.splitlines()]


def actor_of(record, number):
    """Lines of one producer, and of one consumer, keep their order; every other line stands for itself."""
    if record["event"] in ("run", "end"):
        return record["event"], None
    if record["event"] in ("consumer", "assign", "revoke", "seek", "deliver", "commit", "audit"):
        return "consumer", record["consumer"]
    if "producer" in record:
        return "producer", record["producer"]
    return "line", number


def streams_of(records):
    streams = {}
    for number, record in enumerate(records):
        streams.setdefault(actor_of(record, number), []).append(record)
    return streams


def mix(rng, streams):
    """One history of all streams: `run` first, `end` last, the rest in any order that keeps each stream's own."""
    first = streams.get(("run", None), [])
    last = streams.get(("end", None), [])
    queues = [list(s) for who, s in streams.items() if who[0] not in ("run", "end")]
    order = [n for n, queue in enumerate(queues) for _ in queue]
    style = rng.random()
    if style < 0.7:
        rng.shuffle(order)
    elif style < 0.85:
        order.reverse()
    places = [0] * len(queues)
    body = []
    for n in order:
        body.append(queues[n][places[n]])
        places[n] += 1
    return first + body + last


def expand(records):
    """Every run as single messages."""
    result = []
    for record in records:
        count = record.get("count", 1) if record["event"] in RUNS else 1
        for step in range(count):
            single = {k: v for k, v in record.items() if k != "count"}
            for field in ("sequence", "offset"):
                if record["event"] in RUNS and single.get(field) is not None:
                    single[field] += step
            result.append(single)
    return result


def cut(rng, singles, join=0.8):
    """Neighbouring single messages of one actor's stream joined into runs, with the given likelihood."""
    result = []
    for record in singles:
        last = result[-1] if result else None
        if last is not None and rng.random() < join and follows(last, record):
            last["count"] = last.get("count", 1) + 1
        else:
            result.append(dict(record))
    return result


def follows(last, record):
    if last["event"] not in RUNS or last["event"] != record["event"]:
        return False
    moving = ("sequence", "offset", "count")
    if {k: v for k, v in last.items() if k not in moving} != {k: v for k, v in record.items() if k not in moving}:
        return False
    count = last.get("count", 1)
    for field in ("sequence", "offset"):
        before, now = last.get(field), record.get(field)
        if (field in last) != (field in record) or (before is None) != (now is None):
            return False
        if before is not None and now != before + count:
            return False
    return True


def recut_and_remix(rng, records):
    """The same evidence, told in another way: the result must not change."""
    join = rng.choice((0.0, 0.5, 1.0))
    streams = {who: cut(rng, expand(stream), join) for who, stream in streams_of(records).items()}
    return mix(rng, streams)
