"""Small hostile edits of a valid history, and edits that break one input rule."""

import json

from .lines_of import dump

NAMES = {
    "isolation": ("read_committed", "read_uncommitted"), "acks": ("all", "1", "0"), "idempotence": (True, False),
    "max_in_flight": (1, 2, 5), "intact": (False, True), "leader_epoch": (0, 1, 2), "cleanup_policy": ("compact", "delete"),
    "unclean_leader_election": (True, False), "min_insync_replicas": (1, 2), "replication_factor": (1, 2, 3),
    "reset": ("latest", "earliest"), "host": ("h1", "h2", "h3"), "group": ("g", "h", None), "key": ("k1", "k2"),
}


def mutate(rng, records, count):
    records = [dict(r) for r in records]
    for _ in range(rng.randint(1, count)):
        edit = rng.choice((drop, drop, shift, shift, restate, forget, swap, double, rename, configure, configure, retime,
                           move_within))
        edit(rng, records)
    return records


def pick(rng, records, wanted):
    fitting = [n for n, r in enumerate(records) if r["event"] not in ("run", "end") and wanted(r)]
    return rng.choice(fitting) if fitting else None


def drop(rng, records):
    at = pick(rng, records, lambda r: r["event"] not in ("producer", "consumer"))
    if at is not None:
        del records[at]


def shift(rng, records):
    field = rng.choice(("offset", "offset", "sequence", "position", "start", "end", "log_start", "count", "transaction",
                        "partition"))
    at = pick(rng, records, lambda r: isinstance(r.get(field), int))
    if at is not None:
        least = 1 if field == "count" else 0
        records[at][field] = max(least, records[at][field] + rng.choice((-2, -1, -1, 1, 1, 2)))


def restate(rng, records):
    states = {"transaction": ("begun", "commit_asked", "committed", "abort_asked", "aborted", "unknown"),
              "commit": ("asked", "confirmed", "failed", "unknown"),
              "fault": ("planned", "injecting", "active", "reverting", "reverted", "failed")}
    at = pick(rng, records, lambda r: r["event"] in states)
    if at is not None:
        records[at]["state"] = rng.choice(states[records[at]["event"]])


def forget(rng, records):
    """Takes away what need not be told."""
    field = rng.choice(("at", "position", "key", "transaction", "within", "offset", "host", "target", "group", "sequence"))
    at = pick(rng, records, lambda r: field in r and (field != "offset" or r["event"] == "ack")
              and (field != "sequence" or r["event"] == "deliver")
              and (field != "transaction" or r["event"] == "send") and (field != "host" or r["event"] != "clock"))
    if at is None:
        return
    if field == "offset":
        records[at]["offset"] = None
    elif field == "sequence":
        records[at] |= {"producer": None, "sequence": None}
        records[at].pop("target", None)
    else:
        records[at].pop(field)


def swap(rng, records):
    at = pick(rng, records, lambda r: r["event"] not in ("producer", "consumer"))
    if at is None or at + 1 >= len(records) or records[at + 1]["event"] in ("producer", "consumer", "end"):
        return
    other = rng.randint(at + 1, min(len(records) - 1, at + 8))
    if records[other]["event"] not in ("producer", "consumer", "end", "run"):
        records[at], records[other] = records[other], records[at]


def double(rng, records):
    at = pick(rng, records, lambda r: r["event"] not in ("producer", "consumer", "topic", "audit"))
    if at is not None:
        records.insert(rng.randint(at, min(len(records) - 1, at + 10)), dict(records[at]))


def rename(rng, records):
    field = rng.choice(("producer", "consumer", "topic"))
    declares = {"producer": "producer", "consumer": "consumer", "topic": "topic"}[field]
    names = [r[field] for r in records if r["event"] == declares]
    at = pick(rng, records, lambda r: r["event"] != declares and r.get(field) is not None)
    if at is not None and names:
        records[at][field] = rng.choice(names)


def configure(rng, records):
    places = {"isolation": "consumer", "reset": "consumer", "group": "consumer", "acks": "producer",
              "idempotence": "producer", "max_in_flight": "producer", "cleanup_policy": "topic",
              "unclean_leader_election": "topic", "min_insync_replicas": "topic", "replication_factor": "topic",
              "intact": "deliver", "leader_epoch": "deliver", "key": "send",
              "host": rng.choice(("producer", "consumer", "sample"))}
    field = rng.choice(list(places))
    at = pick(rng, records, lambda r: r["event"] == places[field])
    if at is not None:
        records[at][field] = rng.choice(NAMES[field])


def retime(rng, records):
    at = pick(rng, records, lambda r: "at" in r)
    if at is not None:
        records[at]["at"] = max(0, records[at]["at"] + rng.choice((-60, -10, -3, -1, 1, 3, 10, 60)))


def move_within(rng, records):
    at = pick(rng, records, lambda r: r["event"] == "deliver")
    ends = [r for r in records if r["event"] == "transaction"]
    if at is not None and ends:
        end = rng.choice(ends)
        records[at]["within"] = {"producer": end["producer"], "transaction": end["transaction"]}


# Broken input: each returns bytes that break one rule.

HUGE = 2**63 - 1


def break_input(rng, records):
    records = [json.loads(json.dumps(r)) for r in records]
    at = rng.randrange(len(records))
    kind = rng.choice(("bytes", "bytes", "field", "field", "number", "number", "order", "order"))
    if kind == "bytes":
        return break_bytes(rng, records, at)
    if kind == "field":
        break_field(rng, records[at])
    elif kind == "number":
        break_number(rng, records, at)
    else:
        break_order(rng, records, at)
    return dump(records)


def break_bytes(rng, records, at):
    lines = dump(records).split(b"\n")[:-1]
    line = lines[at]
    lines[at] = rng.choice((
        b"", b" ", b"[]", b"null", b"1", line[:-1], line + b"}", line[:rng.randrange(len(line))], b"\xef\xbb\xbf" + line,
        line.replace(b'"event"', b'"ev\xffent"', 1), line[:-1] + b',"event":"end"}', line[:-1] + b',"at":NaN}',
        line[:-1] + b',"x":"\\ud800"}', line[:-1] + b',"at":1.5}', line[:-1] + b',"at":1e2}', line + b"\r", b" " + line,
        line[:-1] + b',}', line[:-1] + b',"at":01}', line[:-1] + b',"at":-1}', line.replace(b":", b" : "), b"\x00" + line,
        line[:-1] + b',"at":9223372036854775808}', line[:-1] + b',"at":99999999999999999999999}',
        line[:-1] + b',"within":{"producer":"p1","producer":"p1","transaction":1}}', line[:-1] + b',"at":"a\x01"}'))
    data = b"\n".join(lines)
    return data + rng.choice((b"", b"\n", b"\n", b"\n", b"\n\n"))


def break_field(rng, record):
    field = rng.choice(list(record))
    how = rng.choice(("drop", "null", "type", "unknown", "nested", "empty"))
    if how == "drop":
        del record[field]
    elif how == "null":
        record[field] = None
    elif how == "type":
        record[field] = rng.choice((True, 1, 0, "1", 1.0, [], {}, [1], "x", -1, None))
    elif how == "unknown":
        record[rng.choice(("x", "Event", "offsets", "group", "at ", "transaction", "key"))] = 1
    elif how == "empty":
        record[field] = ""
    else:
        field = rng.choice(("target", "of", "within"))
        record[field] = rng.choice((
            {}, {"topic": "a"}, {"topic": "a", "partition": "0"}, {"topic": "a", "partition": 0, "x": 1}, None, [],
            {"producer": "p1", "transaction": "1"}, {"producer": None, "transaction": 1}, {"topic": "a", "partition": -1},
            {"topic": "a", "partition": 9}, {"producer": "p1", "transaction": True}, {"topic": "a", "partition": 0}))


def break_number(rng, records, at):
    wanted = rng.choice(("count", "offset", "sequence", "partition", "at", "partitions", "replication_factor", "format",
                         "min_insync_replicas", "max_in_flight", "start", "end", "transaction", "position", "error_ns",
                         "offset_ns", "isr"))
    fitting = [r for r in records if wanted in r] or [records[at]]
    values = (0, -1, 1, HUGE, HUGE - 1, HUGE + 1, 2**64, -2**63, 99, True, [1, -1], [0])
    if wanted == "count":
        values = (0, -1, 2, HUGE + 1, 2**64, True)  # the slow judge holds every message of a run
    if wanted == "partition":
        values = (0, -1, 1, 99, 2**31 - 1, True)  # Kafka's own type; the fast judge refuses what is beyond it
    rng.choice(fitting)[wanted] = rng.choice(values)


def break_order(rng, records, at):
    """Moves, doubles or drops a line; often still valid, which both judges must agree on, too."""
    other = rng.randrange(len(records))
    how = rng.choice(("move", "double", "drop", "cut", "stranger"))
    if how == "move":
        records.insert(other, records.pop(at))
    elif how == "double":
        records.insert(other, dict(records[at]))
    elif how == "drop":
        del records[at]
    elif how == "cut":
        del records[at:]
    else:
        named = [r for r in records if "producer" in r or "consumer" in r]
        if named:
            record = rng.choice(named)
            record["producer" if "producer" in record else "consumer"] = "stranger"
