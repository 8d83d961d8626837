"""The manifest of a print run: rows survive a round trip, and no cell is a formula."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from members_portal.newsletter.press.print_run import Letter, posting_order
from members_portal.newsletter.press.run_manifest import (
    MANIFEST_COLUMNS,
    ManifestRow,
    read_run_manifest,
    window_hash,
    write_manifest,
)
from members_portal.newsletter.print_error import PrintError
from tests.newsletter import specimen

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
    window="aa",
    sign_in="bb",
    sha256="cc",
)


def written(folder: Path, *rows: ManifestRow) -> Path:
    """Write a manifest."""
    path = folder / "run.csv"
    write_manifest(path, rows)
    return path


def test_a_row_per_letter_under_the_columns_names(tmp_path: Path) -> None:
    assert written(tmp_path, ROW).read_bytes() == (
        b"sequence,kind,member,edition,first,last,pages,sheets,grams,weight,country,postcode,window,sign_in,sha256\r\n"
        b"1,letter,M-2001,gold,1,8,8,4,30,to 50 g,IE,P99 R0P3,aa,bb,cc\r\n"
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-1", "@x", "\tx", "\rx", "'x", "'=x", "a,b", 'a"b', "a\r\nb", "", "ÅÄÖ 李", " x "]
)
def test_any_text_comes_back_as_it_was_and_is_no_formula(tmp_path: Path, text: str) -> None:
    row = replace(ROW, member=text, postcode=text)
    path = written(tmp_path, row, ROW)
    assert list(read_run_manifest(path)) == [row, ROW]
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_an_empty_run_has_a_manifest(tmp_path: Path) -> None:
    assert list(read_run_manifest(written(tmp_path))) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sequence,", "number,", "the first line must be sequence,kind"),
        (",cc\r\n", "\r\n", "run.csv:2: 14 cells, expected 15"),
        ("M-2001,gold,1,", "M-2001,gold,one,", "run.csv:2: first is 'one', expected a number"),
        (",4,30,", ",-4,30,", "run.csv:2: sheets is '-4', expected a number"),
        (",letter,", ",parcel,", "run.csv:2: kind is 'parcel', expected one of letter, seed"),
    ],
)
def test_a_row_that_is_not_as_it_was_written_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path, ROW)
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())
    with pytest.raises(PrintError, match=message):
        list(read_run_manifest(path))


def test_an_empty_file_is_no_manifest(tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text("")
    with pytest.raises(PrintError, match="the first line must be"):
        list(read_run_manifest(tmp_path / "run.csv"))


def test_letters_are_posted_by_country_and_postcode() -> None:
    (sheet,) = specimen.sheets(1)
    places = {"M-2": ("IE", "P99"), "M-3": ("DE", "23552"), "M-1": ("IE", "P99"), "M-4": ("IE", "")}
    letters = [Letter(replace(sheet, member=member), *place) for member, place in places.items()]
    ordered = sorted(letters, key=posting_order)
    assert [letter.sheet.member for letter in ordered] == ["M-3", "M-4", "M-1", "M-2"]


def test_an_address_is_hashed_by_its_letters_however_its_lines_break() -> None:
    assert window_hash(["Freja Brandt", "Inverskea"]) == window_hash(["Freja", "Brandt  Inverskea"])
    assert window_hash(["Freja Brandt"]) != window_hash(["Freja Brand"])
    assert window_hash(["Große Straße"]) == window_hash(["GROSSE STRASSE"])
    assert window_hash(["Afﬁne"]) == window_hash(["Affine"]), "a ligature is its letters"


def test_no_column_holds_a_name_or_an_address() -> None:
    assert not {"name", "address", "called", "email", "code"} & set(MANIFEST_COLUMNS)
