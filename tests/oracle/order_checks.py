"""Findings about the order in which records stand in the log."""

from .findings import pair
from .readers import covers


def reordered(w):
    """"take one producer's ids of a partition in order of sequence, each with its lowest known offset: each
    neighbouring pair whose offset falls. If one of them may be lost, only if one reader was delivered both in rising
    offsets, in one ownership, without seek or step back between." What is gone and what is a phantom takes no part.
    "Reordered is `allowed` without idempotence, if max_in_flight > 1 or nobody passed all offsets below the lower one."
    """
    result = []
    lines = {}
    for id_ in sorted(takes_part(w)):
        lines.setdefault(id_[:3], []).append(id_)
    for ids in lines.values():
        for a, b in zip(ids, ids[1:]):
            low, high = lowest(w, b), lowest(w, a)
            if high <= low:
                continue
            if (w.loss_allowed(a) or w.loss_allowed(b)) and not one_reader_saw(w, b, low, a, high):
                continue
            producer = w.producer(a)
            allowed = not producer.idempotence and (
                producer.max_in_flight > 1 or not anybody_passed_below(w, (a[1], a[2]), low))
            result.append(pair("reordered", "allowed" if allowed else "violation", (a[1], a[2]), [a, b], [low, high]))
    return result


def realtime_reordered(w):
    """"acked (acks `1` or `all`) clock-safely before the other, of another producer, was sent, yet at the higher
    offset; neither in a transaction; if one may be lost, by the one-reader rule of reordered. Once per too early
    record, with the acked one of the highest offset" """
    result = []
    ids = [id_ for id_ in takes_part(w) if w.history.messages[id_].transaction is None]
    for early in ids:
        best = None
        for acked in ids:
            if acked[0] == early[0] or acked[1:3] != early[1:3] or not acked_before_sent(w, acked, early):
                continue
            low, high = lowest(w, early), lowest(w, acked)
            if high <= low:
                continue
            if (w.loss_allowed(acked) or w.loss_allowed(early)) and not one_reader_saw(w, early, low, acked, high):
                continue
            if best is None or high > lowest(w, best) or (high == lowest(w, best) and acked < best):
                best = acked
        if best is not None:
            result.append(pair("realtime-reordered", "violation", (early[1], early[2]), [best, early],
                               [lowest(w, early), lowest(w, best)]))
    return result


def takes_part(w):
    ids = set(w.history.messages) | set(w.deliveries_of)
    return [id_ for id_ in ids if not w.never_ours(id_) and lowest(w, id_) is not None and not w.gone(id_)]


def lowest(w, id_):
    """The lowest known offset where it was not a phantom."""
    phantoms = {e.offset for e in w.at_home(id_) if w.is_phantom(e)}
    return min((o for o in w.known_offsets(id_) if o not in phantoms), default=None)


def acked_before_sent(w, acked, later):
    if w.outcome(acked) != "acked" or w.producer(acked).acks == "0":
        return False
    acks = [o for o in w.history.messages[acked].outcomes if o.kind == "ack"]
    sends = w.history.messages[later].sends
    return bool(acks) and w.clocks.before(acks[0].moment, sends[0].moment)


def one_reader_saw(w, first, low, second, high):
    """Was one reader delivered `first` at `low` and then `second` at `high`, in one ownership, without seek or step
    back between?"""
    place = (first[1], first[2])
    for (_, p), owns in w.ownerships.items():
        for own in owns if p == place else ():
            seen = False
            last = None
            for event in own.events:
                if event.kind == "seek":
                    seen = False
                if event.kind != "deliver":
                    continue
                if last is not None and event.offset <= last:
                    seen = False
                last = event.offset
                if event.intact and event.id == first and event.offset == low:
                    seen = True
                elif seen and event.intact and event.id == second and event.offset == high:
                    return True
    return False


def anybody_passed_below(w, place, offset):
    if any(start == 0 for _, start in w.audits_of(place)):
        return True
    return any(covers([w.passes[own] for own in owns], 0, offset)
               for (_, p), owns in w.ownerships.items() if p == place)
