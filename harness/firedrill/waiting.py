"""Waiting for a condition, with a deadline; nothing in the harness waits in any other way."""

import time
from collections.abc import Callable
from typing import TypeVar

from firedrill.errors import HarnessError

T = TypeVar("T")


def wait_for(condition: Callable[[], T | None], timeout_s: float, what: str, interval_s: float = 0.05) -> T:
    """Returns the first truthy answer of `condition`; raises HarnessError naming `what` after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise HarnessError(f"{what}: not within {timeout_s:g} s")
        time.sleep(interval_s)
