"""A proxy between clients and a cluster that may lie. For each broker it listens on a port of its own, and it answers
every question for an address with these, so that nobody passes by it.

It runs in a thread of the test. What it does not understand it relays; what goes wrong in it fails the test at its end.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, Self

from connection import Connection, HungUp
from kafka_protocol import Address, Addresses, Fetched, Produce

PATIENCE = 60.0  # seconds; of every wait of ours


class Lie(Protocol):
    async def produce(self, connection: Connection, produce: Produce) -> None:
        """Asks the broker and answers the client, or does not."""

    def fetched(self, client: str, fetched: Fetched) -> Fetched:
        """What `client` gets instead."""


class Proxy:
    def __init__(self, brokers: Addresses, lie_of: Callable[[str, int], Lie]) -> None:
        """`lie_of` a topic and partition."""
        self.addresses: Addresses = {}
        self.complaints: list[Exception] = []
        self._brokers, self._lie_of = brokers, lie_of
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
                await Connection(client, upstream, self.addresses, self._lie_of).serve()
            except (HungUp, OSError):
                pass
            except Exception as error:
                self.complaints.append(error)
            finally:
                self._connections.discard(task)
                client[1].close()

        return serve
