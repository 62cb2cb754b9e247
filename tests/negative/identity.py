"""Who a message is, read from the front of its value by the layout that workloads/evidence/message.h tells, and not by the
code under test."""

import struct

from record_batch import Record

SIZE = 64
Message = tuple[str, int]  # producer, sequence: as in a finding

_HEAD = struct.Struct("<4sIQQIiq")  # magic, checksum, run, producer, topic, partition, sequence


def message_of(record: Record) -> Message:
    magic, _, _, producer, _, _, sequence = _HEAD.unpack_from(record.value)
    if magic != b"FDM1":
        raise ValueError(f"a record that is no message of a run: {record.value[:16]!r}")
    return f"p-{producer:016x}", sequence
