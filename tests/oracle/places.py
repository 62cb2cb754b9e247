"""Who owned and passed what, what audits lack, what is excused, lost, vanished, gone (section 3 and 4 together)."""

from collections import defaultdict

from .facts import Facts
from .readers import passes_of, split_ownerships


class Places(Facts):
    def __init__(self, history):
        super().__init__(history)
        by_reader = defaultdict(list)
        for event in history.events:
            by_reader[event.consumer, event.place].append(event)
        self.ownerships = {who: split_ownerships(events) for who, events in by_reader.items()}
        self.passes = {own: passes_of(own) for owns in self.ownerships.values() for own in owns}
        self.log_starts = self.find_log_starts()
        self.corrupt_at = {(e.place, e.offset) for e in self.all_deliveries if not e.intact}
        self.corrupt_for = {(e.consumer, e.place, e.offset) for e in self.all_deliveries if not e.intact}
        self.fates = {id_: self.find_fate(id_) for id_ in history.messages if self.outcome(id_) == "acked"}
        self.vanished = {id_: offsets for id_ in list(self.deliveries_of) if (offsets := self.find_vanished(id_))}
        self.conflicts = self.find_conflicts()

    def find_log_starts(self):
        """place -> every log start that a sample or an audit told."""
        starts = defaultdict(list)
        for _, record, _ in self.history.samples:
            if "log_start" in record:
                starts[record["topic"], record["partition"]].append(record["log_start"])
        for (_, place), (start, _) in self.history.audits.items():
            starts[place].append(start)
        return starts

    # Passing

    def audits_of(self, place):
        """[(consumer, start)] of the audits of a partition."""
        return [(c, start) for (c, p), (start, _) in self.history.audits.items() if p == place]

    def audit_got(self, consumer, id_):
        return any(e.consumer == consumer for e in self.at_home(id_))

    def audit_lacks(self, id_, offset):
        """Some audit whose start is at or below the offset was not delivered this message."""
        place = (id_[1], id_[2])
        return any(start <= offset and not self.audit_got(consumer, id_)
                   and (consumer, place, offset) not in self.corrupt_for
                   for consumer, start in self.audits_of(place))

    def passers(self, place, offset, id_):
        """Ownerships that passed this offset, seen from the record `id_` at it."""
        return [own for (_, p), owns in self.ownerships.items() if p == place
                for own in owns if self.passes[own].passed(offset, id_)]

    def how_passed(self, id_, offset):
        """audit, passed, or None. "An audit passes everything from its start." """
        place = (id_[1], id_[2])
        if any(start <= offset for _, start in self.audits_of(place)):
            return "audit"
        return "passed" if self.passers(place, offset, id_) else None

    def passed_without(self, id_, offset):
        """"o was passed without it": passed by a reader to which it was not delivered there."""
        place = (id_[1], id_[2])
        got = {e.consumer for e in self.at_home(id_) if e.offset == offset}
        if any(start <= offset and c not in got for c, start in self.audits_of(place)):
            return True
        return any(own.consumer not in got for own in self.passers(place, offset, id_))

    # Excuses

    def below_log_start(self, place, offset):
        return offset is not None and any(offset < start for start in self.log_starts[place])

    def rivals(self, id_):
        """Other records of its key and partition, if the topic is compacted."""
        key = self.history.messages[id_].key if id_ in self.history.messages else None
        if key is None or not self.history.topic(id_[1]).compact:
            return []
        return [m.id for m in self.history.messages.values() if m.id[1:3] == id_[1:3] and m.id != id_ and m.key == key]

    def known_high(self, id_):
        """The highest offset at which a record is known to stand, by a delivery, else by its ack."""
        homes = self.homes(id_)
        return max(homes) if homes else self.ack_offset(id_)

    def replaced(self, id_, offset):
        """"another record of its key and partition, acked or delivered, is known at a higher offset, or has a higher
        sequence of the same producer whose order is promised while an offset is not known"."""
        for other in self.rivals(id_):
            if not (self.outcome(other) == "acked" or self.at_home(other)):
                continue
            there = self.known_high(other)
            if offset is not None and there is not None:
                if there > offset:
                    return True
            elif other[0] == id_[0] and other[3] > id_[3] and self.order_promised(id_):
                return True
        return False

    def may_be_replaced(self, id_, offset):
        """"If a record of its key that is acked, unknown or delivered *may* stand higher because one of the two
        offsets is not known, the absent one is unread, not lost"."""
        if self.replaced(id_, offset):
            return True
        for other in self.rivals(id_):
            if not (self.outcome(other) in ("acked", "unknown") or self.at_home(other)):
                continue
            there = self.known_high(other)
            surely_lower = other[0] == id_[0] and other[3] < id_[3] and self.order_promised(id_)
            if (offset is None or there is None) and not surely_lower:
                return True
        return False

    def excused(self, id_, offset):
        return self.below_log_start((id_[1], id_[2]), offset) or self.replaced(id_, offset)

    # Fates of acked messages, for findings and books

    def find_fate(self, id_):
        """present, lost, unread or excused; and for lost the proof."""
        offset = self.ack_offset(id_)
        place = (id_[1], id_[2])
        if self.deliveries_of.get(id_) or (offset is not None and (place, offset) in self.corrupt_at):
            return "present", None
        if self.excused(id_, offset):
            return "excused", None
        if offset is not None:
            proof = self.how_passed(id_, offset)
        else:
            proof = "audit" if any(start == 0 for _, start in self.audits_of(place)) else None
        if proof is None or self.may_be_replaced(id_, offset):
            return "unread", None
        return "lost", proof

    def lost(self, id_):
        return self.fates.get(id_, ("", None))[0] == "lost"

    def find_vanished(self, id_):
        """"delivered once, not excused, and an audit whose start is at or below its o lacks it"."""
        if not self.rightly_readable(id_):
            return []
        homes = self.homes(id_)
        return [o for o in homes if self.audit_lacks(id_, o)
                and not self.excused(id_, o) and not self.may_be_replaced(id_, o)]

    # Where a record is known to stand

    def ack_is_wrong(self, id_):
        """wrong-ack-offset: "acked at o, delivered elsewhere only; o was passed without it and is not excused, and
        neither loss nor duplication is allowed for it"."""
        offset, homes = self.ack_offset(id_), self.homes(id_)
        if self.never_ours(id_):
            return False
        return (offset is not None and bool(homes) and offset not in homes
                and self.passed_without(id_, offset) and not self.excused(id_, offset)
                and not self.loss_allowed(id_) and not self.duplication_allowed(id_))

    def known_offsets(self, id_):
        """Deliveries at home, and the ack unless loss is allowed ("its ack says nothing about where it is") or wrong."""
        offsets = set(self.homes(id_))
        ack = self.ack_offset(id_)
        if ack is not None and not self.loss_allowed(id_) and not self.ack_is_wrong(id_):
            offsets.add(ack)
        return sorted(offsets)

    def gone(self, id_):
        """"lost, vanished, or lacking in an audit"."""
        if self.lost(id_) or id_ in self.vanished:
            return True
        stood = self.known_offsets(id_) or [o for o in (self.ack_offset(id_),) if o is not None]
        return any(self.audit_lacks(id_, o) for o in stood)

    def gone_offsets(self, place):
        """Offsets of a partition at which something gone stood."""
        result = set()
        for id_ in set(self.history.messages) | set(self.deliveries_of):
            if (id_[1], id_[2]) == place and (self.lost(id_) or not self.never_ours(id_)) and self.gone(id_):
                result.update(self.homes(id_))
                ack = self.ack_offset(id_)
                if ack is not None and not self.homes(id_):
                    result.add(ack)
        return result

    # Claims

    def find_conflicts(self):
        """(place, offset) -> the ids that claim it (None: a foreign record), where there are two.

        "deliveries to any reader (a foreign record too), and acks of acked records that may not be lost"; a wrong ack
        "makes no offset-conflict".
        """
        claims = defaultdict(set)
        for event in self.believed:
            claims[event.place, event.offset].add(event.id)
        for id_ in self.history.messages:
            ack = self.ack_offset(id_)
            if ack is not None and not self.loss_allowed(id_) and not self.ack_is_wrong(id_):
                claims[(id_[1], id_[2]), ack].add(id_)
        return {where: ids for where, ids in claims.items() if len(ids) > 1}

    def delivered_ids_at(self, place, offset):
        return {e.id for e in self.believed if e.place == place and e.offset == offset}
