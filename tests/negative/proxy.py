"""A proxy between clients and a cluster that may lie. For each broker it listens on a port of its own, and it answers
every question for an address with these, so that nobody passes by it.

It runs in a thread of the test. What it does not understand it relays; what goes wrong in it fails the test at its end.
"""

import asyncio
import contextlib
import struct
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, Self

import kafka_protocol as kafka
from kafka_protocol import Address, Addresses, Produce, ProduceAnswer, Request
from record_batch import Batch

READ_AHEAD = 64  # requests of a client that wait for their turn
PATIENCE = 60.0  # seconds; of a lie that waits for a client to do something


class Lie(Protocol):
    async def produce(self, connection: "Connection", produce: Produce) -> None:
        """Asks the broker and answers the client, or does not."""

    def fetched(self, client: str, topic: str, partition: int, records: bytes) -> bytes:
        """What `client` gets instead."""


class HungUp(Exception):
    """One of the two ends is gone, or the lie wants it so."""


class Connection:
    """Of one client to one broker. One request at a time is asked, as a broker handles them too; a lie may look ahead at
    those behind it."""

    def __init__(self, client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
                 broker: tuple[asyncio.StreamReader, asyncio.StreamWriter], addresses: Addresses, lie: Lie) -> None:
        self._client, self._broker, self._addresses, self._lie = client, broker, addresses, lie
        self._waiting: deque[Request] = deque()
        self._changed = asyncio.Condition()
        self._ended = False  # the client sends nothing more

    async def serve(self) -> None:
        reading = asyncio.create_task(self._read_client())
        try:
            while request := await self.take(lambda _: True):
                await self._handle(request)
        finally:
            reading.cancel()
            for _, writer in (self._client, self._broker):
                writer.close()

    async def take(self, wanted: Callable[[Request], bool]) -> Request | None:
        """The first request that is wanted and was not taken yet; None once the client has hung up, whatever waits: it
        will ask again, and must not find that done already which nobody answered."""
        async with self._changed:
            while not self._ended:
                for request in self._waiting:
                    if wanted(request):
                        self._waiting.remove(request)
                        self._changed.notify_all()
                        return request
                await self._changed.wait()
            return None

    async def seen(self, wanted: Callable[[Request], bool]) -> bool:
        """Waits for a request that is wanted and leaves it where it is. False: the client hung up before."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._ended or any(map(wanted, self._waiting)))
            return any(map(wanted, self._waiting))

    async def ask(self, frame: bytes) -> bytes:
        """The body of the broker's answer."""
        reader, writer = self._broker
        _write(writer, frame)
        answer = await _read(reader)
        if answer[:4] != frame[4:8]:
            raise ValueError("a broker answered another request than the one it was asked")
        return answer[4:]

    async def produce(self, produce: Produce, batch: Batch | None = None) -> ProduceAnswer:
        """The broker's answer to it, or to it with another batch."""
        return kafka.read_produce_answer(produce, await self.ask(produce.frame(batch)))

    def answer(self, request: Request, body: bytes) -> None:
        _write(self._client[1], request.correlation + body)

    async def _handle(self, request: Request) -> None:
        if request.api == kafka.PRODUCE:
            await self._lie.produce(self, kafka.read_produce(request))
            return
        if request.version > kafka.NEWEST.get(request.api, request.version):
            raise ValueError(f"request {request.api} in version {request.version}, which is not understood")
        body = await self.ask(request.head + request.body)
        if request.api == kafka.FETCH:
            body = kafka.change_fetched(body, lambda *fetched: self._lie.fetched(request.client, *fetched))
        elif request.api == kafka.METADATA:
            body = kafka.redirect_metadata(body, self._addresses)
        elif request.api == kafka.FIND_COORDINATOR:
            body = kafka.redirect_coordinator(body, request.version, self._addresses)
        elif request.api == kafka.API_VERSIONS:
            body = kafka.cap_versions(body)
        self.answer(request, body)

    async def _read_client(self) -> None:
        try:
            while True:
                request = kafka.read_request(await _read(self._client[0]))
                async with self._changed:
                    await self._changed.wait_for(lambda: len(self._waiting) < READ_AHEAD)
                    self._waiting.append(request)
                    self._changed.notify_all()
        except (HungUp, OSError):
            async with self._changed:
                self._ended = True
                self._changed.notify_all()


class Proxy:
    def __init__(self, brokers: Addresses, lie: Lie) -> None:
        self.addresses: Addresses = {}
        self.complaints: list[BaseException] = []
        self._brokers, self._lie = brokers, lie
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Task[Any]] = set()

    @property
    def bootstrap(self) -> str:
        return ",".join(f"{host}:{port}" for host, port in self.addresses.values())

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
        if self.complaints:
            raise self.complaints[0]

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _open(self) -> None:
        for node, address in self._brokers.items():
            server = await asyncio.start_server(self._welcome(address), "127.0.0.1", 0)
            self._servers.append(server)
            self.addresses[node] = server.sockets[0].getsockname()[:2]

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _welcome(self, broker: Address) -> Callable[..., Coroutine[Any, Any, None]]:
        async def serve(*client: Any) -> None:
            task = asyncio.current_task()
            assert task
            self._connections.add(task)
            try:
                upstream = await asyncio.open_connection(*broker)
                await Connection(client, upstream, self.addresses, self._lie).serve()
            except (HungUp, OSError):
                pass
            except Exception as error:
                self.complaints.append(error)
            finally:
                self._connections.discard(task)
                client[1].close()

        return serve


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        (size,) = struct.unpack(">i", await reader.readexactly(4))
        return await reader.readexactly(size)
    except asyncio.IncompleteReadError:
        raise HungUp from None


def _write(writer: asyncio.StreamWriter, frame: bytes) -> None:
    with contextlib.suppress(OSError):  # whoever hung up is noticed when he is read
        writer.write(struct.pack(">i", len(frame)) + frame)
