"""What a broker does for its clients when it does not lie, and when it does: what lies of every kind are made of."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from connection import Connection, HungUp
from identity import Message, message_of
from kafka_protocol import Aborted, Fetched, Produce, ProduceAnswer
from record_batch import Batch, read_batches

READER, AUDIT = "reader", "firedrill"  # the client ids of those who fetch
When = Callable[[], bool]


def never() -> bool:
    return False


def once(after: int) -> When:
    """At the occasion behind so many others, and never again."""
    occasions = iter(range(after + 1))
    return lambda: next(occasions, None) == after


def from_then_on(after: int) -> When:
    occasions = iter(range(after))
    return lambda: next(occasions, None) is None


def now_and_then(probability: float, seed: int) -> When:
    draw = random.Random(seed)
    return lambda: draw.random() < probability


@dataclass
class Truth:
    """Serves one partition as it was asked."""

    when: When = never
    noted: set[Message] = field(default_factory=set)  # about whom was lied
    places: dict[int, Message] = field(default_factory=dict)  # what the broker has, by offset
    batches: int = 0  # that producers sent
    retried: int = 0  # of those that were lied about

    async def produce(self, connection: Connection, produce: Produce) -> None:
        self.batches += 1
        await connection.answer(produce.request, (await self.append(connection, produce)).body())

    async def append(self, connection: Connection, produce: Produce, batch: Batch | None = None) -> ProduceAnswer:
        """Lets the broker have it, or another batch for it."""
        answer = await connection.produce(produce, batch)
        if answer.error == 0:
            for index, record in enumerate((batch or produce.batch).records):
                self.places[answer.offset + index] = message_of(record)
        return answer

    def fetched(self, client: str, fetched: Fetched) -> Fetched:
        return fetched

    def note(self, batch: Batch) -> None:
        self.noted |= set(map(message_of, batch.records))


class LieToProducer(Truth, ABC):
    async def produce(self, connection: Connection, produce: Produce) -> None:
        again = message_of(produce.batch.records[0]) in self.noted
        self.retried += again
        if again or not self.when():
            await super().produce(connection, produce)
            return
        self.batches += 1
        await self.lie(connection, produce)

    @abstractmethod
    async def lie(self, connection: Connection, produce: Produce) -> None:
        """Notes about whom, and answers in its own way."""

    async def append(self, connection: Connection, produce: Produce, batch: Batch | None = None) -> ProduceAnswer:
        """Of what a broker refuses there is nothing to tell: the client shall try again."""
        answer = await super().append(connection, produce, batch)
        if answer.error != 0:
            raise HungUp
        return answer


@dataclass
class LieToReader(Truth, ABC):
    to: str = READER

    def fetched(self, client: str, fetched: Fetched) -> Fetched:
        if client != self.to:
            return fetched
        batches, rest = read_batches(fetched.records)
        aborted, shown = self.shown(fetched.aborted, batches)
        return Fetched(aborted, b"".join(batch.encode() for batch in shown) + rest)

    @abstractmethod
    def shown(self, aborted: Aborted, batches: list[Batch]) -> tuple[Aborted, list[Batch]]:
        """What is told to be in the log."""
