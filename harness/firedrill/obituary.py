"""Why a node ended, in its own words: the lines of its log that a person would look for."""

import re
from pathlib import Path

from firedrill.cluster_file import Node

LINES = 12
_TELLING = re.compile(r"^\[[^]]*\] (ERROR|FATAL) |^Caused by: |^Exception in |^#  |^Error|OutOfMemory|Address already in use")


def obituary(node: Node, exit_status: int | None) -> str:
    for log in (node.server_log, node.console_log):
        if words := _last_words(log):
            return f"{node.name} ended with {exit_status}; from {log}:\n{words}"
    return f"{node.name} ended with {exit_status} and wrote nothing to {node.directory}"


def _last_words(log: Path) -> str:
    """The first lines that tell of a failure, for the first one is the cause; else the last lines there are."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return ""
    telling = [line for line in lines if _TELLING.search(line)]
    return "\n".join(telling[:LINES] or lines[-LINES:])
