"""Scripts and styles of public pages carry their digest, and the service worker holds those of all public files."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from members_portal.portal.rendering.asset import IncompleteWorker, complete_worker, integrity_of
from members_portal.publish.gate.integrity import Loading, loadings
from members_portal.seal.format.signature import decode_digests
from tests.long_cases import quick_first
from tests.publish.gate.test_release_check import Judge, judge, judged
from tests.publish.project import ROOT, Project

OTHER_DIGESTS = "sw.js holds other digests than those of the public files"

__all__ = ["judge", "judged"]  # fixtures


def digests_of(release: Path) -> dict[str, str]:
    """Return the digests of the files in clear."""
    return dict(decode_digests((release / "release.json").read_bytes())[0])


@pytest.fixture
def release(harbour: Project, tmp_path: Path) -> Path:
    return Path(shutil.copytree(harbour.release, tmp_path / "release"))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<script src="a.js" integrity="sha256-x" defer></script>', [Loading("a.js", "sha256-x")]),
        ("<SCRIPT SRC=a.js></SCRIPT>", [Loading("a.js", "")]),
        ('<link rel="stylesheet" href="a.css">', [Loading("a.css", "")]),
        ('<link href="a.css" rel="alternate StyleSheet">', [Loading("a.css", "")]),
        ('<svg><script xlink:href="a.js"/></svg>', [Loading("a.js", "")]),
        ('<script src="a.js" src="b.js"></script>', [Loading("a.js", "")]),
        ('<link rel="icon" href="a.svg"><link rel="next" href="b/">', []),
        ('<script type="application/json">{}</script>', []),
        ("<p>&lt;script src=a.js&gt;</p><scripts src=a.js>", []),
        ("<script src='a>b.js'></script>", [Loading("<script src='a>", "")]),
        ("<script src=a.js", [Loading("<script src=a.js", "")]),
    ],
)
def test_tags_that_load_scripts_and_styles_are_found(html: str, expected: list[Loading]) -> None:
    assert loadings(f"<p>{html}") == expected


def test_every_script_and_style_of_a_public_page_has_its_digest(harbour: Project) -> None:
    pages = sorted(harbour.release.rglob("*.html"))
    found = [loading for page in pages for loading in loadings(page.read_text("utf-8"))]
    print(f"public_pages={len(pages)} loadings={len(found)}")
    assert len(found) >= 2 * len(pages)
    for loading in found:
        path = re.sub(r"^[./]*", "", loading.address).split("?")[0]
        assert loading.integrity == integrity_of((harbour.release / path).read_bytes())


def test_the_worker_holds_the_digests_of_the_theme_and_of_the_sign_in_page(harbour: Project) -> None:
    script = (harbour.release / "sw.js").read_text("utf-8")
    (line,) = [line for line in script.splitlines() if line.startswith("const DIGESTS = ")]
    table = line.removeprefix("const DIGESTS = ").split(";")[0]
    files = [harbour.release / "404.html", *(harbour.release / "theme").rglob("*.*")]
    expected = {
        file.relative_to(harbour.release).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }
    assert json.loads(table) == expected
    size = len(gzip.compress(table.encode(), 9, mtime=0))
    print(f"digests={len(expected)} digest_table={len(table)} digest_table_gzipped={size}")
    assert size <= 60 * len(expected)


def test_the_worker_holds_the_paths_of_all_other_public_files(harbour: Project) -> None:
    script = (harbour.release / "sw.js").read_text("utf-8")
    (line,) = [line for line in script.splitlines() if line.startswith("const PATHS = ")]
    files = {path for path in digests_of(harbour.release) if not path.startswith(("theme/", "_/"))}
    own = {"404.html", "sw.js", "portal.json"}
    assert json.loads(line.removeprefix("const PATHS = ").split(";")[0]) == sorted(files - own)


def test_the_sign_in_does_not_depend_on_the_address_of_its_page(harbour: Project) -> None:
    pages = [page.read_text("utf-8") for page in harbour.release.rglob("*.html")]
    roots = [
        root for page in pages for root in re.findall(r'<form [^>]*data-portal="sign-in" data-root="([^"]*)"', page)
    ]
    assert roots == ["/", "/"]  # of index.html and 404.html


def test_the_worker_holds_the_scripts_it_imports(harbour: Project) -> None:
    theme = (ROOT / "theme/static/js/sw.js").read_text("utf-8")
    imported = re.findall(r"'(theme/js/[\w-]+\.js)'", theme)
    script = (harbour.release / "sw.js").read_text("utf-8")
    assert len(imported) >= 14
    texts = {path: (harbour.release / path).read_text("utf-8").removeprefix("'use strict';\n") for path in imported}
    assert [path for path in imported if texts[path] not in script] == []
    assert script.count("'use strict';") == 1
    assert "importScripts" in theme
    assert "importScripts" not in script


@pytest.mark.parametrize(
    ("path", "old", "new", "finding"),
    quick_first(
        [
            (
                "sw.js",
                "const PATHS = [",
                'const PATHS = ["reports/x/",',
                "sw.js holds other paths than those of the public",
            ),
            ("index.html", 'integrity="sha256-', 'integrity="sha256-A', "index.html loads `theme/"),
            (
                "index.html",
                "</head>",
                "<script src=//evil.example/a.js></script></head>",
                "loads `//evil.example/a.js`",
            ),
            ("index.html", "</head>", "<script src=none.js></script></head>", "index.html loads `none.js`"),
            (
                "404.html",
                "</head>",
                "<link rel=stylesheet href=/theme/css/till.css></head>",
                "loads `/theme/css/till.css`",
            ),
            ("404.html", "</body>", " </body>", OTHER_DIGESTS),
            ("theme/css/base.css", "\n", "\n\n", OTHER_DIGESTS),
            ("theme/css/site.css", "\n", "\n\n", "index.html loads `theme/css/site.css"),
            (
                "sw.js",
                "const DIGESTS = {",
                "const DIGESTS = [{",
                OTHER_DIGESTS,
            ),
        ],
        1,
    ),
)
def test_the_gate_finds_a_wrong_digest(
    release: Path, judge: Judge, path: str, old: str, new: str, finding: str
) -> None:
    file = release / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert [found for found in judge(release) if finding in found]


def test_a_worker_without_a_place_for_digests_is_an_error() -> None:
    for script in ("", "const DIGESTS = {};\n" * 2):
        with pytest.raises(IncompleteWorker, match=re.escape("static/js/sw.js must hold the line")):
            complete_worker(script, {}, "")
