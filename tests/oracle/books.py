"""The books of section 5: sent = acked + refused + unknown + aborted; acked = present + lost + unread + excused."""


def oddities(w):
    """(line, why): "An outcome without a send, a second outcome or a second send of one id (a transaction's end is none)
    unbalance them"; a refusal stands with or without a send."""
    result = []
    for message in w.history.messages.values():
        result += [(send.line, "a second send of one message") for send in message.sends[1:]]
        result += [(outcome.line, "a second outcome of one message") for outcome in message.outcomes[1:]]
        if not message.sends:
            result += [(o.line, "an outcome without a send") for o in message.outcomes if o.kind != "refuse"]
    return sorted(set(result))


def books(w):
    outcomes = list(w.outcomes.values())
    fates = [fate for fate, _ in w.fates.values()]
    places = {(e.id, e.place, e.offset) for e in w.believed if e.id is not None and w.is_phantom(e)}
    foreign = {(e.place, e.offset) for e in w.believed if e.id is None}
    result = {"sent": len(outcomes)}
    result |= {kind: outcomes.count(kind) for kind in ("acked", "refused", "unknown", "aborted")}
    result |= {fate: fates.count(fate) for fate in ("present", "lost", "unread", "excused")}
    result["unknown_landed"] = sum(1 for id_, o in w.outcomes.items() if o == "unknown" and w.delivered(id_))
    result["extra_copies"] = sum(
        len({(e.place, e.offset) for e in events}) - 1
        for id_, events in w.deliveries_of.items() if not w.never_ours(id_))
    result["phantom"] = len(places)
    result["foreign"] = len(foreign)
    result["balanced"] = not oddities(w)
    return result
