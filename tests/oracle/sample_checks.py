"""Findings about what the cluster itself said."""

from .findings import finding


def predecessors(w, field):
    """For every sample that has the field: (it, those clock-safely before it with no other clock-safely between)."""
    by_place = {}
    for _, record, moment in w.history.samples:
        if field in record:
            by_place.setdefault((record["topic"], record["partition"]), []).append((record, moment))
    for place, samples in by_place.items():
        for record, moment in samples:
            before = [s for s in samples if w.clocks.before(s[1], moment)]
            direct = [s for s in before if not any(w.clocks.before(s[1], other[1]) for other in before)]
            if direct:
                yield place, record[field], max(s[0][field] for s in direct)


def epoch_regressed(w):
    """"Or two samples, clock-safely ordered: no messages, no offsets." """
    return [finding("epoch-regressed", "violation", place, [], [])
            for place, new, old in predecessors(w, "leader_epoch") if new < old]


def end_regressed(w):
    """"the end, or the log start, of a sample is below that of the one clock-safely before: offsets from the new to the
    old; not over offsets that are lost or vanished". Goes by the topic alone; "a log start that goes back is never
    allowed"."""
    result = []
    for field in ("end", "log_start"):
        for place, new, old in predecessors(w, field):
            if new >= old or any(new <= o < old for o in missing_offsets(w, place)):
                continue
            allowed = field == "end" and w.topic_allows_loss(place[0])
            result.append(finding("end-regressed", "allowed" if allowed else "violation", place, [],
                                  [{"offset": new, "count": old - new}]))
    return result


def missing_offsets(w, place):
    for id_ in w.fates:
        if (id_[1], id_[2]) == place and w.lost(id_) and w.ack_offset(id_) is not None:
            yield w.ack_offset(id_)
    for id_, offsets in w.vanished.items():
        if (id_[1], id_[2]) == place:
            yield from offsets
