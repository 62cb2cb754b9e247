"""What must hold for every history, tried on random ones: no accusation of an honest cluster, and no dependence on how
lines are mixed and runs are cut. Input rules, one broken line each."""

import json
import random

import pytest

from .compare import slow
from .generate import Story, broken, history
from .judge import judge
from .lines import BadInput
from .lines_of import dump, recut_and_remix


def test_honest_cluster_is_never_accused():
    for seed in range(200):
        accused = [f for f in judge(dump(Story(seed, kinds=0).tell()))["findings"] if f["severity"] == "violation"]
        assert not accused, f"seed {seed}"


def test_result_depends_neither_on_mixing_nor_on_cutting():
    for seed in range(200):
        records = history(seed, mutations=seed % 4)
        first = slow(dump(records))
        if "bad" not in first:
            assert slow(dump(recut_and_remix(random.Random(seed), records))) == first, f"seed {seed}"


def test_planted_anomalies_are_found():
    kinds = {f["kind"] for seed in range(300) for f in judge(dump(history(seed)))["findings"]}
    for kind in ("lost", "duplicated", "skipped", "rewound", "phantom", "misrouted", "corrupt", "reordered", "vanished",
                 "offset-conflict", "torn-transaction", "aborted-read", "commit-ahead", "resume-mismatch"):
        assert kind in kinds


def test_broken_input_is_refused_with_its_line():
    refused = 0
    for seed in range(200):
        try:
            judge(broken(seed))
        except BadInput as error:
            refused += 1
            assert error.line >= 1 and error.field
    assert refused > 100


RUN = {"event": "run", "format": 1, "run": "r"}
P = {"event": "producer", "producer": "p"}
C = {"event": "consumer", "consumer": "c"}
T = {"event": "topic", "topic": "t", "partitions": 1}
SEND = {"event": "send", "producer": "p", "topic": "t", "partition": 0, "sequence": 0}
DELIVER = {"event": "deliver", "consumer": "c", "topic": "t", "partition": 0, "offset": 0, "producer": "x", "sequence": 0}
AUDIT = {"event": "audit", "consumer": "c", "topic": "t", "partition": 0, "start": 0, "end": 5}

BROKEN = [
    ([P], 1, "event"),
    ([RUN, RUN], 2, "event"),
    ([{**RUN, "format": 2}], 1, "format"),
    ([RUN, {"event": "end"}, {"event": "end"}], 3, "event"),
    ([RUN, P, P], 3, "producer"),
    ([RUN, T, T], 3, "topic"),
    ([RUN, SEND], 2, "producer"),
    ([RUN, P, {**SEND, "count": 0}], 3, "count"),
    ([RUN, P, {**SEND, "sequence": 2**63 - 1}], 3, "sequence"),
    ([RUN, P, {**SEND, "transaction": "1"}], 3, "transaction"),
    ([RUN, P, {**SEND, "key": None}], 3, "key"),
    ([RUN, {**P, "acks": 1}], 2, "acks"),
    ([RUN, {**T, "partitions": 0}], 2, "partitions"),
    ([RUN, P, {**SEND, "partition": 1}, P | {"producer": "q"}, T], 3, "partition"),
    ([RUN, T, P, {**SEND, "partition": 1}], 4, "partition"),
    ([RUN, C, {**DELIVER, "sequence": None}], 3, "sequence"),
    ([RUN, C, {**DELIVER, "producer": None}], 3, "sequence"),
    ([RUN, C, {**DELIVER, "within": {"producer": "x"}}], 3, "within.transaction"),
    ([RUN, C, {**DELIVER, "within": {"producer": "x", "transaction": True}}], 3, "within.transaction"),
    ([RUN, T, C, {**DELIVER, "target": {"topic": "t", "partition": 1}}], 4, "target.partition"),
    ([RUN, C, {**AUDIT, "start": 6}], 3, "end"),
    ([RUN, C, AUDIT, {**AUDIT, "start": 7, "end": 9}, SEND | {"event": "end"}], 5, "producer"),
    ([RUN, C, AUDIT, {**AUDIT, "start": 7, "end": 9}, {"event": "end"}], 4, "start"),
]


@pytest.mark.parametrize("records,line,field", BROKEN, ids=range(len(BROKEN)))
def test_input_rule_names_line_and_field(records, line, field):
    with pytest.raises(BadInput) as caught:
        judge(dump(records))
    assert (caught.value.line, caught.value.field) == (line, field)


@pytest.mark.parametrize("data,line", [
    (b"", 1), (b"\n", 1), (b"\xef\xbb\xbf" + json.dumps(RUN).encode(), 1), (b'{"event":"run","event":"run"}', 1),
    (dump([RUN]) + b"\n", 2), (dump([RUN]) + b'{"event":"end"', 2), (dump([RUN]) + b'{"event":"e\xff"}', 2)])
def test_broken_bytes_name_the_line(data, line):
    with pytest.raises(BadInput) as caught:
        judge(data)
    assert caught.value.line == line
