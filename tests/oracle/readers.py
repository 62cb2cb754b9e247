"""Ownerships, positions, and what a reader passed (section 3 of the contract)."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Ownership:
    """From `assign` to `revoke` or the consumer's last line; a reader without `assign` owns from its first line."""

    consumer: str
    place: tuple
    number: int  # which of this consumer and partition
    events: list = field(default_factory=list)

    @property
    def assigned(self):
        return self.events[0].kind == "assign"

    @property
    def begin(self):
        return self.events[0]

    @property
    def deliveries(self):
        return [e for e in self.events if e.kind == "deliver"]

    @property
    def start(self):
        """The position given by `assign` before the first delivery, else the first delivery; None: neither."""
        given = []
        for event in self.events:
            if event.kind == "deliver":
                return min(given) if given else event.offset
            if event.kind == "assign" and event.offset is not None:
                given.append(event.offset)
        return min(given) if given else None


def split_ownerships(events):
    """All ownerships of one consumer on one partition, in order; a commit after a revoke belongs to the one before."""
    result = []
    current = None
    for event in events:
        if event.kind == "revoke":
            if current is not None:
                current.events.append(event)
            current = None
        elif event.kind == "commit":
            if current is None and not result:
                continue  # a commit of a reader that has owned nothing yet
            (current or result[-1]).events.append(event)
        else:
            if current is not None and event.kind == "assign" and not current.assigned:
                current = None  # "Ownership: from `assign`": what came before was another one
            if current is None:
                current = Ownership(event.consumer, event.place, len(result))
                result.append(current)
            current.events.append(event)
    return result


class Passes:
    """The offsets that one ownership passed: half-open intervals, and single offsets where a certain id stood."""

    def __init__(self):
        self.intervals = []
        self.stood = {}  # offset -> set of ids delivered there (None: foreign)

    def passed(self, offset, id_):
        """Was `offset` passed, seen from a record `id_` that claims to stand there?

        "its position was at or below o and it then was delivered a record beyond o, or another record at o".
        """
        if any(low <= offset < high for low, high in self.intervals):
            return True
        return any(other != id_ for other in self.stood.get(offset, ()))


def covers(passes, low, high):
    """Was every offset of [low, high) passed by one reader, by having been delivered something beyond it?"""
    at = low
    for first, last in sorted(interval for one in passes for interval in one.intervals):
        if first <= at < last:
            at = last
    return at >= high


def passes_of(ownership):
    """Walks one ownership: position from `assign`, `seek`, or else the first delivery; a seek jumps on purpose."""
    passes = Passes()
    position = None
    for event in ownership.events:
        if event.kind == "assign" and event.offset is not None:
            # A second assign lowers the position if it is lower, and excuses neither skip nor step back.
            position = event.offset if position is None else min(position, event.offset)
        elif event.kind == "seek":
            position = event.offset
        elif event.kind == "deliver":
            if position is not None and position < event.offset:
                passes.intervals.append((position, event.offset))
            if event.intact:
                # What was acked where a corrupt record stands is not lost: it passes nothing at its own offset.
                passes.stood.setdefault(event.offset, set()).add(event.id)
            position = event.offset + 1
    # An offset delivered and then followed by something beyond it is passed, too.
    passes.intervals = join(passes.intervals + delivered_and_left(ownership))
    return passes


def delivered_and_left(ownership):
    """[o, o + 1) for every delivery followed, without a seek between, by a delivery beyond it."""
    result = []
    since = []
    for event in ownership.events:
        if event.kind == "seek":
            since = [o for o in since if o >= event.offset]
        elif event.kind == "deliver":
            result += [(o, o + 1) for o in since if o < event.offset]
            since = [o for o in since if o >= event.offset] + [event.offset]
    return result


def join(intervals):
    result = []
    for low, high in sorted(intervals):
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return result
