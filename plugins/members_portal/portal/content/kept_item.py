"""Items and bodies in the work record, as JSON: a run reads only the files that are new.

An entry holds what a valid file became. Its digest covers the file, and everything else that reading it depends on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

from markdown import __version__ as markdown_version

from members_portal.loyalty.input.schema import Record
from members_portal.loyalty.programme.audience import Audience
from members_portal.portal.content.body import Body
from members_portal.portal.content.front_matter import Document
from members_portal.portal.content.item import Item
from members_portal.portal.content.item_reader import make_item
from members_portal.portal.content.markdown_files import ContentFiles
from members_portal.work_record import WorkRecord, digest_of

BODY, ITEM = "body", "item"
PLAIN_TYPES = (str, int, bool, type(None))


class KeptBodies:
    """Bodies in a work record, by text, path and markdown settings."""

    def __init__(self, record: WorkRecord, base: bytes, settings: Mapping[str, Any]) -> None:
        self._record = record
        record.load(BODY)
        record.load(ITEM)
        self._base = digest_of(base, json.dumps([*_versions(), settings], sort_keys=True, default=repr))

    def find(self, text: str, path: str) -> Body | None:
        """Return the body of a text at a path; None if it is not known."""
        data = self._record.find(BODY, self._digest(text, path))
        if data is None:
            return None
        html, minutes, links, foreign = json.loads(data)
        return Body(html, minutes, links, tuple(foreign))

    def keep(self, text: str, path: str, body: Body) -> None:
        """Keep a body. One with refused markup makes its item invalid, and is converted anew."""
        if not body.refused:
            data = json.dumps([body.html, body.minutes, body.links, body.foreign])
            self._record.keep(BODY, self._digest(text, path), data.encode())

    def _digest(self, text: str, path: str) -> bytes:
        return digest_of(self._base, path, text)


@cache
def _versions() -> list[str]:
    """Return the versions of the packages that a body depends on."""
    return [markdown_version, version("nh3"), version("pymdown-extensions")]


@dataclass(frozen=True)
class KeptItems:
    """Items in a work record. `base` covers what every item is made from: programme, language and code."""

    record: WorkRecord
    base: bytes
    files: ContentFiles

    def digest(self, path: str, document: Document) -> bytes:
        """Return the digest of everything that an item is made from."""
        return digest_of(self.base, path, document.file, document.yaml, document.body)

    def find(self, path: str, document: Document, body: Body) -> Item | None:
        """Return the item of a document; None if it is not known, or if its image is gone."""
        digest = self.digest(path, document)
        data = self.record.find(ITEM, digest)
        if data is None:
            return None
        front, readers, label, draft, is_derived = _parts(data)
        item = make_item(path, document, body, front, Audience(frozenset(readers)), label, draft=draft)
        if item.front.image and not self.files.is_image(item.front.image):
            return None
        return replace(item, has_derived_summary=is_derived, digest=digest, head=self._head(item, data))

    def keep(self, path: str, document: Document, item: Item) -> Item:
        """Keep an item, unless its front matter states a time: what the time does depends on the clock.

        Return it with its digests.
        """
        label, is_derived = item.audience_label, item.has_derived_summary
        parts = [encoded(item.front), sorted(item.audience.readers), label, item.draft, is_derived]
        data, digest = json.dumps(parts).encode(), self.digest(path, document)
        publish = document.front.value.get("publish")
        if isinstance(publish, str) and ":" not in publish:
            self.record.keep(ITEM, digest, data)
        return replace(item, digest=digest, head=self._head(item, data))

    def _head(self, item: Item, data: bytes) -> bytes:
        """Return the digest of all of an item but its text; `data` is the item as it is kept."""
        facts = str((item.path, item.source, item.minutes, item.held_until))
        return digest_of(self.base, facts, data, *sorted(item.links))


@lru_cache(maxsize=1 << 13)  # a preview finds the same items again
def _parts(data: bytes) -> tuple[Any, ...]:
    """Return the parts of an item, from the bytes that are kept."""
    front, *others = json.loads(data)
    return decoded(front), *others


def encoded(value: Any) -> Any:
    """Return a value of front matter as JSON: a plain value as it is, any other as a list with the name of its type."""
    if isinstance(value, Record):
        fields = {name: encoded(field) for name, field in value.__dict__.items()}
        return [type(value).__name__, fields, sorted(value.model_fields_set)]
    if isinstance(value, tuple):
        return ["", *map(encoded, value)]
    if isinstance(value, Mapping):
        return ["mapping", {key: encoded(each) for key, each in value.items()}]
    if isinstance(value, datetime | date | Decimal):
        return [type(value).__name__, str(value)]
    if isinstance(value, PLAIN_TYPES):
        return value
    raise TypeError(f"front matter holds a {type(value).__name__}")


def decoded(data: Any) -> Any:
    """Return the value of `encoded` data."""
    if not isinstance(data, list):
        return data
    match data:
        case ["", *parts]:
            return tuple(map(decoded, parts))
        case ["mapping", fields]:
            return {key: decoded(each) for key, each in fields.items()}
        case ["date", text]:
            return date.fromisoformat(text)
        case ["datetime", text]:
            return datetime.fromisoformat(text)
        case ["Decimal", text]:
            return Decimal(text)
        case [name, fields, given]:
            values = {key: decoded(each) for key, each in fields.items()}
            return RECORDS[name].model_construct(set(given), **values)
    raise ValueError(f"no value of front matter: {data!r:.80}")


def _records(base: type[Record]) -> Iterator[type[Record]]:
    for each in base.__subclasses__():
        yield each
        yield from _records(each)


OF_FRONT_MATTER = (f"{__package__}.", "members_portal.form.")  # packages with records of front matter
RECORDS = {each.__name__: each for each in _records(Record) if each.__module__.startswith(OF_FRONT_MATTER)}
