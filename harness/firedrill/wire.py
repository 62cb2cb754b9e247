"""Just enough of Kafka's protocol to ask a broker a question without paying a second for a JVM.

Requests in the old, non-flexible encoding: a header of version 1, no tagged fields. Brokers of 4.x still speak it.
"""

import socket
import struct
from dataclasses import dataclass

_CLIENT_ID = b"firedrill-harness"
_MAX_ANSWER = 16 << 20


def int8(value: int) -> bytes:
    return struct.pack(">b", value)


def int16(value: int) -> bytes:
    return struct.pack(">h", value)


def int32(value: int) -> bytes:
    return struct.pack(">i", value)


def int64(value: int) -> bytes:
    return struct.pack(">q", value)


def string(text: str) -> bytes:
    return int16(len(text.encode())) + text.encode()


def array(items: list[bytes]) -> bytes:
    return int32(len(items)) + b"".join(items)


@dataclass
class Answer:
    """Reads an answer's body from front to end."""

    body: bytes
    position: int = 0

    def _number(self, code: str) -> int:
        (value,) = struct.unpack_from(code, self.body, self.position)
        self.position += struct.calcsize(code)
        return value

    def int8(self) -> int:
        return self._number(">b")

    def int16(self) -> int:
        return self._number(">h")

    def int32(self) -> int:
        return self._number(">i")

    def int64(self) -> int:
        return self._number(">q")

    def string(self) -> str | None:
        length = self.int16()
        if length < 0:
            return None
        self.position += length
        return self.body[self.position - length:self.position].decode()

    def int32_array(self) -> list[int]:
        return [self.int32() for _ in range(self.int32())]


def request(address: tuple[str, int], api_key: int, version: int, body: bytes = b"", timeout_s: float = 5.0) -> Answer:
    """One request over a connection of its own. Raises OSError, also on a frozen broker, which accepts but is mute."""
    with socket.create_connection(address, timeout=timeout_s) as connection:
        head = int16(api_key) + int16(version) + int32(1) + int16(len(_CLIENT_ID)) + _CLIENT_ID
        connection.sendall(int32(len(head) + len(body)) + head + body)
        (length,) = struct.unpack(">i", _exactly(connection, 4))
        if not 4 <= length <= _MAX_ANSWER:
            raise ConnectionError(f"{address[0]}:{address[1]} is no Kafka broker: it announced {length} bytes")
        return Answer(_exactly(connection, length), position=4)  # behind the correlation id


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        more = connection.recv(count - len(received))
        if not more:
            raise ConnectionError("the broker closed the connection")
        received += more
    return received
