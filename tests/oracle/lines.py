"""Reads the lines of a history one by one, with every input rule that a single line can break.

The first error ends it: `BadInput` names the line and the field. Rules between lines are in rules.py.
"""

import json

from .schema import EVENTS

LARGEST = 2**63 - 1


class BadInput(Exception):
    def __init__(self, line, field, why):
        super().__init__(f"line {line}: {field}: {why}")
        self.line = line
        self.field = field


def read_lines(data):
    """Yields (number, record) for every line; each record is a dict whose fields have the right types."""
    if data == b"":
        raise BadInput(1, "line", "the file is empty")
    pieces = data.split(b"\n")
    if pieces[-1] == b"":
        pieces.pop()
    for number, piece in enumerate(pieces, start=1):
        yield number, parse_line(number, piece)


def parse_line(number, piece):
    if piece == b"":
        raise BadInput(number, "line", "empty")
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(number, "line", f"not UTF-8: {error}") from None
    try:
        record = json.loads(text, object_pairs_hook=object_without_duplicates, parse_constant=refuse_constant)
    except DuplicateKey as error:
        raise BadInput(number, str(error), "the key stands twice") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(number, "line", f"not JSON: {error}") from None
    if has_lone_surrogate(record):
        raise BadInput(number, "line", "not Unicode: half of a surrogate pair")
    if not isinstance(record, dict):
        raise BadInput(number, "line", "not an object")
    check_event(number, record)
    return record


class DuplicateKey(Exception):
    pass


def object_without_duplicates(pairs):
    result = {}
    for key, value in pairs:
        if key in result:
            raise DuplicateKey(key)
        result[key] = value
    return result


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def has_lone_surrogate(value):
    if isinstance(value, str):
        return any(0xD800 <= ord(letter) <= 0xDFFF for letter in value)
    if isinstance(value, dict):
        return any(has_lone_surrogate(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(has_lone_surrogate(part) for part in value)
    return False


def check_event(number, record):
    if "event" not in record:
        raise BadInput(number, "event", "missing")
    event = record["event"]
    if not isinstance(event, str) or event not in EVENTS:
        raise BadInput(number, "event", f"unknown: {event!r}")
    check_fields(number, "", {k: v for k, v in record.items() if k != "event"}, EVENTS[event])


def check_fields(number, path, values, fields):
    for name, value in values.items():
        if name not in fields:
            raise BadInput(number, path + name, "unknown field")
        kind, _, nullable = fields[name]
        if value is None:
            if not nullable:
                raise BadInput(number, path + name, "null is not allowed here")
            continue
        check_value(number, path + name, value, kind)
    for name, (_, must, _) in fields.items():
        if must and name not in values:
            raise BadInput(number, path + name, "missing")


def check_value(number, path, value, kind):
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            raise BadInput(number, path, "must be an object")
        check_fields(number, path + ".", value, kind)
    elif isinstance(kind, tuple):
        if not isinstance(value, str) or value not in kind:
            raise BadInput(number, path, f"must be one of {', '.join(kind)}")
    elif kind == "text":
        if not isinstance(value, str):
            raise BadInput(number, path, "must be a string")
    elif kind == "flag":
        if not isinstance(value, bool):
            raise BadInput(number, path, "must be true or false")
    elif kind == "numbers":
        if not isinstance(value, list):
            raise BadInput(number, path, "must be a list of numbers")
        for place, part in enumerate(value):
            check_number(number, f"{path}[{place}]", part, 0)
    elif kind == "one":
        check_number(number, path, value, 0)
        if value != 1:
            raise BadInput(number, path, "must be 1")
    elif kind == "signed":
        check_number(number, path, value, -LARGEST - 1)
    else:
        check_number(number, path, value, 1 if kind == "count" else 0)


def check_number(number, path, value, least):
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(number, path, "must be a whole number")
    if value < least or value > LARGEST:
        raise BadInput(number, path, f"must be {least} to {LARGEST}")
