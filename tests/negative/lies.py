"""The lies, one class each. What each notes is the truth of a test.

Producers are idempotent, so the promise is the strongest there is, and a lie that moves records renumbers them, or the
broker would refuse what it sees.
"""

import asyncio
from dataclasses import dataclass, field, replace

from connection import Connection, HungUp
from identity import SIZE, message_of
from kafka_protocol import PRODUCE, Aborted, Produce, ProduceAnswer, Request, read_produce
from proxy import PATIENCE
from record_batch import Batch
from truth import LieToProducer, LieToReader

NOT_TOLD = -1


@dataclass
class Drops(LieToProducer):
    """Confirms a batch that no broker ever gets, and tells no offset: any would be one that another record has, or gets
    (see ClaimsTaken). Later batches are renumbered so that they follow what the broker has."""

    dropped: list[Batch] = field(default_factory=list)

    async def lie(self, connection: Connection, produce: Produce) -> None:
        self.note(produce.batch)
        self.dropped.append(produce.batch)
        await connection.answer(produce.request, ProduceAnswer(produce, 0, self.told(produce.batch), 0).body())

    def told(self, batch: Batch) -> int:
        return NOT_TOLD

    async def append(self, connection: Connection, produce: Produce, batch: Batch | None = None) -> ProduceAnswer:
        batch = batch or produce.batch
        renumbered = replace(batch, base_sequence=batch.base_sequence - self.missing(batch))
        return await super().append(connection, produce, renumbered)

    def missing(self, batch: Batch) -> int:
        """How many records the broker never got in front of it; without idempotence there are no numbers."""
        return sum(len(gone.records) for gone in self.dropped
                   if gone.same_producer(batch) and gone.base_sequence < batch.base_sequence)


@dataclass
class DropsTheRest(Drops):
    """As a leader that confirms from memory until it dies: all that follows is gone, at offsets that nobody else gets."""

    promised: int = 0

    def told(self, batch: Batch) -> int:
        offset = len(self.places) + self.promised
        self.promised += len(batch.records)
        return offset


@dataclass
class ClaimsTaken(Drops):
    """Confirms a batch at the offsets that the next ones will really get."""

    claimed: set[int] = field(default_factory=set)

    def told(self, batch: Batch) -> int:
        offset = len(self.places)
        self.claimed |= set(range(offset, offset + len(batch.records)))
        return offset


@dataclass
class TellsNoOffset(LieToProducer):
    """Confirms a batch without saying where it is, as brokers may."""

    async def lie(self, connection: Connection, produce: Produce) -> None:
        answer = await self.append(connection, produce)
        self.note(produce.batch)
        await connection.answer(produce.request, replace(answer, offset=NOT_TOLD).body())


@dataclass
class TellsZero(LieToProducer):
    """Confirms every batch at offset 0."""

    async def lie(self, connection: Connection, produce: Produce) -> None:
        answer = await self.append(connection, produce)
        if answer.offset != 0:
            self.note(produce.batch)
        await connection.answer(produce.request, replace(answer, offset=0).body())


@dataclass
class AppendsTwice(LieToProducer):
    """The copy has no producer, or the broker would know it."""

    async def lie(self, connection: Connection, produce: Produce) -> None:
        answer = await self.append(connection, produce)
        self.note(produce.batch)
        await connection.produce(produce, produce.batch.without_producer())
        await connection.answer(produce.request, answer.body())


@dataclass
class Swaps(LieToProducer):
    """Appends a batch behind the one that was sent after it; they exchange their numbers."""

    async def lie(self, connection: Connection, produce: Produce) -> None:
        behind = await asyncio.wait_for(connection.take(lambda request: same_place(request, produce)), PATIENCE)
        if behind is None:
            raise HungUp
        second = read_produce(behind)
        first_number = produce.batch.base_sequence
        moved = replace(produce.batch, base_sequence=first_number + len(second.batch.records))
        early = await self.append(connection, second, replace(second.batch, base_sequence=first_number))
        late = await self.append(connection, produce, moved)
        # Where order breaks: the last one that had to be in front, the first one that had to be behind.
        self.noted |= {message_of(produce.batch.records[-1]), message_of(second.batch.records[0])}
        await connection.answer(produce.request, late.body())
        await connection.answer(second.request, early.body())


@dataclass
class FlipsBit(LieToProducer):
    """In what one message carries behind its identity; the checksum of the batch fits what it has become."""

    async def lie(self, connection: Connection, produce: Produce) -> None:
        first, *others = produce.batch.records
        changed = replace(produce.batch, records=(first.with_bit_flipped(SIZE), *others))
        answer = await self.append(connection, produce, changed)
        self.noted.add(message_of(first))
        await connection.answer(produce.request, answer.body())


@dataclass
class Hides(LieToReader):
    """One reader is shown only the last record of a batch, as if compaction had removed the others. The first batch is
    whole: a reader that begins beyond it would have resumed in the wrong place, which is another finding."""

    # By offset of the batch: asked again, the lie is the same.
    hidden: dict[int, bool] = field(default_factory=lambda: {0: False})

    def shown(self, aborted: Aborted, batches: list[Batch]) -> tuple[Aborted, list[Batch]]:
        return aborted, [self.cut(batch) if self.hides(batch) else batch for batch in batches]

    def hides(self, batch: Batch) -> bool:
        if batch.base_offset not in self.hidden:
            self.hidden[batch.base_offset] = len(batch.records) > 1 and self.when()
        return self.hidden[batch.base_offset]

    def cut(self, batch: Batch) -> Batch:
        self.note(replace(batch, records=batch.records[:-1]))
        return replace(batch, records=batch.records[-1:])


@dataclass
class ReturnsOlder(LieToReader):
    """The first batch of an answer stands at its end once more, and the reader goes on from there."""

    def shown(self, aborted: Aborted, batches: list[Batch]) -> tuple[Aborted, list[Batch]]:
        if not batches or not self.when():
            return aborted, batches
        self.noted.add(message_of(batches[0].records[0]))
        return aborted, [*batches, batches[0]]


@dataclass
class ShowsAborted(LieToReader):
    """Of no transaction a reader learns that it was aborted."""

    def shown(self, aborted: Aborted, batches: list[Batch]) -> tuple[Aborted, list[Batch]]:
        begun = sorted(aborted, key=lambda transaction: transaction[1])
        open_now: set[int] = set()
        for batch in batches:
            while begun and begun[0][1] <= batch.base_offset:
                open_now.add(begun.pop(0)[0])
            if batch.is_control:
                open_now.discard(batch.producer_id)
            elif batch.producer_id in open_now:
                self.note(batch)
        return [], batches


@dataclass
class AnswersLate(LieToProducer):
    """The answer to what the broker did is held back until the client has sent it again, or has left."""

    given_up: int = 0  # how often the client left

    async def lie(self, connection: Connection, produce: Produce) -> None:
        answer = await self.append(connection, produce)
        self.note(produce.batch)
        again = connection.seen(lambda request: is_retry(request, produce))
        self.given_up += not await asyncio.wait_for(again, PATIENCE)
        await connection.answer(produce.request, answer.body())


@dataclass
class HangsUp(LieToProducer):
    """Once the broker has done it."""

    async def lie(self, connection: Connection, produce: Produce) -> None:
        await self.append(connection, produce)
        self.note(produce.batch)
        raise HungUp


def same_place(request: Request, produce: Produce) -> bool:
    if request.api != PRODUCE:
        return False
    other = read_produce(request)
    return (other.topic, other.partition) == (produce.topic, produce.partition)


def is_retry(request: Request, produce: Produce) -> bool:
    return same_place(request, produce) and read_produce(request).batch.records[0].value == produce.batch.records[0].value
