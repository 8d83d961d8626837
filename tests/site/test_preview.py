"""`portal preview` serves a sealed release and prints sign-in links."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.js.reader import Reader
from tests.publish.project import lay_in_fonts
from tests.site.sample import DAY, Sample
from tests.site.tour import leave, told

Visit = Callable[..., Reader]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def preview(portal: Sample, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run `portal preview` until the end of the context."""
    with portal.start("preview", "--port", str(port), "--date", DAY) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=120)


def printed_links(process: subprocess.Popen[str]) -> dict[str, str]:
    """Return the printed sign-in links by edition."""
    links: dict[str, str] = {}
    assert process.stdout
    for line in process.stdout:
        if line.startswith("Serving "):
            return links
        edition, _, address = line.strip().partition(" ")
        if address.strip().startswith("http://127.0.0.1:"):
            links[edition] = address.strip()
    raise AssertionError(process.stderr.read() if process.stderr else "")


@pytest.mark.long
@pytest.mark.parametrize("editions", [slice(1), slice(None)], ids=["one", "all"])
def test_every_printed_link_signs_in(
    visit: Visit, own_portal: Sample, hosts: ExitStack, cut_fonts: Path, editions: slice
) -> None:
    lay_in_fonts(cut_fonts, own_portal.folder / ".build" / "preview")
    released = (own_portal.folder / "output").resolve()
    process = hosts.enter_context(preview(own_portal, port := free_port()))
    links = printed_links(process)
    assert list(links) == [*own_portal.ladder, "staff"]
    reader = visit(own_portal)
    for edition, link in list(links.items())[editions]:
        reader.page.goto(link)
        told(reader)
        assert reader.page.url == f"http://127.0.0.1:{port}/"
        assert reader.page.locator("body").get_attribute("data-tier") == edition
        leave(reader)
    assert (own_portal.folder / "output").resolve() == released  # the real release is unchanged
