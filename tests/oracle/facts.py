"""What follows from a history before anything is judged: outcomes, what was delivered, what was allowed.

Sections 2 and 3 of the contract, and the severity rules of section 4. Excuses and passing build on it in places.py.
"""

from collections import defaultdict

from .clocks import Clocks

DESTRUCTIVE = ("power-off", "wipe", "truncate")


class Facts:
    def __init__(self, history):
        self.history = history
        self.clocks = Clocks(history)
        self.all_deliveries = [e for e in history.events if e.kind == "deliver"]
        self.believed = [e for e in self.all_deliveries if e.intact]  # "its id is not believed"
        self.destroyed = any(
            line["kind"] in DESTRUCTIVE and line["state"] == "active"
            for lines in history.faults.values() for line in lines)
        self.proved = self.find_proved()
        self.outcomes = {id_: self.find_outcome(m) for id_, m in history.messages.items()}
        self.deliveries_of = defaultdict(list)  # id -> deliveries that count, misrouted ones too
        for event in self.believed:
            if event.id is not None and self.counts_as_delivered(event):
                self.deliveries_of[event.id].append(event)

    # Outcomes

    def states(self, transaction):
        return [state for state, _ in self.history.transactions.get(transaction, [])]

    def find_proved(self):
        """"A transaction whose commit was asked and which did not end `committed` is proved committed when a
        read_committed reader is delivered one of its records." """
        proved = set()
        for event in self.believed:
            message = self.history.messages.get(event.id)
            if message is None or message.transaction is None:
                continue
            states = self.states(message.transaction)
            if self.history.consumers[event.consumer].committed_only and \
                    "commit_asked" in states and "committed" not in states:
                proved.add(message.transaction)
        return proved

    def end_of(self, transaction):
        """committed, aborted or unknown; "`aborted` without any `commit_asked` -> aborted; everything else -> unknown"."""
        states = self.states(transaction)
        if "committed" in states or transaction in self.proved:
            return "committed"
        if "aborted" in states and "commit_asked" not in states:
            return "aborted"
        return "unknown"

    def find_outcome(self, message):
        """acked, refused, unknown or aborted (section 2)."""
        kinds = [outcome.kind for outcome in message.outcomes]
        if message.transaction is not None:
            if "refuse" in kinds:
                return "refused"
            return {"committed": "acked", "aborted": "aborted", "unknown": "unknown"}[self.end_of(message.transaction)]
        if "ack" in kinds:
            return "acked"
        return "refused" if "refuse" in kinds else "unknown"

    def outcome(self, id_):
        return self.outcomes.get(id_)

    def sent(self, id_):
        message = self.history.messages.get(id_)
        return message is not None and bool(message.sends)

    def ack_offset(self, id_):
        """The offset that the ack told, if the message is acked; "an ack within a transaction that is neither
        committed nor proved counts nowhere"."""
        if self.outcome(id_) != "acked":
            return None
        acks = [outcome for outcome in self.history.messages[id_].outcomes if outcome.kind == "ack"]
        return acks[0].offset if acks else None

    # Delivered

    def counts_as_delivered(self, event):
        """"to a read_committed reader, or to any reader if the record is acked or outside transactions. A phantom
        delivery of a message that was sent counts." """
        message = self.history.messages.get(event.id)
        if self.history.consumers[event.consumer].committed_only:
            return True
        return message is None or message.transaction is None or self.outcome(event.id) == "acked"

    def delivered(self, id_):
        return bool(self.deliveries_of.get(id_))

    def at_home(self, id_):
        """Deliveries from the partition that is the message's target."""
        return [e for e in self.deliveries_of.get(id_, ()) if not e.misrouted]

    def homes(self, id_):
        return sorted({e.offset for e in self.at_home(id_)})

    def rightly_readable(self, id_):
        """Would a read_committed reader have to see this record? Not what aborted, nor what no commit was asked for; nor a
        record never sent or refused, which is a phantom and nothing else."""
        message = self.history.messages.get(id_)
        if message is None or self.never_ours(id_):
            return False
        return message.transaction is None or self.outcome(id_) == "acked"

    # What is allowed

    def producer(self, id_):
        return self.history.producers.get(id_[0])

    def topic_allows_loss(self, topic_name):
        topic = self.history.topic(topic_name)
        thin = topic.min_insync_replicas < 2 or topic.replication_factor < 2
        return topic.unclean or (thin and self.destroyed)

    def loss_allowed(self, id_):
        """"allowed with acks `1` or `0`; with unclean election; or with min_insync_replicas < 2 or replication_factor
        < 2 if a fault of kind `power-off`, `wipe` or `truncate` was active at any time"."""
        producer = self.producer(id_)
        return (producer is not None and producer.acks in ("1", "0")) or self.topic_allows_loss(id_[1])

    def duplication_allowed(self, id_):
        producer = self.producer(id_)
        return producer is not None and not producer.idempotence

    def order_promised(self, id_):
        producer = self.producer(id_)
        return producer is not None and (producer.idempotence or producer.max_in_flight == 1)

    # Phantoms

    def never_ours(self, id_):
        """Never sent, or refused: whatever is delivered under this id is a phantom."""
        return not self.sent(id_) or self.outcome(id_) == "refused"

    def is_phantom(self, event):
        """"delivered, but never sent, or refused, or clock-safely delivered before it was sent"."""
        if self.never_ours(event.id):
            return True
        sends = self.history.messages[event.id].sends
        return all(self.clocks.before(event.moment, send.moment) for send in sends)
