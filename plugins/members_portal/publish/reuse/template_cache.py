"""Compiled templates, kept in this process: a preview compiles those that changed."""

import hashlib
from functools import lru_cache
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from members_portal.publish.context import PublishContext


class TemplateCache(BytecodeCache):
    """The code of the newest version of each template. Nothing is written to disk."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket the code of its template, if its source is the same."""
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code that was compiled for a bucket."""
        if bucket.code:
            self._codes[bucket.key] = (bucket.checksum, bucket.code)


def template_cache(context: PublishContext) -> TemplateCache:
    """Return the cache of templates for the settings, the programme and the day: compilers compute constant parts."""
    digest = hashlib.sha256(f"{context.on} {context.is_dated} {context.siteurl}".encode())
    for file in (context.root / "pelicanconf.py", context.conf, context.members / "programme.yaml"):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return _cache_of(digest.hexdigest())


@lru_cache(maxsize=1)
def _cache_of(_: str) -> TemplateCache:
    return TemplateCache()
