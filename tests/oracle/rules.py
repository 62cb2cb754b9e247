"""The input rules that need more than one field or more than one line (history contract, section 1).

`checked_lines` yields each line once all that is known by then allows it; the last rules are looked at after the end.
"""

from .lines import LARGEST, BadInput, read_lines

PRODUCER_LINES = ("send", "ack", "refuse", "unknown", "transaction", "input")
CONSUMER_LINES = ("assign", "revoke", "seek", "deliver", "commit", "audit")


def checked_lines(data):
    known = Known()
    for number, record in read_lines(data):
        known.check(number, record)
        yield number, record
    known.check_audits_join()


class Known:
    def __init__(self):
        self.producers = set()
        self.consumers = set()
        self.topics = {}
        self.uses = []  # (line, field, topic, partition) of topics not declared yet
        self.audits = {}  # (consumer, topic, partition) -> [(start, end, line)]
        self.ended = False

    def check(self, number, record):
        event = record["event"]
        if self.ended:
            raise BadInput(number, "event", "a line after end")
        if number == 1 and event != "run":
            raise BadInput(number, "event", "the first line must be run")
        if number > 1 and event == "run":
            raise BadInput(number, "event", "a second run")
        if event == "end":
            self.ended = True
        self.check_numbers(number, record)
        self.check_names(number, record)
        self.check_partitions(number, record)
        if event == "audit":
            place = (record["consumer"], record["topic"], record["partition"])
            self.audits.setdefault(place, []).append((record["start"], record["end"], number))

    def check_numbers(self, number, record):
        """sequence + count, offset + count beyond 2^63 - 1; end < start; a sequence exactly where a producer is named."""
        event = record["event"]
        if event == "deliver":
            given = record.get("sequence")
            if record["producer"] is None and given is not None:
                raise BadInput(number, "sequence", "must be null or left out for a foreign record")
            if record["producer"] is not None and given is None:
                raise BadInput(number, "sequence", "missing")
        for field in ("sequence", "offset"):
            first = record.get(field)
            if "count" in record and first is not None and first + record["count"] > LARGEST:
                raise BadInput(number, field, f"{field} + count is beyond 2^63 - 1")
            if event in ("send", "ack", "refuse", "unknown", "deliver") and first is not None and first + 1 > LARGEST:
                raise BadInput(number, field, f"{field} + count is beyond 2^63 - 1")
        if event == "audit" and record["end"] < record["start"]:
            raise BadInput(number, "end", "below start")

    def check_names(self, number, record):
        event = record["event"]
        if event == "producer":
            self.declare(number, "producer", self.producers, record["producer"])
        if event == "consumer":
            self.declare(number, "consumer", self.consumers, record["consumer"])
        if event == "topic" and record["topic"] in self.topics:
            raise BadInput(number, "topic", "declared twice")
        if event in PRODUCER_LINES and record["producer"] not in self.producers:
            raise BadInput(number, "producer", "not declared before")
        if event in CONSUMER_LINES and record["consumer"] not in self.consumers:
            raise BadInput(number, "consumer", "not declared before")

    @staticmethod
    def declare(number, field, names, name):
        if name in names:
            raise BadInput(number, field, "declared twice")
        names.add(name)

    def check_partitions(self, number, record):
        """A partition outside its topic is found when both are known; the line that uses it is named."""
        if record["event"] == "topic":
            topic, partitions = record["topic"], record["partitions"]
            self.topics[topic] = partitions
            for line, field, name, partition in self.uses:
                if name == topic and partition >= partitions:
                    raise BadInput(line, field, f"{topic} has {partitions} partitions")
            return
        for field, place in (("partition", record), ("target.partition", record.get("target")),
                             ("of.partition", record.get("of"))):
            if place is None or "partition" not in place:
                continue
            partitions = self.topics.get(place["topic"])
            if partitions is None:
                self.uses.append((number, field, place["topic"], place["partition"]))
            elif place["partition"] >= partitions:
                raise BadInput(number, field, f"{place['topic']} has {partitions} partitions")

    def check_audits_join(self):
        """Audits of one consumer and partition that do not join (the last is named)."""
        wrong = []
        for ranges in self.audits.values():
            covered = None
            for start, end, _ in sorted(ranges):
                if covered is not None and start > covered:
                    wrong.append(max(line for _, _, line in ranges))
                    break
                covered = end if covered is None else max(covered, end)
        if wrong:
            raise BadInput(min(wrong), "start", "the audits of this consumer and partition do not join")
