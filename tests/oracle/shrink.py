"""Delta debugging: the fewest lines, the shortest runs and the fewest fields that still show a difference."""


def shrink(records, shows):
    """`shows(records)` is true for the input; every smaller history kept shows the same."""
    records = fewer_lines(records, shows)
    records = shorter_runs(records, shows)
    records = fewer_fields(records, shows)
    return fewer_lines(records, shows)


def fewer_lines(records, shows):
    size = max(1, len(records) // 2)
    while True:
        at, removed = 0, False
        while at < len(records):
            candidate = records[:at] + records[at + size:]
            if candidate and shows(candidate):
                records, removed = candidate, True
            else:
                at += size
        if size == 1 and not removed:
            return records
        size = size if removed and size == 1 else max(1, size // 2)


def shorter_runs(records, shows):
    for at, record in enumerate(records):
        for count in (1, 2, record.get("count", 1) - 1):
            if 1 <= count < record.get("count", 1):
                candidate = records[:at] + [{**record, "count": count}] + records[at + 1:]
                if shows(candidate):
                    records = candidate
                    break
    return records


def fewer_fields(records, shows):
    for at in range(len(records)):
        for name in list(records[at]):
            if name == "event" or name not in records[at]:
                continue
            smaller = {k: v for k, v in records[at].items() if k != name}
            candidate = records[:at] + [smaller] + records[at + 1:]
            if shows(candidate):
                records = candidate
    return records
