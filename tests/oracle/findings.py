"""Records that findings are made of, and the grouping and sorting of section 4 and 5."""

from dataclasses import dataclass
from typing import Optional

SEVERITIES = ("violation", "undecided", "allowed")


@dataclass
class Record:
    """One message (or one offset with a foreign record) to which one kind of finding applies."""

    kind: str
    severity: str
    place: tuple
    producer: Optional[str]
    sequence: Optional[int]
    offsets: tuple  # all of its offsets, sorted
    consumer: Optional[str] = None
    proof: Optional[str] = None


def runs(numbers):
    """Sorted numbers as [(first, count)]."""
    result = []
    for number in sorted(set(numbers)):
        if result and result[-1][0] + result[-1][1] == number:
            result[-1][1] += 1
        else:
            result.append([number, 1])
    return result


def offset_runs(offsets):
    return [{"offset": first, "count": count} for first, count in runs(offsets)]


def message_runs(producer, sequences):
    return [{"producer": producer, "sequence": first, "count": count} for first, count in runs(sequences)]


def finding(kind, severity, place, messages, offsets, consumer=None, proof=None, **more):
    topic, partition = place if place is not None else (None, None)
    result = {"kind": kind, "severity": severity, "topic": topic, "partition": partition}
    if proof is not None:
        result["proof"] = proof
    result |= {"messages": messages, "offsets": offsets, "consumer": consumer, **more}
    result |= {"explanation": f"{kind} ({severity}) on {topic}-{partition}", "witnesses": [], "faults": []}
    return result


def pair(kind, severity, place, ids, offsets, consumer=None):
    """A finding over single messages, each named by itself (foreign records have no name)."""
    messages = [m for id_ in ids if id_ is not None for m in message_runs(id_[0], [id_[3]])]
    return finding(kind, severity, place, messages, offset_runs(offsets), consumer)


def group(records):
    """"records of one partition with equal kind, severity, proof, consumer and producer, adjacent in sequence and in
    each of their offsets (none told: in sequence alone), are one finding"."""
    def sort_key(r):
        sequence = r.sequence if r.producer is not None else min(r.offsets)
        distances = tuple(offset - sequence for offset in r.offsets)  # equal along a run
        return (r.kind, r.severity, r.place, r.proof or "", r.consumer or "", r.producer or "", distances, sequence)

    groups = []
    for record in sorted(records, key=sort_key):
        if groups and continues(groups[-1][-1], record):
            groups[-1].append(record)
        else:
            groups.append([record])
    return [finding_of(g) for g in groups]


def continues(last, record):
    alike = all(getattr(last, name) == getattr(record, name)
                for name in ("kind", "severity", "place", "proof", "consumer", "producer"))
    if not alike or len(last.offsets) != len(record.offsets):
        return False
    if record.producer is not None and record.sequence != last.sequence + 1:
        return False
    return all(b == a + 1 for a, b in zip(last.offsets, record.offsets))


def finding_of(records):
    first = records[0]
    messages = [] if first.producer is None else message_runs(first.producer, [r.sequence for r in records])
    offsets = offset_runs(o for r in records for o in r.offsets)
    return finding(first.kind, first.severity, first.place, messages, offsets, first.consumer, first.proof)


def sort_findings(findings):
    """"violation, undecided, allowed; then topic, partition, offset (null or none first), kind"."""
    def key(f):
        return (SEVERITIES.index(f["severity"]), f["topic"] or "", -1 if f["partition"] is None else f["partition"],
                f["offsets"][0]["offset"] if f["offsets"] else -1, f["kind"], f["consumer"] or "",
                [(m["producer"], m["sequence"]) for m in f["messages"]])

    return sorted(findings, key=key)
