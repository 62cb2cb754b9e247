"""The table of events of the history contract, section 1: which fields a line may and must have, and of which type.

A field is `name: (type, required, nullable)`. Types: text, count (a whole number >= 1), number (>= 0), signed,
flag, numbers (a list of them), a tuple of allowed texts, or a dict of fields for an object within the line.
"""

PLACE = {"topic": ("text", True, False), "partition": ("number", True, False)}
MESSAGE = {"producer": ("text", True, False), **PLACE, "sequence": ("number", True, False)}
AT = {"at": ("number", False, False)}
COUNT = {"count": ("count", False, False)}
READER = {"consumer": ("text", True, False), **PLACE}


def required(kind):
    return (kind, True, False)


def optional(kind):
    return (kind, False, False)


EVENTS = {
    "run": {"format": required("one"), "run": required("text")},
    "topic": {
        "topic": required("text"),
        "partitions": required("count"),
        "replication_factor": optional("count"),
        "min_insync_replicas": optional("count"),
        "unclean_leader_election": optional("flag"),
        "cleanup_policy": optional(("delete", "compact")),
    },
    "producer": {
        "producer": required("text"),
        "host": optional("text"),
        "acks": optional(("all", "1", "0")),
        "idempotence": optional("flag"),
        "max_in_flight": optional("count"),
        "transactional_id": optional("text"),
    },
    "send": {**MESSAGE, **COUNT, **AT, "transaction": optional("number"), "key": optional("text")},
    "ack": {**MESSAGE, "offset": ("number", True, True), **COUNT, **AT},
    "refuse": {**MESSAGE, **COUNT, **AT, "reason": optional("text")},
    "unknown": {**MESSAGE, **COUNT, **AT, "reason": optional("text")},
    "transaction": {
        "producer": required("text"),
        "transaction": required("number"),
        "state": required(("begun", "commit_asked", "committed", "abort_asked", "aborted", "unknown")),
        **AT,
    },
    "consumer": {
        "consumer": required("text"),
        "host": optional("text"),
        "group": ("text", False, True),
        "isolation": optional(("read_committed", "read_uncommitted")),
        "reset": optional(("earliest", "latest", "error")),
    },
    "assign": {**READER, "position": ("number", False, True), **AT},
    "revoke": {**READER, "lost": optional("flag"), **AT},
    "seek": {**READER, "offset": required("number"), **AT},
    "deliver": {
        **READER,
        "offset": required("number"),
        "producer": ("text", True, True),
        # Required unless the record is not one of ours: rules.py looks at that.
        "sequence": ("number", False, True),
        "target": optional({"topic": required("text"), "partition": required("number")}),
        **COUNT,
        **AT,
        "intact": optional("flag"),
        "leader_epoch": optional("number"),
        "within": optional({"producer": required("text"), "transaction": required("number")}),
    },
    "commit": {
        **READER,
        "offset": required("number"),
        "state": required(("asked", "confirmed", "failed", "unknown")),
        **AT,
    },
    "input": {
        **MESSAGE,
        "of": required({"topic": required("text"), "partition": required("number"), "offset": required("number")}),
    },
    "audit": {**READER, "start": required("number"), "end": required("number")},
    "sample": {
        **PLACE,
        **AT,
        "host": optional("text"),
        "log_start": optional("number"),
        "end": optional("number"),
        "leader": optional("number"),
        "leader_epoch": optional("number"),
        "isr": optional("numbers"),
    },
    "clock": {"host": required("text"), "offset_ns": required("signed"), "error_ns": required("number")},
    "fault": {
        "fault": required("text"),
        "kind": required("text"),
        "target": required("text"),
        "state": required(("planned", "injecting", "active", "reverting", "reverted", "failed")),
        **AT,
        "host": optional("text"),
        "proof": optional("text"),
    },
    "end": {},
}
