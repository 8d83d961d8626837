"""One Pelican run for all editions; every warning that Pelican logs is an error."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.log import LimitFilter, console
from pelican.settings import read_settings

from members_portal.portal.inputs import Inputs, WorkPlace
from members_portal.portal.rendering.page_record import RenderWork
from members_portal.portal.site_settings import SiteSettings, read_site_settings
from members_portal.publish.context import PublishContext
from members_portal.publish.publish_error import PublishError
from members_portal.publish.reuse.imported_files import imported_files
from members_portal.publish.reuse.template_cache import template_cache
from members_portal.publish.reuse.work_place import template_digest
from members_portal.seal import Secret
from members_portal.work_record import WorkRecord


def site_settings(context: PublishContext) -> SiteSettings:
    """Return the checked settings of the site; raise InvalidInput with all problems."""
    given = {} if context.siteurl is None else {"SITEURL": context.siteurl_source}
    return read_site_settings(pelican_settings(context), context.conf, given)


def pelican_settings(context: PublishContext) -> dict[str, Any]:
    """Return Pelican's settings: publishconf.py with the paths and the day of this publish."""
    override = {
        "PATH": str(context.root),
        "PORTAL_MEMBERS": str(context.members),
        "OUTPUT_PATH": str(context.tree),
        "THEME": str(context.theme),
    }
    if context.siteurl is not None:
        override["SITEURL"] = context.siteurl
    with _imported_anew(context.root):
        settings: dict[str, Any] = read_settings(str(context.conf), override=override)
    settings["PATH"] = str(context.content)  # set after read_settings, which stops at a missing folder
    settings["PORTAL_TODAY"] = context.on.isoformat() if context.is_dated else None
    settings |= {"PORTAL_CACHE": str(context.cache), "CACHE_CONTENT": False, "LOAD_CONTENT_CACHE": False}
    return settings


@contextmanager
def _imported_anew(root: Path) -> Iterator[None]:
    """Import the settings files and the project's modules anew: a preview may have imported them before an edit.

    No bytecode is written. Python compares only the size of a file and the second in which it was saved: after two
    edits in one second, it would use the bytecode of the first.
    """
    modules = {str(file) for file in imported_files(root, ())}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file in modules or file.endswith("/pelicanconf.py"):  # that of another project has the same name
            _forget(name)
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes_none


def _forget(name: str) -> None:
    """Forget a module, also as an attribute of its package: `from PACKAGE import MODULE` would find it there."""
    module, (package, _, last) = sys.modules.pop(name), name.rpartition(".")
    if getattr(sys.modules.get(package), last, None) is module:
        delattr(sys.modules[package], last)


def render(
    inputs: Inputs, context: PublishContext, handed_over: Mapping[str, Any], place: WorkPlace | None = None
) -> dict[str, str]:
    """3. Render all editions and all members' slots, in plaintext, into a private folder; return the files' SHA-256.

    Files of an earlier tree that are the same are kept. Raise PublishError on any warning or error of Pelican.
    `handed_over`: derived settings, such as PORTAL_TILL.
    """
    _make_tree(context.tree)
    settings = pelican_settings(context)
    base = template_digest(context, settings, place) if place else b""
    record = place.record if place else WorkRecord()
    work = RenderWork(record, base, tree_memory=context.tree_memory, members_done=context.members_done)
    settings |= {"PORTAL_INPUTS": inputs, "PORTAL_WORK": work, "DELETE_OUTPUT_DIRECTORY": False, **handed_over}
    templates = template_cache(context, settings, place)
    with _complaints(record) as complaints:
        settings["JINJA_ENVIRONMENT"] = {**settings["JINJA_ENVIRONMENT"], "bytecode_cache": templates}
        Pelican(settings).run()
    templates.keep(work.record)
    if complaints:
        raise PublishError("Pelican complained:\n" + "\n".join(complaints))
    return work.digests


def slot_nonce(secret: Secret) -> str:
    """Return the nonce of page slots: the same at every publish, so that an unchanged page stays the same."""
    return secret.derive("slots")[:8].hex()


def _make_tree(tree: Path) -> None:
    """Make the private folder; raise PublishError for a link or a file, which is neither followed nor removed."""
    if tree.is_symlink() or (tree.exists() and not tree.is_dir()):
        raise PublishError(f"{tree} is a link or a file, expected a folder that a publish may empty; remove it")
    tree.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def _complaints(record: WorkRecord) -> Iterator[list[str]]:
    """Collect all logged warnings and errors; after one, keep no new results: a kept page would not complain again."""
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    LimitFilter._raised_messages.clear()  # of an earlier run of a preview: Pelican drops repeated ones
    logger = logging.getLogger()
    logger.addHandler(handler)
    console.quiet = True  # suppress "Processed 0 articles": Pelican's own generators are unused
    try:
        yield found
    finally:
        logger.removeHandler(handler)
        console.quiet = False
        if found:
            record.discard()
