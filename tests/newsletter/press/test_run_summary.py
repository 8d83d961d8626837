"""The page that a person signs, as plain text and laid out."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from members_portal.newsletter.layout import Materials, lay_out, write_pdf
from members_portal.newsletter.preflight.finding import Finding, PreflightReport
from members_portal.newsletter.press.run_manifest import ManifestRow
from members_portal.newsletter.press.run_summary import Run, Summary, summarise, summary_text
from tests.newsletter import planners

THEME = Path(__file__).parents[3] / "theme" / "print"
RUN = Run("Winter 2026", 4, date(2026, 11, 20), "A4", "100 g/m2", "DIN 5008 B", "FOGRA39")
ROW = ManifestRow(
    sequence=1,
    kind="letter",
    member="M-2001",
    edition="gold",
    first=1,
    last=8,
    pages=8,
    sheets=4,
    grams=30,
    weight="to 50 g",
    country="IE",
    postcode="P99 R0P3",
    window="",
    sign_in="",
    sha256="",
)
ENTRIES = [
    ROW,
    replace(ROW, country="DE", edition="platinum"),
    replace(ROW, country="", pages=10, sheets=5, weight="to 100 g"),
    replace(ROW, kind="seed"),
    replace(ROW),
]
LEFT_OUT = {"no consent for post": 12, "no address": 3}
GOOD = PreflightReport(("boxes", "fonts"), (), (), ("the QR codes of 5 of 5 letters were read",))
BAD = PreflightReport(("boxes", "fonts"), (Finding("fonts", "page 1", "/Helvetica isn't embedded"),))

TEXT = """\
Print run of issue 4, Winter 2026
==============================================================================

Day of the issue .................................................. 2026-11-20
Paper ........................................................... A4, 100 g/m2
Window ............................................................ DIN 5008 B
Press ................................................................ FOGRA39

In the run
----------
Letters .................................................................... 4
Seed addresses ............................................................. 1
Pages ..................................................................... 42
Sheets of paper ........................................................... 21

By edition
----------
gold ....................................................................... 4
platinum ................................................................... 1

By country
----------
DE ......................................................................... 1
IE ......................................................................... 3
none given ................................................................. 1

By weight
---------
to 100 g ................................................................... 1
to 50 g .................................................................... 4

Left out
--------
no address ................................................................. 3
no consent for post ....................................................... 12

Preflight
---------
boxes ..................................................................... ok
fonts ..................................................................... ok
the QR codes of 5 of 5 letters were read

Files (SHA-256)
---------------
run.pdf
  ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

Released for printing:

Name                                    Date            Signature

______________________________________________________________________________
"""


def summary_of(folder: Path, report: PreflightReport = GOOD, left_out: dict[str, int] = LEFT_OUT) -> Summary:
    """Summarise a run of five letters, with a file that holds `abc`."""
    (folder / "run.pdf").write_bytes(b"abc")
    return summarise(RUN, ENTRIES, left_out, report, [folder / "run.pdf"])


def laid_out(summary: Summary) -> str:
    """Fill the template."""
    env = Environment(loader=FileSystemLoader(THEME), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    house = SimpleNamespace(name="The Bitter End Club", company="Strand & Hitch")
    return env.get_template("summary.html").render(summary=summary, house=house)


def materials() -> Materials:
    """Return the print templates of the theme."""
    return Materials(THEME, THEME, planners.fonts())


def test_a_summary_as_plain_text(tmp_path: Path) -> None:
    assert summary_text(summary_of(tmp_path)) == TEXT


def test_a_failed_run_cannot_be_taken_for_a_good_one(tmp_path: Path) -> None:
    text = summary_text(summary_of(tmp_path, BAD))
    assert "fonts ............................................................. FAILED (1)\n" in text
    assert "fonts: page 1: /Helvetica isn't embedded\n" in text
    assert "The preflight FAILED: this run must not be printed." in text
    assert "Released" not in text
    assert "Signature" not in text


def test_nobody_left_out_is_said(tmp_path: Path) -> None:
    assert "Left out\n--------\nnone\n" in summary_text(summary_of(tmp_path, left_out={}))


def test_the_page_says_what_the_text_does(tmp_path: Path) -> None:
    html = laid_out(summary_of(tmp_path, BAD))
    for words in ("Winter 2026", "no consent for post", "isn&#39;t embedded", "failed (1)", "must not be printed"):
        assert words in html
    assert "Signature" not in html
    assert "Signature" in laid_out(summary_of(tmp_path))


@pytest.mark.parametrize("report", [GOOD, BAD])
def test_it_is_one_page(tmp_path: Path, report: PreflightReport) -> None:
    document = lay_out(laid_out(summary_of(tmp_path, report)), materials(), frozenset())
    assert len(document.pages) == 1
    assert write_pdf(document).startswith(b"%PDF")
