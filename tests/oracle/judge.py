"""From the bytes of a history to the result of section 5."""

from . import delivery_checks, group_checks, order_checks, reader_checks, sample_checks, transaction_checks
from .books import books, oddities
from .findings import group, sort_findings
from .groups import World
from .history import History


def judge(data):
    world = World(History(data))
    found = sort_findings(all_findings(world))
    the_books = books(world)
    reasons = reasons_of(world, the_books, found)
    if any(f["severity"] == "violation" for f in found):
        verdict, code = "fail", 10
    elif reasons:
        verdict, code = "inconclusive", 12
    else:
        verdict, code = "pass", 0
    return {"verdict": verdict, "exit_code": code, "reasons": reasons, "books": the_books, "findings": found}


def all_findings(w):
    pairs = group_checks.double_owner_pairs(w)
    skipped = reader_checks.skipped(w)
    skipped_ids = {(r.producer, *r.place, r.sequence) for r in skipped}
    records = [
        *skipped,
        *delivery_checks.lost(w),
        *delivery_checks.torn_transaction(w),
        *delivery_checks.unread(w),
        *delivery_checks.unprocessed(w, skipped_ids),
        *delivery_checks.vanished(w),
        *delivery_checks.duplicated(w),
        *delivery_checks.wrong_ack_offset(w),
        *delivery_checks.phantom(w),
        *delivery_checks.misrouted(w),
        *delivery_checks.corrupt(w),
        *reader_checks.commit_ahead(w),
        *group_checks.double_owner(w, pairs),
        *group_checks.redelivered(w, pairs),
        *group_checks.resume_mismatch(w, pairs),
        *transaction_checks.aborted_read(w),
        *transaction_checks.uncommitted_read(w),
    ]
    return [
        *group(records),
        *delivery_checks.offset_conflict(w),
        *reader_checks.rewound(w),
        *reader_checks.epoch_regressed(w),
        *order_checks.reordered(w),
        *order_checks.realtime_reordered(w),
        *transaction_checks.processed_twice(w),
        *transaction_checks.read_cycle(w),
        *sample_checks.epoch_regressed(w),
        *sample_checks.end_regressed(w),
    ]


def reasons_of(w, the_books, found):
    """What makes the run inconclusive; listed in a fail, too."""
    reasons = []
    undecided = sorted({f["kind"] for f in found if f["severity"] == "undecided"})
    if undecided:
        reasons.append("undecided: " + ", ".join(undecided))
    reasons += [f"the books do not balance: line {line}: {why}" for line, why in oddities(w)]
    if the_books["acked"] == 0:
        reasons.append("nothing was acked")
    if not w.history.has_end:
        reasons.append("the history has no end: it was cut off")
    for name, lines in sorted(w.history.faults.items()):
        states = {line["state"] for line in lines}
        if "active" not in states:
            reasons.append(f"fault {name} never became active")
        elif "reverted" not in states:
            reasons.append(f"fault {name} was active and was not reverted")
    return reasons
