"""The one exception of the harness: something that a person can act on, in one sentence."""


class HarnessError(Exception):
    """What went wrong, with which value, and where to look."""
