"""The place of results of earlier runs; digests of the code, the theme and the settings that work depends on."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from members_portal.portal.inputs import WorkPlace
from members_portal.publish.context import PublishContext
from members_portal.publish.fingerprint import code_digest, folder_digest, modules_digest
from members_portal.publish.site_day import SETTINGS_FILES
from members_portal.seal import Secret
from members_portal.work_record import WorkRecord, digest_of

RECORD_FILE = "work.sqlite"
TEMPLATE_SETTINGS = ("JINJA_ENVIRONMENT", "JINJA_FILTERS", "JINJA_GLOBALS", "JINJA_TESTS")


@contextmanager
def work_place(context: PublishContext, secret: Secret | None) -> Iterator[WorkPlace]:
    """Open the place of earlier results; save new ones at the end, also after an error. Without a secret, keep none."""
    key = secret.cache_key() if secret else None
    record = WorkRecord(context.cache / RECORD_FILE, key)
    try:
        yield WorkPlace(context.cache, key, record, digest_of(code_digest(context.code), modules_digest(context.root)))
    finally:
        record.save(is_whole=False)
        record.close()


def template_digest(context: PublishContext, settings: Mapping[str, Any], place: WorkPlace) -> bytes:
    """Return the digest of what every template can reach: code, theme, settings files, and settings of Jinja."""
    conf = [(context.root / name).read_bytes() for name in SETTINGS_FILES]
    return digest_of(place.code, folder_digest(context.theme), *conf, str(context.siteurl), jinja_digest(settings))


def jinja_digest(settings: Mapping[str, Any]) -> bytes:
    """Return the digest of the settings of Jinja, with the source files of their functions."""
    return digest_of(*(described_setting(settings.get(name)) for name in TEMPLATE_SETTINGS))


def described_setting(value: Any) -> str:
    """Return a text that is the same in another run only if a setting is: functions by name and source file."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {described_setting(value[key])}' for key in sorted(value, key=str))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(described_setting, value))}]"
    if isinstance(value, str | int | float | type(None)):
        return repr(value)
    try:
        file = Path(inspect.getsourcefile(value) or "")
        return f"{value.__module__}.{value.__qualname__} {sha256(file.read_bytes()).hexdigest()}"
    except (TypeError, AttributeError, OSError):
        return os.urandom(16).hex()
