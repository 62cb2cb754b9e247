"""Findings about the members of a group against each other."""

from .findings import Record


def double_owner_pairs(w):
    """"two members of one group whose ownerships clock-safely overlap are each delivered records after one of the
    other". Returns [(earlier, later, what the earlier was delivered after a record of the later)].

    That each is delivered something clock-safely after something of the other shows the overlap, too.
    """
    result = []
    for _, _, owns in w.group_ownerships():
        for a in owns:
            for b in owns:
                if a.consumer == b.consumer or not w.earlier(a, b):
                    continue
                late_a = [e for e in a.deliveries if any(w.clocks.before(x.moment, e.moment) for x in b.deliveries)]
                late_b = [e for e in b.deliveries if any(w.clocks.before(x.moment, e.moment) for x in a.deliveries)]
                if late_a and late_b:
                    result.append((a, b, late_a))
    return result


def double_owner(w, pairs):
    """"Messages: what the earlier owner was delivered after a record of the other; consumer: the earlier owner." """
    found = {(earlier.consumer, event.place, event.id, event.offset)
             for earlier, _, late in pairs for event in late if event.id is not None and event.intact}
    return [Record("double-owner", "violation", place, id_[0], id_[3], (offset,), consumer)
            for consumer, place, id_, offset in found]


def redelivered(w, pairs):
    """"delivered again in a later ownership of the group, not sought, not audited, and no earlier delivery of it in the
    group within a transaction that did not commit. allowed, unless a commit beyond it was confirmed before that
    ownership began: clock-safely, or in an earlier line of the same consumer" """
    doubles = {frozenset((id(a), id(b))) for a, b, _ in pairs}
    found = set()
    for group, place, owns in w.group_ownerships():
        for own in owns:
            if (own.consumer, place) in w.history.audits:
                continue
            before = [o for o in owns if o is not own and w.earlier(o, own)]
            for event in not_sought(own):
                if w.never_ours(event.id) or not w.counts_as_delivered(event):
                    continue
                again = [(o, e) for o in before for e in o.deliveries
                         if e.intact and e.id == event.id and e.offset == event.offset and w.counts_as_delivered(e)]
                if any(e.within is not None and w.end_of(e.within) != "committed" for _, e in again):
                    continue
                if all(frozenset((id(o), id(own))) in doubles for o, _ in again):
                    continue
                forbidden = any(c.event.state == "confirmed" and c.event.offset > event.offset
                                and w.surely_before(c.event, own) for c in w.group_commits(group, place))
                severity = "violation" if forbidden else "allowed"
                found.add((own.consumer, place, event.id, event.offset, severity))
    return [Record("redelivered", severity, place, id_[0], id_[3], (offset,), consumer)
            for consumer, place, id_, offset, severity in found]


def not_sought(own):
    """The deliveries of ours that no seek in this ownership led to."""
    for event in own.events:
        if event.kind == "seek":
            return
        if event.kind == "deliver" and event.intact and event.id is not None:
            yield event


def resume_mismatch(w, pairs):
    """"an ownership of a group's member with an `assign` line, no seek before its first delivery, starts beyond every
    offset at which it may resume: any commit of the group not failed (unless clock-safely asked later, or in a later
    line of the same consumer), the end of what was delivered within a transaction that was not aborted, the log end
    with reset latest (unless a commit was surely confirmed before), the log start (the lowest that a sample or audit
    tells, else 0). Messages: the known records jumped over" """
    consequences = {id(own) for a, b, _ in pairs for own in (a, b)}
    found = set()
    for group, place, owns in w.group_ownerships():
        for own in owns:
            if id(own) in consequences or own.start is None or not own.assigned or sought_first(own):
                continue
            low = resume_limit(w, group, place, own)
            if low is None:
                continue
            for offset, id_ in w.known_records(place):
                if low <= offset < own.start:
                    found.add((own.consumer, id_, offset))
    return [Record("resume-mismatch", "violation", (id_[1], id_[2]), id_[0], id_[3], (offset,), consumer)
            for consumer, id_, offset in found]


def sought_first(own):
    """A seek before the first delivery."""
    return next((e.kind for e in own.events if e.kind in ("seek", "deliver")), None) == "seek"


def resume_limit(w, group, place, own):
    """The highest offset at which the ownership may resume; None: wherever the log ends."""
    commits = w.group_commits(group, place)
    if w.history.consumers[own.consumer].reset == "latest" and not any(
            c.event.state == "confirmed" and w.surely_before(c.event, own) for c in commits):
        return None
    allowed = [min(w.log_starts[place], default=0)]
    allowed += [c.event.offset for c in commits
                if c.event.state != "failed" and not w.surely_after(c.asked or c.event, own)]
    allowed += [e.offset + 1 for e in w.all_deliveries
                if e.place == place and w.group_of(e.consumer) == group and e.within is not None
                and w.end_of(e.within) != "aborted" and not w.surely_after(e, own)]
    return max(allowed)
