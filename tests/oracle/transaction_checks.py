"""Findings about what readers saw of transactions, and about transactions against each other."""

from collections import defaultdict

from .findings import Record, finding, message_runs, offset_runs


def readings(w):
    """Deliveries of transactional messages to read_committed readers: (event, message)."""
    for event in w.believed:
        message = w.history.messages.get(event.id)
        if message is not None and message.transaction is not None and \
                w.history.consumers[event.consumer].committed_only:
            yield event, message


def per_reader(kind, events):
    found = {(event.consumer, event.place, event.id, event.offset) for event in events}
    return [Record(kind, "violation", place, id_[0], id_[3], (offset,), consumer)
            for consumer, place, id_, offset in found]


def aborted_read(w):
    """"delivered to a read_committed reader, though aborted; whatever the reader's own outcome" """
    return per_reader("aborted-read", [e for e, m in readings(w) if w.outcome(m.id) == "aborted"])


def uncommitted_read(w):
    """"delivered to a read_committed reader clock-safely before `commit_asked`, or within the transaction that wrote
    it, or of a transaction for which at `end` no commit was asked and that ended neither `committed` nor `aborted`" """
    events = []
    for event, message in readings(w):
        if w.outcome(message.id) in ("aborted", "refused"):
            continue  # aborted-read, or a phantom
        states = w.history.transactions.get(message.transaction, [])
        asked = [moment for state, moment in states if state == "commit_asked"]
        names = {state for state, _ in states}
        too_early = asked and all(w.clocks.before(event.moment, moment) for moment in asked)
        own = event.within == message.transaction
        open_at_end = w.history.has_end and not names & {"commit_asked", "committed", "aborted"}
        if too_early or own or open_at_end:
            events.append(event)
    return per_reader("uncommitted-read", events)


def processed_twice(w):
    """"committed messages of two transactions with one `input`, unless it was delivered within them in different
    groups, or two records were delivered at that offset of the input. Topic, partition, offsets: of the input;
    messages: the outputs". Returns findings, one per input."""
    outputs = defaultdict(set)
    for id_, of in w.history.inputs:
        message = w.history.messages.get(id_)
        if message is not None and message.transaction is not None and w.outcome(id_) == "acked":
            outputs[of].add(id_)
    result = []
    for (topic, partition, offset), ids in sorted(outputs.items()):
        place = (topic, partition)
        if len(w.delivered_ids_at(place, offset)) > 1:
            continue
        groups = {t: groups_within(w, place, offset, t) for t in {w.history.messages[i].transaction for i in ids}}
        guilty = {t for t in groups for other in groups
                  if t != other and not (groups[t] and groups[other] and not groups[t] & groups[other])}
        blamed = sorted(i for i in ids if w.history.messages[i].transaction in guilty)
        if blamed:
            messages = [m for producer, t, p in sorted({i[:3] for i in blamed})
                        for m in message_runs(producer, [i[3] for i in blamed if i[:3] == (producer, t, p)])]
            result.append(finding("processed-twice", "violation", place, messages, offset_runs([offset])))
    return result


def groups_within(w, place, offset, transaction):
    """Readers without a group are in none."""
    return {w.group_of(e.consumer) for e in w.all_deliveries
            if e.place == place and e.offset == offset and e.within == transaction} - {None}


def read_cycle(w):
    """"committed transactions each of which was delivered, within it and to a read_committed reader, a record that
    another of the cycle wrote. Topic and partition null, no messages, no offsets; `transactions` lists them" """
    reads = defaultdict(set)
    for event, message in readings(w):
        reader, writer = event.within, message.transaction
        if reader is not None and reader != writer and w.outcome(message.id) == "acked" and \
                w.end_of(reader) == w.end_of(writer) == "committed":
            reads[reader].add(writer)
    reach = {t: reachable(reads, t) for t in reads}
    cycles = {frozenset(o for o in reach[t] if t in reach.get(o, ())) for t in reach if t in reach[t]}
    return [finding("read-cycle", "violation", None, [], [],
                    transactions=[{"producer": p, "transaction": n} for p, n in sorted(cycle)])
            for cycle in sorted(cycles, key=sorted)]


def reachable(edges, start):
    seen, open_ = set(), [start]
    while open_:
        for other in edges.get(open_.pop(), ()):
            if other not in seen:
                seen.add(other)
                open_.append(other)
    return seen
