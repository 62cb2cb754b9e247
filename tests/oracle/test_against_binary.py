"""The C++ judge and the slow one agree on corners and on random histories, and so far it says nothing that it takes back."""

import os
import subprocess
import sys
from pathlib import Path

from .so_far import compare

HERE = Path(__file__).resolve().parent


def test_no_difference_between_the_judges(firedrill_binary: Path) -> None:
    count = os.environ.get("ORACLE_SEEDS", "120")
    done = subprocess.run(
        [sys.executable, "-m", "oracle.compare", "--binary", str(firedrill_binary), "--count", count], cwd=HERE.parent,
        capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_violation_called_so_far_is_taken_back(firedrill_binary: Path) -> None:
    called, found = compare(firedrill_binary, range(1, 61), 5)
    assert found is None, found
    assert called > 0
