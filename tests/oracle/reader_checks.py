"""Findings about one reader's own path through a partition."""

from .findings import Record, pair
from .readers import Ownership, passes_of


def skipped(w):
    """"passed by a reader that itself was never delivered it, though it was delivered to another one or found by an
    audit; or owed, and in the same ownership something beyond it was delivered without coming back. Per reader and
    stretch." Returns records.

    What vanished is not skipped; a record that may be replaced is never skipped; what an offset-conflict or a corrupt
    delivery at the offset explains is its consequence.
    """
    found = set()
    for consumer, place, offset, id_ in [*passed_over(w), *not_come_back(w)]:
        if id_ in w.vanished or w.excused(id_, offset) or w.may_be_replaced(id_, offset):
            continue
        if (place, offset) in w.conflicts or (consumer, place, offset) in w.corrupt_for:
            continue
        found.add((consumer, id_, offset))
    return [Record("skipped", "violation", (id_[1], id_[2]), id_[0], id_[3], (offset,), consumer)
            for consumer, id_, offset in found]


def passed_over(w):
    for (consumer, place), owns in w.ownerships.items():
        for id_ in list(w.deliveries_of):
            if (id_[1], id_[2]) != place or not w.rightly_readable(id_) or w.audit_got(consumer, id_):
                continue
            for offset in w.homes(id_):
                if any(w.passes[own].passed(offset, id_) for own in owns):
                    yield consumer, place, offset, id_


def not_come_back(w):
    """"after `aborted` the consumer must come back to the lowest of them before it is delivered anything beyond, in
    that ownership". A delivery is after the abort unless the same consumer still reads within that transaction later,
    or the clocks say that it was before."""
    for owns in w.ownerships.values():
        for own in owns:
            owed = {}  # (offset, transaction) -> id of what is owed again
            for event in own.events:
                if event.kind not in ("seek", "deliver"):
                    continue
                due = {debt for debt in owed if may_be_after_end(w, event, debt[1])}
                for offset, transaction in due:
                    if event.kind == "deliver" and offset < event.offset:
                        yield own.consumer, own.place, offset, owed[offset, transaction]
                    if event.offset <= offset:
                        del owed[offset, transaction]  # it has come back
                if can_be_owed(w, event) and w.end_of(event.within) == "aborted":
                    owed[event.offset, event.within] = event.id


def can_be_owed(w, event):
    return event.kind == "deliver" and event.within is not None and event.intact and event.id is not None and \
        not event.misrouted and w.rightly_readable(event.id)


def may_be_after_end(w, event, transaction):
    """Not if this consumer still reads within the transaction then or later, or the clocks say that it was before."""
    if w.order[id(event)] <= w.last_within[event.consumer, transaction]:
        return False
    ends = [moment for state, moment in w.history.transactions.get(transaction, []) if state == "aborted"]
    return not ends or not all(w.clocks.before(event.moment, moment) for moment in ends)


def rewound(w):
    """"a delivery at or below the offset delivered directly before, in one ownership, without seek, not owed. Once per
    step back, with the id at which it arrived. Same offset, other id: offset-conflict instead". "a step back over
    offsets that are gone or in conflict is not `rewound`". Returns findings."""
    result = []
    for owns in w.ownerships.values():
        for own in owns:
            for event in steps_back(w, own):
                result.append(pair("rewound", "violation", own.place, [event.id], [event.offset], own.consumer))
    return result


def steps_back(w, own):
    """What is corrupt is nothing else, and what is a phantom takes part in no check of order: neither arrives here."""
    gone = None
    last = None
    owed = set()  # (offset, transaction): "owed again if it does not commit"
    for event in own.events:
        if event.kind == "seek":
            last = None
        if event.kind != "deliver" or not event.intact or (event.id is not None and w.is_phantom(event)):
            continue
        returned = {debt for debt in owed if debt[0] == event.offset and may_be_after_end(w, event, debt[1])}
        if last is not None and event.offset <= last.offset:
            if gone is None:
                gone = w.gone_offsets(own.place) | {o for place, o in w.conflicts if place == own.place}
            same_spot = event.offset == last.offset and event.id != last.id
            excused = any(event.offset <= o <= last.offset for o in gone)
            if not same_spot and not excused and not returned:
                yield event
        last = event
        owed -= returned
        if event.within is not None and w.end_of(event.within) != "committed":
            owed.add((event.offset, event.within))


def epoch_regressed(w):
    """"in one ownership, at a higher offset a lower leader epoch than that of the delivery before: message and offset
    of the later". Returns findings."""
    result = []
    for owns in w.ownerships.values():
        for own in owns:
            last = None  # the delivery before that told its epoch
            for event in own.deliveries:
                if event.leader_epoch is None or not event.intact:
                    continue
                if last is not None and event.offset > last.offset and event.leader_epoch < last.leader_epoch:
                    result.append(pair("epoch-regressed", "violation", own.place, [event.id], [event.offset],
                                       own.consumer))
                last = event
    return result


def commit_ahead(w, skipped_records):
    """"a commit of o, not failed, while a known record had not been delivered to that consumer from the ownership's
    start, or the farthest seek or given position since, up to o. Gaps do not count. Messages: those records".
    What the reader had already read past by then is skipped; that it commits over it is the consequence."""
    skips = {(r.consumer, (r.producer, *r.place, r.sequence)) for r in skipped_records}
    found = set()
    for commit in w.commits:
        event = commit.event
        if event.state == "failed":
            continue
        own = next((o for o in w.ownerships[event.consumer, event.place] if event in o.events), None)
        low = None if own is None else floor_of(w, own, event)
        if low is None:
            continue
        had = {e.id for e in w.all_deliveries
               if e.consumer == event.consumer and w.order[id(e)] < w.order[id(event)]}
        for offset, id_ in w.known_records(event.place):
            skipped_over = (event.consumer, id_) in skips and passed_before(w, own, event, offset, id_)
            if low <= offset < event.offset and id_ not in had and not skipped_over and \
                    (event.consumer, event.place, offset) not in w.corrupt_for:
                found.add((event.consumer, id_, offset))
    return [Record("commit-ahead", "violation", (id_[1], id_[2]), id_[0], id_[3], (offset,), consumer)
            for consumer, id_, offset in found]


def passed_before(w, own, commit, offset, id_):
    until = [e for e in own.events if w.order[id(e)] < w.order[id(commit)]]
    return passes_of(Ownership(own.consumer, own.place, own.number, until)).passed(offset, id_)


def floor_of(w, own, commit):
    """The start: from `assign`, else the first delivery; a seek after the commit tells nothing about it."""
    told = [e for e in own.events if e.kind in ("assign", "seek", "deliver") and e.offset is not None]
    start = own.start if told and told[0].kind != "seek" else next((e.offset for e in own.deliveries), None)
    given = [] if start is None else [start]
    for event in own.events:
        if w.order[id(event)] < w.order[id(commit)] and event.kind in ("assign", "seek") and event.offset is not None:
            given.append(event.offset)
    return max(given) if given else None
