"""The corners of the contract, held against the slow judge."""

import pytest

from .corners_of_groups import ALL
from .judge import judge
from .lines_of import dump

def named(finding):
    first = "".join(f" {m['sequence']}+{m['count']}" for m in finding["messages"][:1])
    return f"{finding['kind']} {finding['severity']}{first}"


@pytest.mark.parametrize("name", ALL)
def test_corner(name):
    records, wanted = ALL[name]
    found = sorted(named(f) for f in judge(dump(records))["findings"])
    assert found == sorted(wanted)
