"""The preview: the sealed thing itself, published beside the real one and served as a static host would.

It has releases and an output of its own, but the site's own secret, so that sign-in codes are the real ones.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from watchfiles import watch

from plugins.loyalty.member import Member
from plugins.loyalty.programme import Programme
from plugins.publish.desk import Desk
from plugins.publish.render import pelican_settings
from plugins.publish.server import serve
from plugins.seal import Secret, access_code, sign_in_address


def site_prefix(desk: Desk) -> str:
    """Return the path that the site stands under, such as `/club/`."""
    return urlsplit(pelican_settings(desk)["SITEURL"]).path.rstrip("/") + "/"


def preview_desk(desk: Desk, port: int, *, pdfs: bool = False) -> Desk:
    """Return a desk for the preview, with the site's own prefix."""
    return desk.for_preview(f"http://127.0.0.1:{port}{site_prefix(desk).rstrip('/')}", pdfs=pdfs)


def start_server(desk: Desk, port: int) -> str:
    """Serve the preview's output in the background; return its address."""
    prefix = site_prefix(desk)
    server = serve(lambda: desk.output, prefix, port=port)
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


def watch_inputs(desk: Desk, republish: Callable[[], None]) -> None:
    """Publish again whenever an input changes, until interrupted."""
    files = (desk.root / "pelicanconf.py", desk.root / "publishconf.py")
    folders: tuple[Path, ...] = (desk.content, desk.members, desk.root / "theme", *files)
    for _ in watch(*folders, debounce=100, step=20):
        republish()
