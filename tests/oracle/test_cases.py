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
CASES = sorted(FOLDER.glob("*.ndjson")) if FOLDER else []


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
        assert {name: got.get(name) for name in want} == want
    for word in expected.get("reasons_mention", []):
        assert any(word in reason for reason in result["reasons"]), word
