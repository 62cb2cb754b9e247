"""Record batches of Kafka (magic 2, uncompressed), taken apart and put together again with a checksum that fits.

Records stay the bytes they were: a batch can lose, repeat or exchange some without knowing what is in them.
"""

import struct
from dataclasses import dataclass, replace
from typing import Self

_HEAD = struct.Struct(">qiibIhiqqqhii")
_CHECKED_FROM = 21  # the checksum covers the batch from its attributes on
_COUNTED_FROM = 12  # and the length all that stands behind it
_COMPRESSION, _CONTROL = 7, 32
NO_PRODUCER = -1


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC_TABLE = _crc_table()


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


@dataclass(frozen=True)
class Record:
    raw: bytes  # as it stands in the batch, its length in front
    value_at: int  # where in `raw`
    value: bytes

    def with_bit_flipped(self, byte: int) -> Self:
        """The lowest bit of one byte of the value; its length stays."""
        value = bytearray(self.value)
        value[byte] ^= 1
        raw = self.raw[:self.value_at] + value + self.raw[self.value_at + len(value):]
        return replace(self, raw=raw, value=bytes(value))


@dataclass(frozen=True)
class Batch:
    base_offset: int
    leader_epoch: int
    attributes: int
    last_offset_delta: int
    base_timestamp: int
    max_timestamp: int
    producer_id: int
    producer_epoch: int
    base_sequence: int
    records: tuple[Record, ...]

    @property
    def next_offset(self) -> int:
        return self.base_offset + self.last_offset_delta + 1

    @property
    def is_control(self) -> bool:
        """The end of a transaction."""
        return self.attributes & _CONTROL != 0

    def encode(self) -> bytes:
        records = b"".join(record.raw for record in self.records)
        fields = (self.attributes, self.last_offset_delta, self.base_timestamp, self.max_timestamp, self.producer_id,
                  self.producer_epoch, self.base_sequence, len(self.records))
        length = _HEAD.size - _COUNTED_FROM + len(records)
        checked = _HEAD.pack(0, 0, 0, 0, 0, *fields)[_CHECKED_FROM:] + records
        return _HEAD.pack(self.base_offset, length, self.leader_epoch, 2, crc32c(checked), *fields) + records

    def same_producer(self, other: "Batch") -> bool:
        return (self.producer_id, self.producer_epoch) == (other.producer_id, other.producer_epoch)

    def without_producer(self) -> Self:
        """As a producer without idempotence would have sent it: the broker knows no copies of it."""
        return replace(self, producer_id=NO_PRODUCER, producer_epoch=-1, base_sequence=-1)


def read_batches(data: bytes) -> tuple[list[Batch], bytes]:
    """The whole batches, and the rest: a fetch may end in the middle of one."""
    batches, at = [], 0
    while len(data) - at >= _HEAD.size:
        base_offset, length, leader_epoch, magic, crc, *fields = _HEAD.unpack_from(data, at)
        end = at + _COUNTED_FROM + length
        if end > len(data):
            break
        attributes, *_, count = fields
        if magic != 2 or attributes & _COMPRESSION:
            raise ValueError(f"a batch of magic {magic}, attributes {attributes:#x}; known are uncompressed ones of magic 2")
        if crc32c(data[at + _CHECKED_FROM:end]) != crc:
            raise ValueError(f"the checksum of the batch at offset {base_offset} does not fit")
        records = _read_records(data[at + _HEAD.size:end], count)
        batches.append(Batch(base_offset, leader_epoch, *fields[:-1], records))
        at = end
    return batches, data[at:]


def _read_records(data: bytes, count: int) -> tuple[Record, ...]:
    records, at = [], 0
    for _ in range(count):
        start = at
        length, at = _varint(data, at)
        end = at + length
        _, at = _varint(data, at + 1)  # behind the attributes: the timestamp
        _, at = _varint(data, at)  # the offset
        key_size, at = _varint(data, at)
        value_size, at = _varint(data, at + max(key_size, 0))
        records.append(Record(data[start:end], at - start, data[at:at + max(value_size, 0)]))
        at = end
    if at != len(data):
        raise ValueError(f"{len(data) - at} bytes behind the {count} records of a batch")
    return tuple(records)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Zigzag; and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value >> 1 ^ -(value & 1), at
