"""Records: a member's HTML fragments for the page slots of an edition, and the member's own files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from members_portal.seal.format import padding
from members_portal.seal.format.container import open_message, seal_message
from members_portal.seal.format.manifest import SealedFile, decode_files, decode_json, encode_files, encode_json
from members_portal.seal.format.packs import RecordPlace
from members_portal.seal.format.spliced_stream import splice
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import blob_id
from members_portal.seal.seal_error import DamagedRelease

NO_RECORD = bytes(58)  # the key and place in the card of a member without a record
_SLOT_NAME = re.compile(r"[a-z][a-z0-9-]*")
_FIELDS = frozenset({"html", "from", "until"})
_AFTER_SLOTS = b"}"
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML for a page slot, with the first and the last day of its display, both inclusive."""

    html: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member's fragments by page slot, and own files by path."""

    slots: Mapping[str, tuple[Fragment, ...]]
    files: Mapping[str, SealedFile]


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """The key of a record, and its place in the packs."""

    key: bytes
    place: RecordPlace

    def __repr__(self) -> str:
        return f"SealedRecord({self.place})"


def encode_place(record: SealedRecord | None) -> bytes:
    """Return the 58 bytes of a card that lead to a record: key, publish id of the packs, offset, length."""
    if record is None:
        return NO_RECORD
    place = record.place
    return record.key + bytes.fromhex(place.publish) + place.offset.to_bytes(6, "big") + place.length.to_bytes(4, "big")


def decode_place(data: bytes) -> SealedRecord | None:
    """Parse the 58 bytes of a card that lead to a record; None without a record."""
    if data[:32] == NO_RECORD[:32]:
        return None
    place = RecordPlace(data[32:48].hex(), int.from_bytes(data[48:54], "big"), int.from_bytes(data[54:58], "big"))
    return SealedRecord(data[:32], place)


def seal_record(key: bytes, frame: bytes, *, site: str) -> bytes:
    """Return the message of a record, from its frame."""
    return seal_message(key, context(site, "record", blob_id(key)), frame)


def open_record(key: bytes, message: bytes, *, site: str) -> bytes:
    """Return the payload of a record's message."""
    return padding.decode(open_message(key, context(site, "record", blob_id(key)), message))


def record_payload(slots: bytes, files: Mapping[str, SealedFile]) -> bytes:
    """Return the record of a member's slots, as JSON, and own files; raise DamagedRelease for invalid slots."""
    decode_slots(slots)
    return _before_slots(files) + slots + _AFTER_SLOTS


def record_frame(slots: bytes, stream: bytes, files: Mapping[str, SealedFile]) -> bytes:
    """Return the frame of a record; `stream` is the zlib stream of the slots, and is not deflated again if possible."""
    payload = record_payload(slots, files)
    whole = splice(_before_slots(files), stream, _AFTER_SLOTS, payload)
    return padding.encode(payload) if whole is None else padding.encode_stream(whole)


def encode_record(record: MemberRecord) -> bytes:
    """Serialise a record to JSON."""
    slots = {name: [_fields(fragment) for fragment in fragments] for name, fragments in record.slots.items()}
    return record_payload(encode_json(slots), record.files)


def decode_record(payload: bytes) -> MemberRecord:
    """Parse a record; raise DamagedRelease for another structure."""
    match decode_json(payload):
        case {"slots": dict(slots), "files": dict(files)}:
            return MemberRecord(_slots(slots), decode_files(files))
    raise DamagedRelease("a record has another shape than the format says")


def decode_slots(payload: bytes) -> dict[str, tuple[Fragment, ...]]:
    """Parse the page slots of a record."""
    match decode_json(payload):
        case dict(slots):
            return _slots(slots)
    raise DamagedRelease("slots are an object from name to list")


def _before_slots(files: Mapping[str, SealedFile]) -> bytes:
    return b'{"files":' + encode_json(encode_files(files)) + b',"slots":'


def _slots(slots: Mapping[str, object]) -> dict[str, tuple[Fragment, ...]]:
    return {_slot_name(name): _fragments(name, fragments) for name, fragments in slots.items()}


def _slot_name(name: str) -> str:
    if not _SLOT_NAME.fullmatch(name):
        raise DamagedRelease("a slot is named by lower-case letters, digits and hyphens")
    return name


def _fragments(name: str, fragments: object) -> tuple[Fragment, ...]:
    if not isinstance(fragments, list):
        raise DamagedRelease(f"slot {name} is not a list")
    return tuple(_fragment(name, fields) for fields in fragments)


def _fragment(name: str, fields: object) -> Fragment:
    if not isinstance(fields, dict) or fields.keys() != _FIELDS or not isinstance(fields["html"], str):
        raise DamagedRelease(f"slot {name} holds something other than html, from and until")
    return Fragment(fields["html"], _day(name, fields["from"]), _day(name, fields["until"]))


def _day(name: str, text: object) -> date | None:
    if text is None:
        return None
    day = _date(text) if isinstance(text, str) else None
    if day is None:
        raise DamagedRelease(f"slot {name} has a date that is not YYYY-MM-DD")
    return day


@lru_cache(maxsize=1 << 12)  # many members' fragments have the same days
def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _fields(fragment: Fragment) -> dict[str, str | None]:
    return {"html": fragment.html, "from": _iso(fragment.since), "until": _iso(fragment.until)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
