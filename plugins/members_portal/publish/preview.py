"""The preview: the sealed thing itself, published beside the real one and served as a static host would.

It has releases and an output of its own, but the site's own secret, so that sign-in codes are the real ones.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from watchfiles import watch

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.publish.context import PublishContext
from members_portal.publish.pelican_run import pelican_settings
from members_portal.publish.static_server import serve
from members_portal.seal import Secret, access_code, sign_in_address


def site_prefix(context: PublishContext) -> str:
    """Return the path that the site stands under, such as `/club/`."""
    return urlsplit(pelican_settings(context)["SITEURL"]).path.rstrip("/") + "/"


def preview_context(context: PublishContext, port: int, *, pdfs: bool = False) -> PublishContext:
    """Return a context for the preview, with the site's own prefix."""
    return context.for_preview(f"http://127.0.0.1:{port}{site_prefix(context).rstrip('/')}", pdfs=pdfs)


def start_server(context: PublishContext, port: int) -> str:
    """Serve the preview's output in the background; return its address."""
    prefix = site_prefix(context)
    server = serve(lambda: context.output, prefix, port=port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}{prefix}"


def sample_links(programme: Programme, members: list[Member], secret: Secret, root: str) -> Iterator[tuple[str, str]]:
    """Give (edition, sign-in address) for the first member of each edition."""
    first: dict[str, Member] = {}
    for member in members:
        first.setdefault(member.edition, member)
    for edition in programme.readers:
        if edition in first:
            member = first[edition]
            yield edition, sign_in_address(root, access_code(secret, member.id, member.code_version))


def watch_inputs(context: PublishContext, republish: Callable[[], None]) -> None:
    """Publish again whenever an input changes, until interrupted."""
    files = (context.root / "pelicanconf.py", context.root / "publishconf.py")
    folders: tuple[Path, ...] = (context.content, context.members, context.theme, *files)
    for _ in watch(*folders, debounce=100, step=20):
        republish()
