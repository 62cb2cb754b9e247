"""Findings about what is missing, doubled or wrong in the log. One function per property, its definition first."""

from itertools import combinations

from .findings import Record, finding, message_runs, offset_runs


def loss_severity(p, id_):
    return "allowed" if p.loss_allowed(id_) else "violation"


def told(offset):
    return () if offset is None else (offset,)


def record(kind, severity, id_, offsets, **more):
    return Record(kind, severity, (id_[1], id_[2]), id_[0], id_[3], tuple(offsets), **more)


def torn(p, id_):
    """A transaction of which some record was delivered: what is lost of it is torn."""
    transaction = p.history.messages[id_].transaction
    return transaction is not None and any(
        p.delivered(m.id) for m in p.history.messages.values()
        if m.transaction == transaction and p.outcome(m.id) != "refused")


def lost(p):
    """"acked, delivered to nobody, not excused, and passed at its o; or (o not told) absent from an audit whose start
    is 0. `proof` is `audit`, else `passed`" """
    return [record("lost", loss_severity(p, id_), id_, told(p.ack_offset(id_)), proof=proof)
            for id_, (fate, proof) in p.fates.items() if fate == "lost" and not torn(p, id_)]


def torn_transaction(p):
    """"of a committed or proved committed transaction some record was delivered and some are lost: reported instead of
    lost, per partition" """
    return [record("torn-transaction", loss_severity(p, id_), id_, told(p.ack_offset(id_)))
            for id_, (fate, _) in p.fates.items() if fate == "lost" and torn(p, id_)]


def unread(p):
    """"acked, delivered to nobody, not excused, neither passed nor so audited. undecided" """
    return [record("unread", "undecided", id_, told(p.ack_offset(id_)))
            for id_, (fate, _) in p.fates.items() if fate == "unread"]


def unprocessed(p, skipped_ids):
    """"acked; apart from audits delivered only within transactions that did not commit, and not skipped. undecided;
    never lost" """
    result = []
    for id_, fate in p.fates.items():
        ordinary = [e for e in p.at_home(id_) if (e.consumer, e.place) not in p.history.audits]
        if not ordinary or id_ in skipped_ids or p.never_ours(id_):
            continue
        if all(e.within is not None and p.end_of(e.within) != "committed" for e in ordinary):
            result.append(record("unprocessed", "undecided", id_, p.homes(id_)))
    return result


def vanished(p):
    """"delivered once, not excused, and an audit whose start is at or below its o lacks it. Not also skipped" """
    return [record("vanished", loss_severity(p, id_), id_, (o,)) for id_, offsets in p.vanished.items() for o in offsets]


def duplicated(p):
    """"one id at two offsets: by two deliveries, or by an ack at o and a delivery elsewhere, unless that is
    wrong-ack-offset". Allowed without idempotence."""
    result = []
    for id_ in p.deliveries_of:
        if p.never_ours(id_) or not p.homes(id_):
            continue
        offsets = set(p.homes(id_))
        if p.ack_offset(id_) is not None and not p.ack_is_wrong(id_):
            offsets.add(p.ack_offset(id_))
        if len(offsets) > 1:
            severity = "allowed" if p.duplication_allowed(id_) else "violation"
            result.append(record("duplicated", severity, id_, sorted(offsets)))
    return result


def wrong_ack_offset(p):
    """"acked at o, delivered elsewhere only; o was passed without it and is not excused, and neither loss nor
    duplication is allowed for it" """
    return [record("wrong-ack-offset", "violation", id_, sorted([*p.homes(id_), p.ack_offset(id_)]))
            for id_ in p.fates if p.ack_is_wrong(id_)]


def offset_conflict(p):
    """"two claims to one o: deliveries to any reader (a foreign record too), and acks of acked records that may not be
    lost". Allowed with unclean election, or where loss is allowed for one of the ids. Each pair is one finding, but
    "offset-conflicts of the same two producers, adjacent in both sequences, are one" """
    runs = []  # (severity, place, column of one id, column of the other, offsets)
    for severity, place, first, second, offset in pairs_in_conflict(p):
        if runs and continues(runs[-1], (severity, place, first, second)) and runs[-1][4][-1] + 1 == offset:
            for column, value in zip(runs[-1][2:], (first, second, offset)):
                column.append(value)
        else:
            runs.append((severity, place, [first], [second], [offset]))
    groups = []  # runs that only their offsets separate
    for run in sorted(runs, key=lambda run: (run[2][0], run[4])):
        longer = next((g for g in groups if continues(g, (*run[:2], run[2][0], run[3][0]))
                       and run[4][0] not in g[4]), None)
        if longer is None:
            groups.append(run)
        else:
            for column, more in zip(longer[2:], run[2:]):
                column.extend(more)
    return [finding("offset-conflict", severity, place,
                    [m for column in columns if column[0] is not None
                     for m in message_runs(column[0][0], [id_[3] for id_ in column])], offset_runs(offsets))
            for severity, place, *columns, offsets in groups]


def continues(run, pair):
    severity, place, first, second = pair
    return run[:2] == (severity, place) and next_to(run[2][-1], first) and next_to(run[3][-1], second)


def pairs_in_conflict(p):
    """[(severity, place, id, id or None, offset)], such that what may be one finding stands side by side."""
    pairs = []
    for (place, offset), ids in p.conflicts.items():
        ordered = sorted(id_ for id_ in ids if id_ is not None)
        for first, second in combinations(ordered + [None] * (None in ids), 2):
            lossy = any(p.loss_allowed(id_) for id_ in (first, second) if id_ is not None)
            severity = "allowed" if lossy or p.history.topic(place[0]).unclean else "violation"
            pairs.append((severity, place, first, second, offset))

    def key(one):
        severity, place, first, second, offset = one
        if second is None:
            return severity, place, first[:3], ("", "", 0), 0, 0, offset
        # Along a run of conflicts all differences stay the same.
        return severity, place, first[:3], second[:3], second[3] - first[3], offset - first[3], offset

    return sorted(pairs, key=key)


def next_to(last, id_):
    return last is not None and id_ is not None and last[:3] == id_[:3] and last[3] + 1 == id_[3]


def by_place(kind, events):
    """Violations at the places where the events' records were read."""
    found = {(event.place, (None, None) if event.id is None else (event.id[0], event.id[3]), event.offset)
             for event in events}
    return [Record(kind, "violation", place, producer, sequence, (offset,))
            for place, (producer, sequence), offset in found]


def phantom(p):
    """"delivered, but never sent, or refused, or clock-safely delivered before it was sent" """
    return by_place("phantom", [e for e in p.believed if e.id is not None and p.is_phantom(e)])


def misrouted(p):
    """"delivered from a partition that is not its target; place and offsets are where it was read" """
    return by_place("misrouted", [e for e in p.believed if e.misrouted and not p.never_ours(e.id)])


def corrupt(p):
    """"delivered with `intact` false" """
    return by_place("corrupt", [e for e in p.all_deliveries if not e.intact])
