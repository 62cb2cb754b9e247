"""Drills and the way to read them are those of tests/e2e."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e"))
