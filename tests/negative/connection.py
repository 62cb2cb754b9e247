"""One client's connection to one broker, by way of the proxy."""

import asyncio
import struct
from collections import deque
from collections.abc import Callable
from typing import Any

import kafka_protocol as kafka
from kafka_protocol import Addresses, Fetched, Produce, ProduceAnswer, Request
from record_batch import Batch

READ_AHEAD = 64  # requests of a client that wait for their turn
LARGEST = 16 << 20  # bytes of a request or answer
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class HungUp(Exception):
    """One of the two ends is gone, or a lie wants it so."""


class Connection:
    """One request at a time is asked, as a broker handles them too; a lie may look ahead at those behind it."""

    def __init__(self, client: Ends, broker: Ends, addresses: Addresses, lie_of: Callable[[str, int], Any]) -> None:
        self._client, self._broker, self._addresses, self._lie_of = client, broker, addresses, lie_of
        self._waiting: deque[Request] = deque()
        self._changed = asyncio.Condition()
        self._ended = False  # the client sends nothing more

    async def serve(self) -> None:
        reading = asyncio.create_task(self._read_client())
        try:
            while request := await self.take(lambda _: True):
                await self._handle(request)
            await reading  # what ended it
        finally:
            reading.cancel()
            for _, writer in (self._client, self._broker):
                writer.close()

    async def take(self, wanted: Callable[[Request], bool]) -> Request | None:
        """The first request that is wanted and was not taken yet; None once the client has hung up, whatever waits: it
        will ask again, and must not find that done already which nobody answered."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._ended or any(map(wanted, self._waiting)))
            if self._ended:
                return None
            request = next(filter(wanted, self._waiting))
            self._waiting.remove(request)
            self._changed.notify_all()
            return request

    async def seen(self, wanted: Callable[[Request], bool]) -> bool:
        """Waits for a request that is wanted and leaves it where it is. False: the client hung up before."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._ended or any(map(wanted, self._waiting)))
            return not self._ended

    async def ask(self, frame: bytes) -> bytes:
        """The body of the broker's answer."""
        reader, writer = self._broker
        await _write(writer, frame)
        answer = await _read(reader)
        if answer[:4] != frame[4:8]:
            raise ValueError("a broker answered another request than the one it was asked")
        return answer[4:]

    async def produce(self, produce: Produce, batch: Batch | None = None) -> ProduceAnswer:
        """The broker's answer to it, or to it with another batch."""
        return kafka.read_produce_answer(produce, await self.ask(produce.frame(batch)))

    async def answer(self, request: Request, body: bytes) -> None:
        await _write(self._client[1], request.correlation + body)

    async def _handle(self, request: Request) -> None:
        if request.api == kafka.PRODUCE:
            produce = kafka.read_produce(request)
            await self._lie_of(produce.topic, produce.partition).produce(self, produce)
            return
        if request.version > kafka.NEWEST.get(request.api, request.version):
            raise ValueError(f"request {request.api} in version {request.version}, which is not understood")
        body = await self.ask(request.head + request.body)
        if request.api == kafka.FETCH:
            body = kafka.change_fetched(body, lambda *place: self._fetched(request.client, *place))
        elif request.api == kafka.METADATA:
            body = kafka.redirect_metadata(body, self._addresses)
        elif request.api == kafka.FIND_COORDINATOR:
            body = kafka.redirect_coordinator(body, request.version, self._addresses)
        elif request.api == kafka.API_VERSIONS:
            body = kafka.cap_versions(body)
        await self.answer(request, body)

    def _fetched(self, client: str, topic: str, partition: int, fetched: Fetched) -> Fetched:
        return self._lie_of(topic, partition).fetched(client, fetched)

    async def _read_client(self) -> None:
        try:
            while True:
                request = kafka.read_request(await _read(self._client[0]))
                async with self._changed:
                    await self._changed.wait_for(lambda: len(self._waiting) < READ_AHEAD)
                    self._waiting.append(request)
                    self._changed.notify_all()
        finally:
            async with self._changed:
                self._ended = True
                self._changed.notify_all()


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        (size,) = struct.unpack(">i", await reader.readexactly(4))
        if not 8 <= size <= LARGEST:
            raise ValueError(f"{size} bytes were announced: not Kafka's protocol")
        return await reader.readexactly(size)
    except asyncio.IncompleteReadError:
        raise HungUp from None


async def _write(writer: asyncio.StreamWriter, frame: bytes) -> None:
    writer.write(struct.pack(">i", len(frame)) + frame)
    await writer.drain()
