"""Checked members as JSON, column by column, and back: a publish need not read and check an unchanged table again.

Days and words that members share are one object each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date
from functools import cache
from itertools import repeat
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from members_portal.loyalty.member.given_tier import GivenTier
from members_portal.loyalty.member.member import Address, Birthday, Member

_NAMES = tuple(Member.model_fields)


class _Codec(NamedTuple):
    """How a value of a field becomes JSON, and how it is made again; neither is called for None."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def _records(kind: type[Address] | type[GivenTier]) -> _Codec:
    return _Codec(lambda record: record.model_dump(mode="json", by_alias=True), kind.model_validate)


def _list_of(codec: _Codec) -> _Codec:
    return _Codec(lambda values: [*map(codec.encode, values)], lambda data: tuple(map(codec.decode, data)))


def _by_text(codec: _Codec) -> _Codec:
    """Return a codec for values that many members share: each is written as a text once, and made once."""
    written = cache(lambda value: json.dumps(codec.encode(value)))
    return _Codec(written, cache(lambda text: codec.decode(json.loads(text))))


_DAY = _Codec(date.isoformat, cache(date.fromisoformat))
_BIRTHDAY = _by_text(_Codec(astuple, lambda parts: Birthday(*parts)))
_WORDS = _by_text(_Codec(list, tuple))
_FLAGS = _by_text(_Codec(dict, dict))
_CONSENT = _Codec(lambda consent: _FLAGS.encode(tuple(consent.items())), _FLAGS.decode)
_OF_KINDS: Mapping[Any, _Codec | None] = {
    **dict.fromkeys((str, int, bool)),
    date: _DAY,
    Birthday: _BIRTHDAY,
    Address: _records(Address),
    GivenTier: _records(GivenTier),
}


def _codec_of(annotation: Any) -> _Codec | None:
    """Return the codec of a type, None for one that JSON has; raise KeyError for a type that is new in a member."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _codec_of(next(part for part in parts if part is not NoneType))
    if origin is Annotated:
        return _codec_of(parts[0])
    if origin is tuple:
        return _list_of(inner) if (inner := _codec_of(parts[0])) else _WORDS
    if origin is Mapping:
        return _CONSENT
    return None if origin is Literal else _OF_KINDS[annotation]


_CODECS = {name: _codec_of(field.annotation) for name, field in Member.model_fields.items()}


def encode_members(members: Sequence[Member]) -> bytes:
    """Return members as JSON: the lists of fields that were written, then a column for each field."""
    numbers: dict[frozenset[str], int] = {}
    given = [numbers.setdefault(frozenset(member.model_fields_set), len(numbers)) for member in members]
    rows = [member.__dict__ for member in members]
    columns = [_short(_encoded(name, [row[name] for row in rows])) for name in _NAMES]
    return json.dumps([len(members), [sorted(names) for names in numbers], _short(given), *columns]).encode()


def decode_members(data: bytes) -> list[Member]:
    """Return the members of `encode_members`."""
    count, kinds, *columns = json.loads(data)
    sets = [set(names) for names in kinds]
    given, *values = [_long(column, count) for column in columns]
    rows = (dict(zip(_NAMES, row, strict=True)) for row in zip(*map(_decoded, _NAMES, values), strict=True))
    return [Member.of_checked(row, sets[kind]) for kind, row in zip(given, rows, strict=True)]


def _encoded(name: str, values: list[Any]) -> list[Any]:
    codec = _CODECS[name]
    return [value if value is None else codec.encode(value) for value in values] if codec else values


def _decoded(name: str, values: Iterable[Any]) -> Iterable[Any]:
    codec = _CODECS[name]
    return (value if value is None else codec.decode(value) for value in values) if codec else values


def _short(column: list[Any]) -> list[Any]:
    """Return a column; of equal values, one."""
    return column[:1] if all(value == column[0] for value in column) else column


def _long(column: Sequence[Any], count: int) -> Iterable[Any]:
    return repeat(column[0], count) if len(column) == 1 else column
