"""The preflight finds the defect of a print run: each case is a good run with one defect."""

import resource
import time
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageCms

from members_portal.newsletter.post.address_window import Zone
from members_portal.newsletter.preflight import qr_reading, verifier
from members_portal.newsletter.preflight.expected import Expected
from members_portal.newsletter.preflight.finding import MOST_FINDINGS_SHOWN, Finding, PreflightReport
from members_portal.newsletter.preflight.inspection import CHECKS, preflight, sample_of, unfit_addresses
from members_portal.newsletter.preflight.verifier import verify_with_verapdf
from members_portal.newsletter.press.postage import LETTER
from members_portal.newsletter.press.run_manifest import ManifestRow, content_hash, letter_hash, text_hash, window_hash
from tests.long_cases import quick_first
from tests.newsletter.press_run import CODE, PAGES, PEOPLE, front, good_run, rows_of, saved, sign_in

EXPECTED = Expected(code=CODE)
FIRST, SECOND = PEOPLE


def report_on(
    folder: Path, spoil: Callable[[Pdf], None] = lambda _: None, expected: Expected = EXPECTED, run: Pdf | None = None
) -> PreflightReport:
    """Damage a run, rebuild its manifest, and check it: the damage must be the only finding."""
    pdf = run or good_run()
    path = saved(pdf, folder, spoil)
    with pikepdf.open(path) as done:
        return preflight(path, rows_of(done), expected)


def checked(report: PreflightReport) -> dict[str, list[str]]:
    """Return the findings by check."""
    return {
        check: [f"{found.where}: {found.what}" for found in report.of(check)] for check in CHECKS if report.of(check)
    }


# A good one


def test_a_good_run_passes(tmp_path: Path) -> None:
    report = report_on(tmp_path)
    assert report.findings == report.warnings == ()
    assert report.ok
    assert report.notes == ("the QR codes of 2 of 2 letters were read",)


def test_a_good_run_says_ok_to_each_check(tmp_path: Path) -> None:
    lines = report_on(tmp_path).lines()
    assert lines[:3] == ["ok      syntax", "ok      version", "ok      encryption"]
    assert len(lines) == len(CHECKS) + 1


def test_codes_are_found_on_the_whole_page_when_nobody_says_where_they_are(tmp_path: Path) -> None:
    assert report_on(tmp_path, expected=Expected()).ok


def test_each_letter_is_told_of(tmp_path: Path) -> None:
    pdf = good_run()
    path = saved(pdf, tmp_path)
    steps: list[int] = []
    preflight(path, rows_of(pdf), EXPECTED, steps.append)
    assert steps == [1, 1]


def test_the_system_library_is_asked_when_qpdf_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier, "QPDF", "no-such-program")
    assert report_on(tmp_path).ok


# The file and its marks


def without(*path: Name) -> Callable[[Pdf], None]:
    """Return what deletes a key of the catalog."""

    def spoil(pdf: Pdf) -> None:
        found = pdf.Root
        for key in path[:-1]:
            found = found[key][0] if key == Name.OutputIntents else found[key]
        del found[path[-1]]

    return spoil


def screens_profile(pdf: Pdf) -> None:
    """Put a screen's profile into the output intent."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(profile, N=3)


def words_for_a_profile(pdf: Pdf) -> None:
    """Put words into the output intent's profile."""
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(b"words", N=4)


def another_title(pdf: Pdf) -> None:
    """Give the document information another title than the metadata."""
    pdf.docinfo.Title = "Another"


def trapped_or_not(pdf: Pdf) -> None:
    """Let the document information say that it is trapped, and the metadata that it isn't."""
    pdf.docinfo.Trapped = Name("/True")


def of_another_kind(pdf: Pdf) -> None:
    """Call it PDF/X-3 in the metadata."""
    packet = pdf.Root.Metadata.read_bytes().replace(b"PDF/X-4", b"PDF/X-3")
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)


def with_script(pdf: Pdf) -> None:
    """Let a script run when it is opened."""
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def with_named_script(pdf: Pdf) -> None:
    """Name a script."""
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=[]))


def with_attachment(pdf: Pdf) -> None:
    """Attach a file."""
    pdf.attachments["secret.txt"] = b"words"


def with_page_action(pdf: Pdf) -> None:
    """Let a page act."""
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="1"))


UNTITLED = "the title is missing, or differs between the metadata and the document information"
TRAPPED = "Trapped is missing, or differs between the metadata and the document information"


@pytest.mark.parametrize(
    ("spoil", "check", "what"),
    quick_first(
        [
            (without(Name.OutputIntents), "output intent", "0 output intents of PDF/X, expected 1"),
            (
                without(Name.OutputIntents, Name.DestOutputProfile),
                "output intent",
                "the output intent holds no profile",
            ),
            (
                without(Name.OutputIntents, Name.OutputConditionIdentifier),
                "output intent",
                "the output intent doesn't name its condition",
            ),
            (screens_profile, "output intent", "the output intent's profile isn't one of a CMYK printer"),
            (words_for_a_profile, "output intent", "the output intent's profile can't be read"),
            (without(Name.Metadata), "metadata", "there is no metadata"),
            (of_another_kind, "metadata", "the metadata's GTS_PDFXVersion is PDF/X-3, expected PDF/X-4"),
            (another_title, "metadata", UNTITLED),
            (
                trapped_or_not,
                "metadata",
                "Trapped is missing, or differs between the metadata and the document information",
            ),
            (with_script, "actions", "the catalog has /OpenAction"),
            (with_named_script, "actions", "the catalog names /JavaScript"),
            (with_attachment, "actions", "the catalog names /EmbeddedFiles"),
        ],
        2,
    ),
)
def test_wrong_marks_of_the_file_are_found(tmp_path: Path, spoil: Callable[[Pdf], None], check: str, what: str) -> None:
    assert checked(report_on(tmp_path, spoil)) == {check: [f"the file: {what}"]}


def test_a_page_that_acts_is_found(tmp_path: Path) -> None:
    assert checked(report_on(tmp_path, with_page_action)) == {"actions": ["page 1: acts when it is opened"]}


def test_an_old_version_is_found(tmp_path: Path) -> None:
    pdf = good_run()
    pdf.save(tmp_path / "run.pdf", force_version="1.4")
    report = preflight(tmp_path / "run.pdf", rows_of(pdf), EXPECTED)
    assert checked(report) == {"version": ["the file: version 1.4, expected 1.6 or later"]}


def test_encryption_is_found(tmp_path: Path) -> None:
    pdf = good_run()
    pdf.save(tmp_path / "run.pdf", encryption=pikepdf.Encryption(owner="x", user=""))
    assert "encryption" in checked(preflight(tmp_path / "run.pdf", rows_of(pdf), EXPECTED))


@pytest.mark.parametrize("damage", [lambda data: data[:-2000], lambda data: b"words", lambda data: b""])
def test_a_damaged_file_is_found(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    pdf = good_run()
    path = saved(pdf, tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert "syntax" in checked(preflight(path, rows_of(pdf), EXPECTED))


def test_a_tree_of_pages_that_is_none_is_found(tmp_path: Path) -> None:
    def spoil(pdf: Pdf) -> None:
        pdf.pages[2].obj.Resources.XObject = Dictionary(
            x=pdf.make_stream(b"", Subtype=Name.Image, ColorSpace=Array([]))
        )

    assert "syntax" in checked(report_on(tmp_path, spoil))


# Boxes and annotations


def box(name: Name, *by: float) -> Callable[[Pdf], None]:
    """Return what moves the edges of a box of the third page, in points."""

    def spoil(pdf: Pdf) -> None:
        page = pdf.pages[2].obj
        page[name] = Array([float(edge) + way for edge, way in zip(page[name], by, strict=True)])

    return spoil


def no_box(name: Name) -> Callable[[Pdf], None]:
    """Return what takes a box from the third page."""

    def spoil(pdf: Pdf) -> None:
        del pdf.pages[2].obj[name]

    return spoil


@pytest.mark.parametrize(
    ("spoil", "what"),
    quick_first(
        [
            (no_box(Name.TrimBox), "has no TrimBox"),
            (no_box(Name.BleedBox), "has no BleedBox"),
            (box(Name.TrimBox, 0, 0, -1, 0), "is trimmed to 209.6 x 297.0 mm, and A4 is 210 x 297 mm"),
            (box(Name.BleedBox, 3, 0, 0, 0), "has a bleed of 1.9 mm, expected 3.0 mm"),
            (box(Name.BleedBox, -3, 0, 0, 0), "has a BleedBox that reaches out of the MediaBox"),
        ],
        1,
    ),
)
def test_wrong_boxes_are_found(tmp_path: Path, spoil: Callable[[Pdf], None], what: str) -> None:
    assert checked(report_on(tmp_path, spoil)) == {"boxes": [f"page 3: {what}"]}


def test_paper_of_another_size_is_found(tmp_path: Path) -> None:
    report = report_on(tmp_path, expected=replace(EXPECTED, paper=LETTER))
    assert len(report.of("boxes")) == PAGES * len(PEOPLE)


def annotated(*rect: float) -> Callable[[Pdf], None]:
    """Return what puts a link on the last page."""

    def spoil(pdf: Pdf) -> None:
        pdf.pages[-1].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=list(rect))])

    return spoil


def test_an_annotation_is_found(tmp_path: Path) -> None:
    found = checked(report_on(tmp_path, annotated(100, 100, 200, 120)))
    assert found == {"annotations": ["page 8: has an annotation (/Link)"]}


def test_an_annotation_outside_of_the_bleed_is_nobodys_concern(tmp_path: Path) -> None:
    assert report_on(tmp_path, annotated(-100, 100, -20, 120)).ok


# Colours


def resources(pdf: Pdf) -> pikepdf.Object:
    """Return the resources shared by all pages."""
    return pdf.pages[0].obj.Resources


def rgb_picture(pdf: Pdf) -> None:
    """Add an RGB picture to the shared resources."""
    resources(pdf).XObject.x9 = pdf.make_stream(
        b"\0\0\0", Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceRGB
    )


def form(**rows: Any) -> Callable[[Pdf], None]:
    """Return a function that adds a form to the shared resources."""

    def spoil(pdf: Pdf) -> None:
        content = rows.pop("content", b"")
        resources(pdf).XObject.x9 = pdf.make_stream(content, Subtype=Name.Form, BBox=[0, 0, 1, 1], **rows)

    return spoil


def rgb_mask(pdf: Pdf) -> None:
    """Put a mask in RGB among the graphics states."""
    group = pdf.make_stream(b"", Subtype=Name.Form, BBox=[0, 0, 1, 1], Group=Dictionary(CS=Name.DeviceRGB))
    resources(pdf).ExtGState.s9 = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=group))


def rgb_gradient(pdf: Pdf) -> None:
    """Add an RGB gradient to the shared resources."""
    resources(pdf).Shading = Dictionary(s9=Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB))


def rgb_profile(pdf: Pdf) -> None:
    """Name a colour space with a screen's profile."""
    resources(pdf).ColorSpace = Dictionary(c9=Array([Name.ICCBased, pdf.make_stream(b"", N=3)]))


def lab_space(pdf: Pdf) -> None:
    """Name a colour space that is Lab."""
    resources(pdf).ColorSpace = Dictionary(c9=Array([Name.Lab, Dictionary(WhitePoint=[1, 1, 1])]))


def indexed_picture(pdf: Pdf) -> None:
    """Add a picture with an RGB palette to the shared resources."""
    palette = Array([Name.Indexed, Name.DeviceRGB, 0, pikepdf.String(b"abc")])
    resources(pdf).XObject.x9 = pdf.make_stream(
        b"\0", Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8, ColorSpace=palette
    )


def rgb_tile(pdf: Pdf) -> None:
    """Put a tile that chooses a colour in RGB among the patterns."""
    tile = pdf.make_stream(b"1 0 0 RG", PatternType=1, Resources=Dictionary())
    resources(pdf).Pattern = Dictionary(p9=tile)


@pytest.mark.parametrize(
    ("spoil", "what"),
    quick_first(
        [
            (rgb_picture, "the picture /x9 is in /DeviceRGB"),
            (indexed_picture, "the picture /x9 is in /DeviceRGB"),
            (form(content=b"1 0 0 rg"), "the form /x9 chooses a colour in DeviceRGB"),
            (form(content=b"/DeviceRGB cs"), "the form /x9 chooses a colour in /DeviceRGB"),
            (form(content=b"BI /W 1 /H 1 /CS /G /BPC 8 ID a EI"), "the form /x9 holds the samples of a picture"),
            (form(Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)), "a transparency group is in /DeviceRGB"),
            (rgb_mask, "a transparency group is in /DeviceRGB"),
            (rgb_gradient, "the gradient /s9 is in /DeviceRGB"),
            (rgb_profile, "the colour space /c9 is in /ICCBased, with a profile that isn't CMYK or grey"),
            (lab_space, "the colour space /c9 is in /Lab"),
            (rgb_tile, "the form /p9 chooses a colour in DeviceRGB"),
        ],
        1,
    ),
)
def test_colours_that_no_press_has_are_found_once(tmp_path: Path, spoil: Callable[[Pdf], None], what: str) -> None:
    assert checked(report_on(tmp_path, spoil)) == {"colours": [f"page 1: {what}"]}


def appended(page: int, content: bytes) -> Callable[[Pdf], None]:
    """Return what appends operators to a page."""

    def spoil(pdf: Pdf) -> None:
        before = pdf.pages[page - 1].Contents.read_bytes()
        pdf.pages[page - 1].Contents = pdf.make_stream(before + b"\n" + content)

    return spoil


def test_a_colour_that_only_one_page_chooses_is_found(tmp_path: Path) -> None:
    found = checked(report_on(tmp_path, appended(6, b"0 0 1 rg 0 0 9 9 re f")))
    assert found == {"colours": ["page 6: chooses a colour in DeviceRGB"]}


def test_words_that_look_like_operators_are_none(tmp_path: Path) -> None:
    assert report_on(tmp_path, appended(6, b"BT (1 0 0 rg cs BI) Tj ET % 1 0 0 rg")).ok


# Fonts


def standard_font(pdf: Pdf) -> None:
    """Use a font that every reader is supposed to have."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=cmap(pdf))
    resources(pdf).Font.F9 = pdf.make_indirect(font)


def cmap(pdf: Pdf) -> pikepdf.Object:
    """Return a map from codes to letters, with nothing in it."""
    return pdf.make_stream(b"0 beginbfchar endbfchar")


def without_letters(pdf: Pdf) -> None:
    """Let a font not say which letters it shows."""
    font = next(iter(resources(pdf).Font.values()))
    font.BaseFont = Name.Dumb
    del font.ToUnicode


def drawn_font(pdf: Pdf) -> None:
    """Use a font made of pictures."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, ToUnicode=cmap(pdf))
    resources(pdf).Font.F9 = pdf.make_indirect(font)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (standard_font, "/Helvetica isn't embedded"),
        (drawn_font, "/F9 is made of pictures (Type 3)"),
    ],
)
def test_fonts_that_are_not_in_the_file_are_found(tmp_path: Path, spoil: Callable[[Pdf], None], what: str) -> None:
    assert checked(report_on(tmp_path, spoil)) == {"fonts": [f"page 1: {what}"]}


def test_a_font_that_says_no_letters_is_found(tmp_path: Path) -> None:
    found = checked(report_on(tmp_path, without_letters))
    assert found["fonts"] == ["page 1: /Dumb doesn't say which letters it shows (ToUnicode)"]


# Letters


def told(rows: list[ManifestRow], **changes: object) -> list[ManifestRow]:
    """Return a manifest that says something else of the second letter."""
    return [rows[0], replace(rows[1], **changes)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "found"),
    quick_first(
        [
            (
                {"pages": 3, "last": 7, "sheets": 2},
                [
                    "the file: has 8 pages, and the manifest's letters 7",
                    "letter 2: has 3 pages, an odd number",
                ],
            ),
            ({"sheets": 1}, ["letter 2: has 4 pages on 1 sheets, from page 5 to page 8"]),
            ({"pages": 6, "sheets": 3}, ["letter 2: has 6 pages on 3 sheets, from page 5 to page 8"]),
            (
                {"first": 4},
                [
                    "the file: row 2 of the manifest has letter 2 begin on page 4",
                    "letter 2: has 4 pages on 2 sheets, from page 4 to page 8",
                ],
            ),
            ({"sequence": 3}, ["the file: row 2 of the manifest has letter 3 begin on page 5"]),
            (
                {"last": 10, "pages": 6, "sheets": 3},
                ["the file: has 8 pages, and the manifest's letters 10"],
            ),
        ],
        1,
    ),
)
def test_pages_that_are_not_as_the_manifest_says_are_found(
    tmp_path: Path, changes: dict[str, object], found: list[str]
) -> None:
    pdf = good_run()
    path = saved(pdf, tmp_path)
    assert checked(preflight(path, told(rows_of(pdf), **changes), EXPECTED))["pages"] == found


def test_a_page_that_belongs_to_no_letter_is_found(tmp_path: Path) -> None:
    pdf = good_run()
    rows = rows_of(pdf)
    pdf.pages.append(pdf.pages[-1])
    found = checked(preflight(saved(pdf, tmp_path), rows, EXPECTED))
    assert found == {"pages": ["the file: has 9 pages, and the manifest's letters 8"]}


def test_a_letter_that_was_tampered_with_is_found(tmp_path: Path) -> None:
    pdf = good_run()
    rows = rows_of(pdf)
    path = saved(pdf, tmp_path, appended(2, b"0 0 9 9 re f"))
    found = checked(preflight(path, rows, EXPECTED))
    assert found == {"contents": ["letter 1: isn't the letter that the manifest describes"]}


def test_letters_that_changed_places_are_found(tmp_path: Path) -> None:
    pdf = good_run()
    rows = rows_of(pdf)
    swapped = list(pdf.pages)[PAGES:] + list(pdf.pages)[:PAGES]
    del pdf.pages[:]
    pdf.pages.extend(swapped)
    found = checked(preflight(saved(pdf, tmp_path), rows, EXPECTED))
    assert set(found) == {"contents", "address window", "QR codes"}


# The address


def run_with(address: str) -> Pdf:
    """Return a run in which the first letter's address stands as this HTML says."""
    return good_run(front(FIRST, address), front(SECOND))


ANOTHER_ADDRESS = "the window doesn't show the member's address"
HER_ADDRESS = "<br>".join(PEOPLE[FIRST])


@pytest.mark.parametrize(
    ("address", "found"),
    quick_first(
        [
            ("", ["there is no address in the window"]),
            ("Freja Brandt<br>Somewhere else", [ANOTHER_ADDRESS]),
            (f"{HER_ADDRESS}<br>IRELAND", [ANOTHER_ADDRESS]),
            (f'<span style="position: relative; left: 50mm">{HER_ADDRESS}</span>', None),
            (f'<span style="position: relative; top: 13mm">{HER_ADDRESS}</span>', None),
        ],
        1,
    ),
    ids=["none", "another", "one line more", "too far right", "too far down"],
)
def test_an_address_that_is_not_wholly_in_the_window_is_found(
    tmp_path: Path, address: str, found: list[str] | None
) -> None:
    got = checked(report_on(tmp_path, run=run_with(address or "&nbsp;")))
    assert set(got) == {"address window"}
    if found:
        assert got["address window"] == [f"letter 1: {what}" for what in found]
    else:
        assert "reaches out of its zone" in " ".join(got["address window"])


def test_an_address_outside_of_the_window_is_found(tmp_path: Path) -> None:
    lifted = f'<span style="position: relative; top: -50mm">{HER_ADDRESS}</span>'
    assert checked(report_on(tmp_path, run=run_with(lifted))) == {
        "address window": ["letter 1: there is no address in the window"]
    }


def test_findings_of_a_letter_name_its_member(tmp_path: Path) -> None:
    report = report_on(tmp_path, run=run_with("Freja Brandt<br>Somewhere else"))
    assert list(map(str, report.findings)) == [f"address window: letter 1 (member {FIRST}): {ANOTHER_ADDRESS}"]
    assert unfit_addresses(report) == {FIRST: ANOTHER_ADDRESS}


@pytest.mark.parametrize(
    "top", quick_first(["-14mm", "0mm", "26mm"], 1), ids=["beside the sender", "beside the address", "below"]
)
def test_other_words_in_the_window_are_found(tmp_path: Path, top: str) -> None:
    words = f'{HER_ADDRESS}<span style="position: absolute; left: 58mm; top: {top}; font-size: 8pt">Private</span>'
    found = checked(report_on(tmp_path, run=run_with(words)))
    assert set(found) == {"address window"}
    assert "Private" not in str(found), "a report is read by people who needn't know members' addresses"


@pytest.mark.parametrize(
    "lines",
    [
        ("نور الهدى الخطيب", "17 Tarhouse Steps"),
        ("欧阳静怡", "17 Tarhouse Steps"),
        pytest.param(("Zoë Łódź-Nguyễn", "Straße 4 a, fjord office"), marks=pytest.mark.long),
        pytest.param(("יעל בן־דוד", "Αθήνα 112"), marks=pytest.mark.long),
        pytest.param(("प्रिया शर्मा", "Москва 77"), marks=pytest.mark.long),
    ],
)
def test_an_address_in_any_script_is_recognised(tmp_path: Path, lines: tuple[str, ...]) -> None:
    pdf = run_with("<br>".join(lines))
    path = saved(pdf, tmp_path)
    first, second = rows_of(pdf)
    report = preflight(path, [replace(first, window=window_hash(lines)), second], EXPECTED)
    assert checked(report) == {}


def test_the_window_is_not_looked_at_when_there_is_none(tmp_path: Path) -> None:
    assert report_on(tmp_path, run=run_with("Anything"), expected=replace(EXPECTED, window=None)).ok


# Black text


def test_black_text_of_several_inks_is_found(tmp_path: Path) -> None:
    pdf = run_with(f'<span style="color: #1a1a1f">{HER_ADDRESS}</span>')
    found = checked(report_on(tmp_path, run=pdf))
    assert set(found) == {"black text"}
    assert found["black text"][0].startswith("letter 1: has text in /DeviceCMYK 0.73")


def test_black_text_of_several_inks_is_found_in_a_form(tmp_path: Path) -> None:
    pdf = run_with(f'<span style="display: block; color: #1a1a1f; opacity: .9">{HER_ADDRESS}</span>')
    assert set(checked(report_on(tmp_path, run=pdf))) == {"black text"}


def test_coloured_text_is_found_only_where_none_is_wanted(tmp_path: Path) -> None:
    pdf = run_with(f'<span style="color: #a3301a">{HER_ADDRESS}</span>')
    path = saved(pdf, tmp_path)
    assert preflight(path, rows_of(pdf), EXPECTED).ok
    assert set(checked(preflight(path, rows_of(pdf), replace(EXPECTED, black_front=True)))) == {"black text"}


def test_grey_and_white_text_is_black_ink_or_none(tmp_path: Path) -> None:
    words = '<span style="color: #777">Freja</span> <span style="color: #fff">Brandt</span>'
    run = run_with(f"{words}<br>17 Tarhouse Steps<br>Inverskea, P99 R0P3")
    assert report_on(tmp_path, run=run, expected=replace(EXPECTED, black_front=True)).ok


# QR codes


def test_another_members_code_is_found(tmp_path: Path) -> None:
    pdf = good_run()
    path = saved(pdf, tmp_path)
    rows = told(rows_of(pdf), sign_in=text_hash(sign_in(FIRST)))
    found = checked(preflight(path, rows, EXPECTED))
    assert found == {"QR codes": ["letter 2: has a QR code with another text"]}


def test_a_code_that_cannot_be_read_is_found(tmp_path: Path) -> None:
    blot = b"q 1 0 0 1 0 0 cm 0 0 0 1 k 0 0 2000 2000 re f Q"
    found = checked(report_on(tmp_path, appended(5, blot)))
    assert found == {"QR codes": ["letter 2: has no QR code that can be read"]}


def test_a_code_at_another_place_is_found(tmp_path: Path) -> None:
    report = report_on(tmp_path, expected=replace(EXPECTED, code=Zone(20, 200, 30, 30)))
    assert len(report.of("QR codes")) == 2


def test_codes_that_nobody_could_read_fail_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_reading, "PROGRAM", "no-such-program")
    found = checked(report_on(tmp_path))["QR codes"]
    assert found == ["the file: can't be read: no-such-program isn't on PATH (Debian: poppler-utils)"]


def test_a_sample_has_the_first_letter_the_last_and_those_between() -> None:
    rows = rows_of(good_run())[:1]
    many = [replace(rows[0], sequence=number) for number in range(1, 1001)]
    chosen = [row.sequence for row in sample_of(many, 5)]
    assert chosen == [1, 250, 500, 750, 1000]
    assert sample_of(many[:5], 5) == many[:5]
    assert sample_of([], 5) == []


# The cut


def prepended(page: int, content: bytes) -> Callable[[Pdf], None]:
    """Return a function that puts operators before those of a page, in the coordinates of the paper."""

    def spoil(pdf: Pdf) -> None:
        before = pdf.pages[page - 1].Contents.read_bytes()
        pdf.pages[page - 1].Contents = pdf.make_stream(content + b"\n" + before)

    return spoil


def cut(left: float, top: float, page: int) -> Callable[[Pdf], None]:
    """Draw the dashed frame of a coupon of 80 x 60 mm on a page, in mm from the left and the top of the sheet."""
    points = 72 / 25.4
    frame = f"{left * points} {(297 - top - 60) * points} {80 * points} {60 * points}"
    return prepended(page, f"q 0 0 0 1 K [4 2] 0 d {frame} re S Q".encode())


@pytest.mark.parametrize(
    ("left", "top", "page", "faults"),
    quick_first(
        [
            (100, 180, 2, 0),  # behind the left half of the front
            (20, 180, 2, 1),  # 20 mm from the left of the back is behind the right edge of the front
            (20, 20, 2, 0),
            (20, 138.5, 2, 1),  # ends 1.5 mm above
            (100, 180, 1, 1),  # on the front itself
            (20, 180, 1, 0),
        ],
        1,
    ),
)
def test_a_cut_through_the_access_code_is_found(
    tmp_path: Path, left: float, top: float, page: int, faults: int
) -> None:
    expected = replace(EXPECTED, kept=CODE)
    found = checked(report_on(tmp_path, cut(left, top, page), expected)).get("cut", [])
    assert len(found) == faults
    place = "takes the access code with it" if faults else ""
    assert all(place in each and each.startswith("letter 1: ") for each in found)


def test_a_solid_frame_is_no_cut(tmp_path: Path) -> None:
    frame = prepended(2, b"q 0 0 0 1 K [4 2] 0 d [] 0 d 0 0 400 400 re S Q")
    assert report_on(tmp_path, frame, replace(EXPECTED, kept=CODE)).ok


# Photos


def coarse_photo(pdf: Pdf, points: int = 72) -> None:
    """Show a photo of 100 pixels on an inch, or another width in points."""
    data = BytesIO()
    Image.effect_noise((100, 100), 50).save(data, "JPEG")
    resources(pdf).XObject.x9 = pdf.make_stream(
        data.getvalue(),
        Subtype=Name.Image,
        Width=100,
        Height=100,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
        Filter=Name.DCTDecode,
    )
    appended(3, b"q %d 0 0 %d 50 50 cm /x9 Do Q" % (points, points))(pdf)


def test_a_coarse_photo_is_a_warning(tmp_path: Path) -> None:
    report = report_on(tmp_path, coarse_photo)
    assert report.ok
    assert [str(warning) for warning in report.warnings] == ["resolution: page 3: a photo of 100 dpi, better 200"]
    assert "warning: resolution: page 3: a photo of 100 dpi, better 200" in report.lines()


def test_a_very_coarse_photo_is_an_error(tmp_path: Path) -> None:
    report = report_on(tmp_path, partial(coarse_photo, points=144))
    assert checked(report) == {"resolution": ["page 3: a photo of 50 dpi, better 200"]}


# Margins


@pytest.mark.parametrize(("left", "found"), quick_first([(100, 0), (168, 1), (-30, 1), (200, 1)], 2))
def test_text_beyond_the_margins_is_found(tmp_path: Path, left: int, found: int) -> None:
    word = f'{HER_ADDRESS}<span style="position: absolute; left: {left}mm; top: 150mm">Beyond</span>'
    expected = {"margins": ["page 1: has text less than 5 mm from its edge"]} if found else {}
    assert checked(report_on(tmp_path, run=run_with(word))) == expected


# Reports


def test_a_report_shows_some_findings_and_counts_the_others() -> None:
    findings = tuple(Finding("boxes", f"page {number}", "has no TrimBox") for number in range(1, 101))
    lines = PreflightReport(("boxes", "fonts"), findings).lines()
    assert lines[:3] == ["FAILED  boxes", "ok      fonts", "boxes: page 1: has no TrimBox"]
    assert lines[-1] == f"and {100 - MOST_FINDINGS_SHOWN} more"


def test_what_a_letter_is_hashed_from_is_its_pages_in_their_order() -> None:
    one, two = content_hash(b"one"), content_hash(b"two")
    assert len({letter_hash([one, two]), letter_hash([two, one]), letter_hash([one]), letter_hash([])}) == 4


def test_verapdf_is_asked_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for verdict, said in (("PASS", ""), ("FAIL file.pdf ua1", "FAIL file.pdf ua1")):
        program = tmp_path / "verapdf"
        program.write_text(f"#!/bin/sh\necho {verdict}\n")
        program.chmod(0o755)
        monkeypatch.setattr(verifier, "VERAPDF", str(program))
        assert verify_with_verapdf(tmp_path / "file.pdf") == said
    monkeypatch.setattr(verifier, "VERAPDF", "no-such-program")
    assert verify_with_verapdf(tmp_path / "file.pdf") is None


# Many letters


def run_of(letters: int) -> tuple[Pdf, list[ManifestRow]]:
    """Return a run of letters that share no objects."""
    pdf = good_run()
    row = rows_of(pdf)[0]
    first = [page.obj for page in list(pdf.pages)[:PAGES]]
    shared = [content_hash(page.Contents.read_bytes()) for page in first[2:]]
    del pdf.pages[PAGES:]
    own = [page.Contents.read_bytes() for page in first[:2]]
    for number in range(1, letters):
        pages = [pdf.make_indirect(copy(page)) for page in first]
        for page, content in zip(pages[:2], own, strict=True):
            page.Contents = pdf.make_stream(b"%s\n%% %d\n" % (content, number))
        pdf.pages.extend(pikepdf.Page(page) for page in pages)
    hashes = [[*(content_hash(b"%s\n%% %d\n" % (each, at)) for each in own), *shared] for at in range(1, letters)]
    others = [
        replace(row, sequence=at + 1, first=PAGES * at + 1, last=PAGES * (at + 1), sha256=letter_hash(pages))
        for at, pages in enumerate(hashes, 1)
    ]
    return pdf, [row, *others]


def test_a_run_of_more_letters_than_the_sample_passes(tmp_path: Path) -> None:
    pdf, rows = run_of(12)
    report = preflight(saved(pdf, tmp_path), rows, replace(EXPECTED, sample=4))
    assert checked(report) == {}
    assert report.notes == ("the QR codes of 4 of 12 letters were read",)


@pytest.mark.long
def test_thousands_of_letters_are_checked(tmp_path: Path) -> None:
    pdf, rows = run_of(5000)
    path = saved(pdf, tmp_path)
    start = time.perf_counter()
    assert checked(preflight(path, rows, EXPECTED)) == {}
    print(f"letters_per_second={len(rows) / (time.perf_counter() - start):.0f}")
    print(f"peak_megabytes={resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
