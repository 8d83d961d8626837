"""The resources that a document can load, and those it can't: files, network, attachments."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from weasyprint import HTML

from members_portal.newsletter.fetcher import BASE, BuildFetcher, render_html
from members_portal.newsletter.print_error import PrintError
from tests.long_cases import quick_and_long

PROJECT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("hostile.py")
spec = spec_from_file_location("hostile", PROGRAM)
assert spec
assert spec.loader
hostile = module_from_spec(spec)
spec.loader.exec_module(hostile)


class Counting(BaseHTTPRequestHandler):
    """Records each request, and replies with the server's data."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append(self.path)
        self.send_response(302 if server.away else 200)
        if server.away:
            self.send_header("Location", server.away)
        self.end_headers()
        self.wfile.write(hostile.png(7))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(away: str = "") -> Any:
    """Start a server on the loopback."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.asked, server.away = [], away
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@dataclass
class Printed:
    """The result of printing the hostile document."""

    folder: Path
    pdf: pikepdf.Pdf
    opened: list[str]
    other: list[str]
    log: list[str]
    refused: list[str]
    asked: list[str]
    ports: tuple[int, int]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    """Print the hostile document in a process of its own, from a folder with a bait in it."""
    folder = tmp_path_factory.mktemp("hostile")
    web = serve()
    away = serve(f"http://127.0.0.1:{web.server_port}/redirected")
    ports = (web.server_port, away.server_port)
    hostile.bait(folder, web.server_port)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "http_proxy": f"http://127.0.0.1:{web.server_port}"}
    command = [sys.executable, str(PROGRAM), str(folder), *map(str, ports)]
    subprocess.run(command, cwd=folder / "work", env=environment, check=True, timeout=120)
    seen = json.loads((folder / "seen.json").read_text())
    asked = web.asked + away.asked
    for server in (web, away):
        server.shutdown()
        server.server_close()
    with pikepdf.open(folder / "out.pdf") as pdf:
        yield Printed(folder, pdf, seen["open"], seen["other"], seen["log"], seen["refused"], asked, ports)


def streams(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    """Return all streams of a PDF."""
    return (each for each in pdf.objects if isinstance(each, pikepdf.Stream))


def test_the_document_asks_for_at_least_sixty_things(printed: Printed) -> None:
    assert len(set(hostile.addresses(printed.folder, *printed.ports))) >= 60
    assert len(set(printed.refused)) >= 60


def test_no_server_was_asked(printed: Printed) -> None:
    assert printed.asked == []


def test_no_connection_and_no_program_was_tried(printed: Printed) -> None:
    assert printed.other == []


def test_no_file_was_opened_but_those_that_may_be_shown(printed: Printed) -> None:
    own = [name for name in printed.opened if name.startswith(str(printed.folder))]
    assert {str(Path(name).relative_to(printed.folder)) for name in own} == {
        "content/shown.png", "content/shown.svg", "content/leaking.svg", "content/disguised.png", "theme/css/main.css",
    }  # fmt: skip
    libraries = tuple({sys.prefix, sys.base_prefix, str(Path(os.__file__).parent), str(PROJECT / "plugins")})
    strange = [name for name in printed.opened if name not in own and not name.startswith(libraries)]
    assert [name for name in strange if not Path(name).parent.name.startswith("weasyprint-")] == []


def test_nothing_is_embedded(printed: Printed) -> None:
    names = printed.pdf.Root.get("/Names", pikepdf.Dictionary())
    assert "/EmbeddedFiles" not in names
    assert "/AF" not in printed.pdf.Root
    assert [each for each in printed.pdf.objects if _is(each, "/Type", "/Filespec")] == []
    assert [each for each in streams(printed.pdf) if "/EmbeddedFile" in str(each.get("/Type", ""))] == []


def test_no_annotation_holds_a_file_or_runs_anything(printed: Printed) -> None:
    kinds = {str(note.Subtype) for page in printed.pdf.pages for note in page.get("/Annots", [])}
    assert kinds <= {"/Link"}
    actions = [each for each in printed.pdf.objects if _is(each, "/Type", "/Action")]
    assert {str(action.S) for action in actions} <= {"/URI", "/GoTo"}


def test_the_only_pictures_are_those_that_may_be_shown(printed: Printed) -> None:
    pictures = [each for each in streams(printed.pdf) if each.get("/Subtype") == "/Image"]
    assert {(int(each.Width), int(each.Height)) for each in pictures} == {(hostile.SIZE["shown.png"],) * 2}


def test_no_word_of_a_secret_file_is_in_the_pdf(printed: Printed) -> None:
    text = b"".join(each.read_bytes() for each in streams(printed.pdf) if each.get("/Subtype") != "/Image")
    for secret in (b"CANARY", b"root:", b"<00240022002F0022"):
        assert secret not in text


NUMBERS = range(len(hostile.addresses(Path("/x"), 1, 2)))


@pytest.mark.parametrize("number", quick_and_long(NUMBERS, NUMBERS[::5]))
def test_every_picture_that_was_refused_is_noted(printed: Printed, number: int) -> None:
    address = hostile.addresses(printed.folder, *printed.ports)[number]
    noted = " ".join(printed.refused).casefold()
    shown = address.replace("\\", "%5C")[:100].casefold()
    assert address[:100].casefold() in noted or shown in noted


@pytest.mark.parametrize(
    "part",
    """/1.css /4.css /5.woff2 /7.png /8.png /9.png /14.png /15.png /27.png /29.ttf /css-1: /css-2: /css-3: /css-4:
    /svg-1.png /svg-4.ttf secret.css theme:link.css theme:../secret.css font:none theme:../a.ttf etc/passwd
    etc/group /style: DejaVuSans.ttf <base> attachments javascript:alert""".split(),
)
def test_what_style_sheets_and_svg_ask_for_is_noted_too(printed: Printed, part: str) -> None:
    assert part in " ".join(printed.refused)


def test_what_the_library_says_it_could_not_load_was_refused_by_us(printed: Printed) -> None:
    failed = [line for line in printed.log if "Failed to load" in line and "Refused" not in line]
    assert failed == []


def _is(each: Any, key: str, value: str) -> bool:
    return isinstance(each, pikepdf.Dictionary) and str(each.get(key, "")) == value


# What is served


@pytest.fixture
def baited(tmp_path: Path) -> Path:
    """Lay out the same files, for a server that isn't there."""
    hostile.bait(tmp_path, 9)
    return tmp_path


def fetcher(folder: Path, **more: Any) -> BuildFetcher:
    """Return a fetcher for the files of a folder."""
    return BuildFetcher(folder / "content", hostile.SHOWN, {"sans": folder / "secret.txt"}, folder / "theme", **more)


PAGE = '<html lang="en"><title>t</title><h1>t</h1>{}'


def test_no_handler_is_installed(baited: Path) -> None:
    ours = fetcher(baited)
    assert ours.handlers == []
    assert ours.handle_open == {}


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("content:shown.png", "image/png"),
        ("CONTENT:shown.png", "image/png"),
        ("content:shown%2Epng", "image/png"),
        ("content:shown.svg", "image/svg+xml"),
        ("theme:css/main.css", "text/css"),
        ("font:sans", "font/sfnt"),
        (hostile.data("image/png", hostile.png(2)), "image/png"),
        ("data:image/svg+xml;charset=utf-8,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E", "image/svg+xml"),
    ],
)
def test_what_may_be_had_is_served(baited: Path, url: str, kind: str) -> None:
    ours = fetcher(baited)
    response = ours(url)
    assert response.content_type == kind
    assert response.read()
    assert response.path is None
    assert ours.refused == []


def test_a_name_with_umlauts_and_spaces_is_found(baited: Path) -> None:
    name = "über uns/bild 1.png"
    (baited / "content" / "über uns").mkdir()
    (baited / "content" / name).write_bytes(hostile.png(3))
    ours = BuildFetcher(baited / "content", frozenset({name}), {}, baited / "theme")
    document = render_html(PAGE.format(f'<img alt="b" src="content:{name}">'), ours)
    assert ours.refused == []
    assert len(document.pages) == 1


def test_a_colour_profile_is_served_by_name(baited: Path) -> None:
    ours = fetcher(baited, profiles={"press": baited / "secret.txt"})
    assert ours("profile:press").read() == b"CANARY"


def test_files_outside_are_refused_though_they_are_on_the_list(baited: Path) -> None:
    ours = fetcher(baited)
    for url in ("content:link.png", "content:../secret.png", "content:folder.png"):
        with pytest.raises(ValueError, match="is outside the folder"):
            ours(url)
    assert len(ours.refused) == 3


def test_a_refused_address_is_named_and_shortened(baited: Path) -> None:
    ours = fetcher(baited)
    with pytest.raises(ValueError, match="only pictures"):
        ours("data:text/html," + "x" * 1000)
    assert len(ours.refused[0]) < 200
    with pytest.raises(PrintError, match=r"not allowed: data:text/html,x+…: only pictures"):
        ours.check()


def test_a_document_that_asks_for_too_much_is_not_laid_out(baited: Path) -> None:
    with pytest.raises(PrintError, match="file:///etc/passwd: only content:, theme:, font: and data: are served"):
        render_html(PAGE.format('<img alt="" src="file:///etc/passwd">'), fetcher(baited))


def test_a_colour_profile_from_elsewhere_is_an_error_too(baited: Path) -> None:
    style = "<style>@color-profile --x { src: url(http://127.0.0.1:9/x.icc) }</style>"
    with pytest.raises(PrintError, match=r"http://127\.0\.0\.1:9/x\.icc"):
        render_html(PAGE.format(style), fetcher(baited))


LINKS = ["https://club.example/", "HTTPS://club.example/", "http://club.example/", "mailto:a@club.example", "tel:+353"]


@pytest.mark.parametrize("url", LINKS)
def test_links_that_lead_somewhere_are_left_alone(baited: Path, url: str) -> None:
    document = render_html(PAGE.format(f'<a href="{url}" rel="nofollow">l</a><a href="#here">h</a>'), fetcher(baited))
    with pikepdf.open(BytesIO(document.write_pdf())) as pdf:
        (note,) = pdf.pages[0].Annots
        assert str(note.A.URI) == url


@pytest.mark.parametrize("url", "javascript:alert(1) file:///etc/passwd ../reports/ data:,x content:shown.png".split())
def test_links_that_lead_nowhere_are_an_error(baited: Path, url: str) -> None:
    with pytest.raises(PrintError, match="links must be absolute"):
        render_html(PAGE.format(f'<a href="{url}">l</a>'), fetcher(baited))


@pytest.mark.parametrize("link", ['<link rel="attachment" href="{}">', '<a rel="attachment" href="{}">a</a>'])
@pytest.mark.parametrize("url", ["content:shown.png", "theme:css/main.css", "font:sans", "data:image/svg+xml,<svg/>"])
def test_an_attachment_is_not_even_read_by_a_caller_who_goes_round_render(baited: Path, link: str, url: str) -> None:
    ours = fetcher(baited)
    document = HTML(string=PAGE.format(link.format(url)), base_url=BASE, url_fetcher=ours).render()
    ours.close_files()
    with pikepdf.open(BytesIO(document.write_pdf())) as pdf:
        assert "/Names" not in pdf.Root or "/EmbeddedFiles" not in pdf.Root.Names
    assert ours.refused == [f"{url}: nothing is served after the layout"]


def test_a_picture_inside_a_picture_is_printed(baited: Path) -> None:
    inner = f'<image href="{hostile.data("image/png", hostile.png(5))}" width="9" height="9"/>'
    (baited / "content" / "shown.svg").write_text(hostile.SVG.format(inner))
    ours = fetcher(baited)
    pdf = render_html(PAGE.format('<img alt="s" src="content:shown.svg">'), ours).write_pdf()
    ours.check()
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert [int(each.Width) for each in streams(opened) if each.get("/Subtype") == "/Image"] == [5]


def test_an_attachment_is_an_error(baited: Path) -> None:
    with pytest.raises(PrintError, match=r"content:shown\.png: attachments are not allowed"):
        render_html(PAGE.format('<link rel="attachment" href="content:shown.png">'), fetcher(baited))
