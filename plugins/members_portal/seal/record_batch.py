"""Records sealed in batches, in this process or in another one of this machine.

A batch has the keys of its records, and no other secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Protocol, TypeVar

from members_portal.seal.format import padding
from members_portal.seal.format.blobs import seal_blob
from members_portal.seal.format.manifest import SealedFile
from members_portal.seal.format.record import record_frame, record_payload, seal_record
from members_portal.seal.member_slots import PIECES_FILE, SLOTS_FILE, SlotPiece
from members_portal.seal.seal_error import BadTree, DamagedRelease

FEWEST_RECORDS = 4_000  # records for which processes are worth while: each needs as long as 1,000 records to start
RECORDS_PER_BATCH = 64
BYTES_PER_BATCH = 1 << 20  # bytes of slots and texts, compressed

Given = TypeVar("Given")
Returned = TypeVar("Returned")


class BatchRunner(Protocol):
    """Runs work on batches in other processes of this machine; yields the results in order."""

    def is_worth(self, items: int, fewest: int) -> bool:
        """Return whether there is enough work."""

    def run(
        self, work: Callable[[Sequence[Given]], Returned], batches: Iterable[Sequence[Given]]
    ) -> Iterator[Returned]:
        """Run `work` on each batch."""


Messages = tuple[bytes, bytes]  # of a record, and of the text that follows it; the latter may be empty


@dataclass(frozen=True, slots=True)
class PackedText:
    """An own text of a member, which follows the record: the key of its message, its zlib stream, its SHA-256 (hex)."""

    key: bytes = field(repr=False)
    stream: bytes = field(repr=False)
    digest: str

    def sealed(self, member: str, site: str) -> bytes:
        """Return the message of the text; raise BadTree for one that doesn't unpack, or with another digest."""
        frame, where = padding.encode_stream(self.stream), f"{PIECES_FILE}, member {member}"
        try:
            text = padding.decode(frame)
        except DamagedRelease as error:
            raise BadTree("an own text of a member does not unpack", where) from error
        if sha256(text).hexdigest() != self.digest:
            raise BadTree("an own text of a member has another SHA-256", where)
        return seal_blob(self.key, frame, site=site)


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """What the record of a member is sealed from, with the text that follows it in the packs."""

    member: str
    key: bytes = field(repr=False)
    piece: SlotPiece = field(repr=False)
    files: Mapping[str, SealedFile] = field(repr=False)
    text: PackedText | None = None

    def payload(self) -> bytes:
        """Return the record; raise BadTree for slots that can't be sealed."""
        with self._named():
            return record_payload(self.piece.unpack(self.member), self.files)

    def sealed(self, site: str) -> Messages:
        """Return the messages of the record and its text."""
        with self._named():
            frame = record_frame(self.piece.unpack(self.member), self.piece.data, self.files)
        text = self.text.sealed(self.member, site) if self.text else b""
        return seal_record(self.key, frame, site=site), text

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the member in an error."""
        try:
            yield
        except DamagedRelease as error:
            raise BadTree(str(error), f"{SLOTS_FILE}, member {self.member}") from error


def sealed_records(
    orders: Iterable[RecordOrder], count: int, site: str, runner: BatchRunner | None
) -> Iterator[Messages]:
    """Yield the messages of records, in order; `count` is their number."""
    if not (runner and runner.is_worth(count, FEWEST_RECORDS)):
        yield from (order.sealed(site) for order in orders)
        return
    sent = list[Sequence[RecordOrder]]()
    for messages in runner.run(partial(seal_batch, site=site), _batches(orders, sent)):
        batch = sent.pop(0)
        yield from [order.sealed(site) for order in batch] if messages is None else messages


def seal_batch(orders: Sequence[RecordOrder], site: str) -> list[Messages] | None:
    """Return the messages of a batch; None for slots that can't be sealed: the caller seals it, to raise the error."""
    try:
        return [order.sealed(site) for order in orders]
    except BadTree:
        return None


def _batches(orders: Iterable[RecordOrder], sent: list[Sequence[RecordOrder]]) -> Iterator[Sequence[RecordOrder]]:
    """Yield the orders in batches, and add each batch to `sent`."""
    batch, size = list[RecordOrder](), 0
    for order in orders:
        batch.append(order)
        size += len(order.piece.data) + (len(order.text.stream) if order.text else 0)
        if len(batch) == RECORDS_PER_BATCH or size >= BYTES_PER_BATCH:
            sent.append(batch)
            yield batch
            batch, size = [], 0
    if batch:
        sent.append(batch)
        yield batch
