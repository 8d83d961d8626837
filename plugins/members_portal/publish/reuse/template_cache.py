"""Compiled templates: kept in this process for a preview, and in the work record for the next publish of the day."""

import marshal
from collections.abc import Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from members_portal.portal.inputs import WorkPlace
from members_portal.publish.context import PublishContext
from members_portal.publish.reuse.work_place import jinja_digest
from members_portal.work_record import WorkRecord, digest_of

TEMPLATES = "templates"  # the kind of work


class TemplateCache(BytecodeCache):
    """The code of the newest version of each template.

    A work record holds all of it in one entry, under `digest`: of what compilers compute constant parts from.
    """

    def __init__(self, digest: bytes = b"") -> None:
        self._digest = digest
        self._codes: dict[str, tuple[str, CodeType]] = {}
        self._has_new = False

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket the code of its template, if its source is the same."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Take the code that was compiled for a bucket."""
        if bucket.code:
            self._codes[bucket.key] = (bucket.checksum, bucket.code)
            self._has_new = True

    def load(self, record: WorkRecord) -> None:
        """Take the code of an earlier process from a work record."""
        found = record.find(TEMPLATES, self._digest)
        if found and not self._codes:
            self._codes = marshal.loads(found)  # noqa: S302 - genuine: it has a MAC, and is of this Python

    def keep(self, record: WorkRecord) -> None:
        """Keep new code in a work record."""
        if self._has_new:
            record.keep(TEMPLATES, self._digest, marshal.dumps(self._codes))
            self._has_new = False


def template_cache(
    context: PublishContext, settings: Mapping[str, Any], place: WorkPlace | None = None
) -> TemplateCache:
    """Return the cache of templates for the code, the settings, the programme and the day, with what is kept of it."""
    files = (context.root / "pelicanconf.py", context.conf, context.members / "programme.yaml")
    state = f"{context.on} {context.is_dated} {context.siteurl}"
    code = place.code if place else b""
    cache = _cache_of(digest_of(code, state, jinja_digest(settings), *(file.read_bytes() for file in files)))
    if place:
        cache.load(place.record)
    return cache


def print_template_cache(language: str, currency: str, place: WorkPlace | None) -> TemplateCache:
    """Return the cache of print templates, with the templates that an earlier run kept.

    Their filters depend on language and currency.
    """
    cache = TemplateCache(digest_of(place.code if place else b"", "print", language, currency))
    if place:
        cache.load(place.record)
    return cache


@lru_cache(maxsize=1)
def _cache_of(digest: bytes) -> TemplateCache:
    return TemplateCache(digest)
