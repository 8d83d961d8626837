"""Attachments: listed types alone, and never a name of the product or of a host."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.portal.content.attachment import NO_FAULT, TYPES, attachment_fault, folded, twins
from members_portal.seal.format.media_type import OTHER, media_type
from tests.long_cases import quick_and_long

OF_THE_PRODUCT = """
sw.js index.html 404.html portal.json release.json release.json.sig robots.txt feed.xml favicon.ico sitemap.xml
theme/js/sign-in.js theme/css/base.css theme/icons/mark.svg theme/x.png Theme/x.png THEME/icons/mark.svg
assets/tiers.css assets/x.png account/x.png tiers/x.png till/x.pdf letters/winter.pdf _/b/x.png
reports/index.html join/index.html newsletters/winter/index.html
sw.js/x.png 404.html/x.png Portal.JSON/x.png reports/index.html/x.png newsletters/winter/winter.pdf/x.png
""".split()
OF_HOSTS = """
_headers _redirects .htaccess CNAME .nojekyll web.config netlify.toml vercel.json images/.htaccess images/_headers
images/web.config .well-known/x.txt images/.hidden.png _worker.js _x/y.png images/../.htaccess staticwebapp.config.json
images/.x/y.png images/CNAME firebase.json wrangler.toml .user.ini images/.user.ini
""".split()
OF_TYPES = """
images/x.html images/x.htm images/x.HTML images/x.xhtml images/x.xml images/x.js images/x.mjs images/x.css
images/x.json images/x.svgz images/x.php images/x.wasm images/x.md images/x images/x.
images/x.png.html images/x.webmanifest images/x.swf images/x.exe images/x.xsl images/x.shtml images/x.mht
""".split()
OF_TWO_ENDINGS = """
images/x.php.jpg images/x.PHP.jpg images/x.phtml.png images/x.php5.pdf images/x.shtml.pdf images/x.cgi.txt
images/x.pl.zip images/x.asis.txt images/x.var.txt images/index.html.en.txt images/x.html.txt images/x.en.pdf
images/x.pt-br.pdf images/x.gz.txt images/x.utf8.txt images/x.tar.zip images/x.2026.php.jpg images/x.php.2026.jpg
images/x..pdf images/x\uff0ephp.jpg images/x\u2024php.jpg images/x.\uff50hp.jpg images/x.\u0662.jpg
""".split()
OF_TRICKS = [
    "\uff54heme/x.png",  # a wide t
    "the\u200bme/x.png",
    "theme./x.png",
    "theme /x.png",
    " theme/x.png",
    "a\\b.png",
    "images/x.png ",
    "images/x.pn\u0261",
    "images/a\u202egnp.exe.png",
    "images/sw\uff0ejs",
    "images/\u2024htaccess.png",
    "../x.png",
    "images//x.png",
    "./images/x.png",
    "images/./x.png",
    "images/..",
]


REFUSED = [
    case
    for paths in (OF_THE_PRODUCT, OF_HOSTS, OF_TYPES, OF_TWO_ENDINGS, OF_TRICKS)
    for case in quick_and_long(paths, paths[::5])
]


@pytest.mark.parametrize("path", REFUSED)
def test_a_file_with_another_type_or_a_reserved_name_is_no_attachment(path: str, tmp_path: Path) -> None:
    what, expected = attachment_fault(tmp_path, path)
    assert what
    assert expected


@pytest.mark.parametrize("kind", sorted(TYPES - {"svg"}))
def test_a_listed_type_is_published(kind: str, tmp_path: Path) -> None:
    for path in (f"images/The Map.{kind}", f"images/MAP.{kind.upper()}", f"reports/größe/x.{kind}"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
        assert attachment_fault(tmp_path, path) == NO_FAULT


@pytest.mark.parametrize("name", ["report-2026.05.pdf", "v1.2.pdf", "v1.2.3-draft.pdf", "Vol. 2.pdf", "J. Weir.jpg"])
def test_a_dot_in_a_number_or_after_a_word_is_published(name: str, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / name).write_bytes(b"x")
    assert attachment_fault(tmp_path, f"images/{name}") == NO_FAULT


def test_the_message_about_two_endings_says_which_dots_are_published(tmp_path: Path) -> None:
    what, expected = attachment_fault(tmp_path, "images/x.php.jpg")
    assert what == "`images/x.php.jpg` has two endings, and some hosts obey the first"
    assert expected == "a name with one dot, or with a digit or a space after each dot before the ending"


def test_the_message_names_the_listed_types(tmp_path: Path) -> None:
    what, expected = attachment_fault(tmp_path, "images/x.html")
    assert what == "`images/x.html` has a type that isn't published"
    assert {f".{kind}" for kind in TYPES} <= set(expected.replace(",", "").split())


def test_a_browser_gets_no_attachment_as_a_page_or_a_script() -> None:
    types = {media_type(f"x.{kind}") for kind in TYPES - {"svg"}}
    active = {"text/html", "text/javascript", "text/css", "application/xml", "application/json", "image/svg+xml"}
    assert types & active == set()
    assert OTHER in types  # office documents: a browser downloads them


def test_a_link_to_a_file_of_another_type_is_no_attachment(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images/secret.md").write_text("x")
    (tmp_path / "images/x.txt").symlink_to("secret.md")
    assert "link to a file of another type" in attachment_fault(tmp_path, "images/x.txt")[0]


def test_paths_that_a_host_takes_for_one_are_twins() -> None:
    nfc, nfd = "images/caf\u00e9.pdf", "images/cafe\u0301.pdf"
    files = ["images/Map.pdf", "images/map.pdf", nfc, nfd, "images/other.pdf", "Newsletters/w/W.pdf"]
    assert twins(files, {"newsletters/w/w.pdf"}) == {
        "images/Map.pdf": "images/map.pdf",
        "images/map.pdf": "images/Map.pdf",
        nfc: nfd,
        nfd: nfc,
        "Newsletters/w/W.pdf": "newsletters/w/w.pdf",
    }
    assert twins(["newsletters/w/w.pdf"], {"newsletters/w/w.pdf"}) == {"newsletters/w/w.pdf": "newsletters/w/w.pdf"}


def test_folded_paths_are_stable() -> None:
    for path in ("ＴＨＥＭＥ/x.png", "straße.pdf", "\u1e9e.pdf", "İ.pdf"):
        assert folded(folded(path)) == folded(path)
