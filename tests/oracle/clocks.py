"""Which of two moments was surely earlier.

"Times are clock-safe to compare if both stand on one host and differ, or if both hosts have `clock` lines and the
corrected distance is larger than the sum of both errors (several lines of one host: the hull of their intervals). An
actor without `host` compares only with itself." Samples without host are of one observer.
"""


class Clocks:
    def __init__(self, history):
        self.hulls = {
            ("host", host): (min(o - e for o, e in lines), max(o + e for o, e in lines))
            for host, lines in history.clocks.items()
        }

    def before(self, a, b):
        """True only if `a` is clock-safely earlier than `b`."""
        if a.at is None or b.at is None:
            return False
        if a.clock == b.clock:
            return a.at < b.at
        if a.clock not in self.hulls or b.clock not in self.hulls:
            return False
        low_a, _ = self.hulls[a.clock]
        _, high_b = self.hulls[b.clock]
        # The latest that `a` can have been, against the earliest that `b` can have been.
        return a.at - low_a < b.at - high_b
