"""The C++ judge and the slow one agree on corners and on random histories; skipped where no binary is built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BINARY = Path(os.environ.get("FIREDRILL_BINARY", HERE.parents[1] / "build/release/firedrill"))


@pytest.mark.skipif(not BINARY.exists(), reason="no firedrill is built: set FIREDRILL_BINARY")
def test_no_difference_between_the_judges():
    count = os.environ.get("ORACLE_SEEDS", "150")
    done = subprocess.run(
        [sys.executable, "-m", "oracle.compare", "--binary", str(BINARY), "--count", count], cwd=HERE.parent,
        capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
