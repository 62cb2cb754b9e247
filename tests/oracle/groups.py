"""Ownerships of a group against each other, and commits with their answers (sections 2 and 3 of the contract)."""

from dataclasses import dataclass
from typing import Optional

from .history import Event
from .places import Places


@dataclass(eq=False)
class Commit:
    """One commit; "a `failed`, `confirmed` or `unknown` commit answers the latest unanswered `asked` of that consumer,
    partition and offset; then only the answer counts"."""

    event: Event  # the line that counts
    asked: Optional[Event]  # the line that asked, if there is one


class World(Places):
    def __init__(self, history):
        super().__init__(history)
        self.order = {id(event): number for number, event in enumerate(history.events)}
        self.last_within = {}  # (consumer, transaction) -> order of the consumer's last delivery within it
        for event in self.all_deliveries:
            if event.within is not None:
                self.last_within[event.consumer, event.within] = self.order[id(event)]
        self.commits = self.find_commits()

    def find_commits(self):
        waiting = {}
        commits = []
        for event in self.history.events:
            if event.kind != "commit":
                continue
            what = (event.consumer, event.place, event.offset)
            if event.state == "asked":
                commit = Commit(event, event)
                waiting.setdefault(what, []).append(commit)
                commits.append(commit)
            elif waiting.get(what):
                waiting[what].pop().event = event
            else:
                commits.append(Commit(event, None))
        return commits

    def group_of(self, consumer):
        return self.history.consumers[consumer].group

    def group_ownerships(self):
        """[(group, place, ownerships)] for every group and partition."""
        result = {}
        for (consumer, place), owns in self.ownerships.items():
            group = self.group_of(consumer)
            if group is not None:
                result.setdefault((group, place), []).extend(owns)
        return [(group, place, owns) for (group, place), owns in result.items()]

    def earlier(self, a, b):
        """"of one consumer by its lines, else by `at` where clock-safe, else by start position (given by `assign`, else
        the first delivery), else by name"."""
        if a.consumer == b.consumer:
            return a.number < b.number
        if self.clocks.before(a.begin.moment, b.begin.moment):
            return True
        if self.clocks.before(b.begin.moment, a.begin.moment):
            return False
        if a.start is not None and b.start is not None and a.start != b.start:
            return a.start < b.start
        return a.consumer < b.consumer

    def surely_before(self, event, ownership):
        """Before the ownership began: clock-safely, or in an earlier line of the same consumer."""
        if event.consumer == ownership.consumer and self.order[id(event)] < self.order[id(ownership.begin)]:
            return True
        return self.clocks.before(event.moment, ownership.begin.moment)

    def surely_after(self, event, ownership):
        if event.consumer == ownership.consumer and self.order[id(event)] > self.order[id(ownership.begin)]:
            return True
        return self.clocks.before(ownership.begin.moment, event.moment)

    def group_commits(self, group, place):
        return [c for c in self.commits if c.event.place == place and self.group_of(c.event.consumer) == group]

    def known_records(self, place):
        """[(offset, id)] of records that a read_committed reader of this partition should find."""
        result = []
        for id_ in set(self.history.messages) | set(self.deliveries_of):
            if (id_[1], id_[2]) != place or not self.rightly_readable(id_) or self.gone(id_):
                continue
            for offset in self.homes(id_) or self.known_offsets(id_):
                if not self.excused(id_, offset) and not self.may_be_replaced(id_, offset) and \
                        (place, offset) not in self.conflicts:
                    result.append((offset, id_))
        return sorted(result)
