"""One Pelican run for all editions, in which anything Pelican merely logs is an error."""

import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.log import console
from pelican.settings import read_settings

from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.publish_error import PublishError


def pelican_settings(context: PublishContext) -> dict[str, Any]:
    """Read publishconf.py with this publish's places in it."""
    override = {
        "PATH": str(context.root),
        "PORTAL_MEMBERS": str(context.members),
        "OUTPUT_PATH": str(context.tree),
        "THEME": str(context.theme),
    }
    if context.siteurl is not None:
        override["SITEURL"] = context.siteurl
    settings: dict[str, Any] = read_settings(str(context.conf), override=override)
    settings["PATH"] = str(
        context.content
    )  # only now: were it missing, Pelican would stop before the inputs are checked
    settings["PORTAL_TODAY"] = context.on.isoformat() if context.is_dated else None
    settings |= {"PORTAL_CACHE": str(context.cache), "CACHE_CONTENT": False, "LOAD_CONTENT_CACHE": False}
    return settings


def render_site(settings: Mapping[str, Any], inputs: Inputs, site: Path) -> None:
    """Render the whole tree afresh into a private folder; raise PublishError on anything Pelican complains about."""
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True, mode=0o700)
    with _complaints() as complaints:
        Pelican({**settings, "PORTAL_INPUTS": inputs}).run()
    if complaints:
        raise PublishError("Pelican complained:\n" + "\n".join(complaints))


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect every warning and error that is logged."""
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger()
    logger.addHandler(handler)
    console.quiet = True  # "Processed 0 articles": its own generators have nothing to do here
    try:
        yield found
    finally:
        logger.removeHandler(handler)
        console.quiet = False
