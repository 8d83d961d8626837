"""Stage 4, letters and print runs: PDFs by edition and member, their contents, and the printer's files."""

from __future__ import annotations

import csv
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from members_portal.newsletter.letter.assembly import inputs_key
from members_portal.publish.issue import pango
from members_portal.seal import Secret, verify_release
from tests.long_cases import quick_first
from tests.publish.project import DAY, MEMBERS, Project, everything, files_of
from tests.seal.forger import Forger

ISSUE = """---
Title: Midwinter upon the quay
Summary: The second letter.
Audience: [pewter+, staff]
Publish: 2026-11-15
Number: 2
Letters: [key-customers]
Greeting: |
  The lamps are full.

  Come and see them.
---

Dear lamplighters, the herring is back.
"""
PLACES = """  address: {lines: [7 Lampblack Row], postcode: "5005", city: Bergen, country: "NO"}
  consent: {post: true}
"""
PATH = "newsletters/midwinter/midwinter.pdf"
ONLY_COPPER = "Soundings"  # words of a report for one tier


def with_letters(project: Project) -> Project:
    """Add an issue with letters to key customers; one of the two has agreed to letters on paper."""
    (project.root / "content/newsletters/midwinter.md").write_text(ISSUE)
    project.edit("content/newsletters/letter-one.md", "[pewter, copper]", "staff")  # fewer layouts
    project.edit("members/members.yaml", "  interests: [oil, glass]\n", f"  interests: [oil, glass]\n{PLACES}")
    return project


@pytest.fixture(scope="module")
def printed(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project published with PDFs. It is shared: tests only read it."""
    project = with_letters(Project.copy(harbour, tmp_path_factory.mktemp("printed") / "portal"))
    shown = project.publish(PORTAL_PDF="yes")
    assert "midwinter (2 letters)" in shown.out
    return project


@pytest.fixture(scope="module")
def run(printed: Project) -> Path:
    """Return the folder of a print run."""
    made = printed.portal("print", "midwinter", "--date", DAY, PORTAL_PDF="yes")
    assert made.code == 0, made.text
    return printed.root / ".build/print/midwinter"


def forget_pdfs(project: Project) -> None:
    """Remove releases and everything that was cached, but for fonts, which take seconds to cut."""
    project.output.unlink()
    shutil.move(project.root / ".build/cache/fonts", project.root / "fonts")
    shutil.rmtree(project.root / ".build")
    (project.root / ".build/cache").mkdir(mode=0o700, parents=True)
    shutil.move(project.root / "fonts", project.root / ".build/cache/fonts")


def text_of(data: bytes) -> str:
    """Return the text of a PDF in reading order, a space for every gap."""
    shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return " ".join(shown.split())


def codes_on(data: bytes, folder: Path) -> list[str]:
    """Return the texts of the QR codes on the pages of a PDF."""
    command = ["pdftoppm", "-r", "150", "-gray", "-", str(folder / "page")]
    subprocess.run(command, input=data, check=True, capture_output=True)
    pages = sorted(folder.glob("page-*.pgm"))
    return [code.text for page in pages for code in zxingcpp.read_barcodes(Image.open(page))]


def test_each_edition_has_the_pdf_of_the_issues_it_may_read(printed: Project) -> None:
    found = everything(printed)
    assert {member for member in MEMBERS if f"{member}/{PATH}" in found} == {f"L-10{n}" for n in (2, 3, 4, 5, 6)}
    assert not [path for path in found if path.startswith("public/") and path.endswith("midwinter.pdf")]


def test_the_pdf_of_an_edition_names_what_its_readers_may_see_and_nothing_else(printed: Project) -> None:
    found = everything(printed)
    titles = {
        path.stem: re.findall(r"^Title: (.*)$", path.read_text("utf-8"), re.MULTILINE)[0].strip("\"'")
        for folder in ("reports", "announcements", "feedback", "offers", "promise", "events")
        for path in (printed.root / "content" / folder).glob("*.md")
    }
    for member in ("L-102", "L-103", "L-105"):
        text = text_of(found[f"{member}/{PATH}"])
        for slug, title in titles.items():
            may = any(path.startswith(f"{member}/") and f"/{slug}/" in path for path in found)
            assert may or title.replace("'", "’") not in text, (member, slug)


def test_a_letter_reaches_its_member_and_nobody_else(printed: Project) -> None:
    found = everything(printed)
    assert {path for path in found if "/letters/" in path} == {f"L-10{n}/letters/midwinter.pdf" for n in (4, 5)}
    own = text_of(found["L-105/letters/midwinter.pdf"])
    assert "Dear Aurelie," in own
    assert "7 Lampblack Row" in own
    assert "Lampblack" not in text_of(found["L-104/letters/midwinter.pdf"])


def test_only_the_letter_on_paper_bears_the_access_code_and_the_sign_in_link(printed: Project, tmp_path: Path) -> None:
    letter, code = everything(printed)["L-105/letters/midwinter.pdf"], printed.code("L-105")
    text = re.sub(r"\s", "", text_of(letter))
    assert "typetheaccesscode" in text
    assert [part for part in (code[:11], code[12:23], code[24:]) if part in text] == []
    assert code not in re.sub(rb"\s", b"", letter).decode("latin-1")
    assert codes_on(letter, tmp_path) == []
    made = printed.portal("letter", "L-105", PORTAL_PDF="yes")
    assert made.code == 0, made.text
    (paper,) = (printed.root / ".build/letters").glob("L-105-*.pdf")
    assert code[:11] in text_of(paper.read_bytes())
    assert [text.rpartition("#")[2] for text in codes_on(paper.read_bytes(), tmp_path)] == [code]


def test_the_page_of_an_issue_links_its_pdf_and_the_members_letter(printed: Project) -> None:
    found = everything(printed)
    page = found["L-105/newsletters/midwinter/index.html"].decode()
    assert 'href="midwinter.pdf"' in page
    assert "letters/midwinter.pdf" in found["L-105/slots.json"].decode()
    assert "letters/midwinter.pdf" not in found["L-102/slots.json"].decode()


@pytest.mark.long
def test_pdfs_of_a_day_are_the_same_bytes_on_another(printed: Project, tmp_path: Path) -> None:
    later = Project.copy(printed, tmp_path / "portal")
    forget_pdfs(later)
    later.publish("2026-12-24", PORTAL_PDF="yes")
    before, after = everything(printed), everything(later)
    pdfs = [path for path in before if path.endswith("midwinter.pdf")]
    assert len(pdfs) == 7
    assert [path for path in pdfs if before[path] != after[path]] == []


@pytest.mark.long
def test_where_the_cache_is_gone_pdfs_are_taken_over_from_the_release_in_force(
    printed: Project, tmp_path: Path
) -> None:
    later = Project.copy(printed, tmp_path / "portal")
    shutil.rmtree(later.root / ".build/cache")
    nobody = {"PORTAL_PDF": "yes", "PORTAL_EXECUTOR": "nowhere"}  # any layout fails
    later.publish("2026-12-24", **nobody)
    before, after = everything(printed), everything(later)
    assert {path for path in before if path.endswith(".pdf")} == {path for path in after if path.endswith(".pdf")}
    later.edit("content/newsletters/midwinter.md", "the herring is back", "the herring has gone")
    failed = later.portal("publish", "--date", "2026-12-24", **nobody)
    assert (failed.code, "nowhere" in failed.err) == (1, True)


@pytest.mark.long
def test_a_letter_is_not_taken_over_when_what_is_in_it_has_changed(printed: Project, tmp_path: Path) -> None:
    later = Project.copy(printed, tmp_path / "portal")
    later.edit("members/members.yaml", "7 Lampblack Row", "8 Lampblack Row")
    later.publish(PORTAL_PDF="yes")
    before, after = everything(printed), everything(later)
    changed = [path for path in before if path.endswith("midwinter.pdf") and before[path] != after[path]]
    assert changed == ["L-105/letters/midwinter.pdf"]
    assert "8 Lampblack Row" in text_of(after[changed[0]])


@pytest.mark.long
def test_a_letter_is_not_taken_over_when_a_picture_on_its_sheet_has_changed(printed: Project, tmp_path: Path) -> None:
    later = Project.copy(printed, tmp_path / "portal")
    shutil.copyfile(later.root / "content/images/quay.png", later.root / "content/images/signe.png")
    later.publish(PORTAL_PDF="yes")
    before, after = everything(printed), everything(later)
    changed = {path for path in before if path.endswith("midwinter.pdf") and before[path] != after[path]}
    assert changed == {"L-104/letters/midwinter.pdf", "L-105/letters/midwinter.pdf"}


@pytest.mark.long
def test_publishing_without_pdfs_leaves_no_link_to_one(printed: Project, tmp_path: Path) -> None:
    plain = Project.copy(printed, tmp_path / "portal")
    plain.publish(PORTAL_PDF="no")
    found = everything(plain)
    assert not [path for path, data in found.items() if b"midwinter.pdf" in data or path.endswith("midwinter.pdf")]


def test_without_pango_there_are_no_pdfs_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pango.pango_version()
    monkeypatch.setattr(pango, "NAMES", ("libpango-of-nowhere.so",))
    assert pango.pango_version() == ""


@pytest.mark.long
def test_a_run_holds_the_letters_of_those_who_agreed_and_lists_the_others(run: Path) -> None:
    rows = list(csv.DictReader((run / "run.csv").open(encoding="utf-8")))
    assert [(row["member"], row["kind"], row["country"], row["postcode"]) for row in rows] == [
        ("SEED-1", "seed", "IE", ""),
        ("L-105", "letter", "NO", "5005"),
    ]
    left_out = list(csv.reader((run / "left-out.csv").open(encoding="utf-8")))
    assert left_out == [["member", "reason"], ["L-104", "no consent for post"]]


NO_FONT_HAS = "\ue999"  # a character for private use


def test_a_member_without_a_font_is_left_out_and_a_text_without_one_is_an_error(
    printed: Project, tmp_path: Path
) -> None:
    project = Project.copy(printed, tmp_path / "portal")
    project.edit("members/members.yaml", "7 Lampblack Row", f"7 Lampblack Row {NO_FONT_HAS}")
    issue = "content/newsletters/midwinter.md"
    named = f"`{NO_FONT_HAS}` (U+E999)"
    left_out = f"{issue}: left out: no letter on paper for member L-105: no font: {named} in the address\n"
    checked = project.portal("check", "--date", DAY, PORTAL_PDF="yes")
    assert (checked.code, checked.err) == (0, left_out)
    project.edit(issue, "the herring is back", f"the herring {NO_FONT_HAS} is back")
    for command in ("check", "publish"):
        refused = project.portal(command, "--date", DAY, PORTAL_PDF="yes")
        assert refused.code == 3
        wrong = f"{issue}:14:32: no font on this machine can print {named}, expected another character"
        assert refused.err.startswith(wrong)


@pytest.mark.long
def test_a_greeting_that_is_too_long_is_an_error_with_its_line(printed: Project, tmp_path: Path) -> None:
    project = Project.copy(printed, tmp_path / "portal")
    issue = "content/newsletters/midwinter.md"
    project.edit(issue, "  The lamps are full.\n", f"  {'The lamps are full. ' * 150}\n")
    for command in ("check", "publish"):
        refused = project.portal(command, "--date", DAY, PORTAL_PDF="yes")
        assert refused.code == 3
        assert refused.err.startswith(f"{issue}:8:1: edition ")
        assert "one side of a letter's sheet takes more than its page" in refused.err
        assert "expected texts that fit, such as a shorter `Greeting:`" in refused.err


@pytest.mark.long
def test_a_run_is_private_and_never_in_a_release(run: Path, printed: Project) -> None:
    assert stat.S_IMODE(run.stat().st_mode) == 0o700
    assert {path.name for path in run.iterdir()} == {
        *("run.pdf", "proofs.pdf", "run.csv", "left-out.csv", "summary.pdf", "summary.txt"),
    }
    assert not [path for path in printed.release.rglob("*") if "run" in path.name or "summary" in path.name]


@pytest.mark.long
def test_a_run_has_even_letters_in_black_and_inks(run: Path) -> None:
    rows = list(csv.DictReader((run / "run.csv").open(encoding="utf-8")))
    with pikepdf.open(run / "run.pdf") as pdf:
        assert len(pdf.pages) == int(rows[-1]["last"])
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFX"
    assert all(int(row["pages"]) % 2 == 0 for row in rows)
    letter = text_of((run / "run.pdf").read_bytes())
    assert "Dear Aurelie," in letter


@pytest.mark.long
def test_the_same_run_made_again_is_the_same_bytes(run: Path, printed: Project, tmp_path: Path) -> None:
    again = Project.copy(printed, tmp_path / "elsewhere" / "portal")
    forget_pdfs(again)
    made = again.portal("print", "midwinter", "--date", DAY, PORTAL_PDF="yes", TZ="Asia/Tokyo")
    assert made.code == 0, made.text
    for file in ("run.pdf", "proofs.pdf", "run.csv", "left-out.csv", "summary.txt"):
        assert (again.root / ".build/print/midwinter" / file).read_bytes() == (run / file).read_bytes()


def test_nobody_to_write_to_is_an_error_that_says_why(printed: Project, tmp_path: Path) -> None:
    project = Project.copy(printed, tmp_path / "portal")
    project.edit("members/members.yaml", PLACES, "")
    made = project.portal("print", "midwinter", "--date", DAY)
    assert made.code == 1
    assert "nobody gets midwinter by post: L-104: no consent" in made.err
    assert not (project.root / ".build/print/midwinter").exists() or "Traceback" not in made.err


def test_letters_state_no_figures_of_a_day_to_come(printed: Project) -> None:
    made = printed.portal("print", "midwinter", "--date", "2026-11-10")
    assert made.code == 1
    assert "figures of 2026-11-15, which is to come: set `Figures: 2026-11-10`" in made.err


def test_letters_lead_to_where_one_can_sign_in(printed: Project) -> None:
    made = printed.portal("print", "midwinter", "--date", DAY, PORTAL_SITEURL="http://localhost:8000/x")
    assert (made.code, "without https" in made.err, "Nothing was printed." in made.err) == (1, True, True)


def test_a_draft_is_not_printed(printed: Project, tmp_path: Path) -> None:
    project = Project.copy(printed, tmp_path / "portal")
    project.edit("content/newsletters/midwinter.md", "Number: 2", "Number: 2\nStatus: draft")
    made = project.portal("print", "midwinter", "--date", DAY)
    assert (made.code, "midwinter is a draft" in made.err) == (1, True)


@pytest.mark.long
def test_an_issue_that_paper_can_not_show_is_neither_printed_nor_written_as_a_letter(
    printed: Project, tmp_path: Path
) -> None:
    project = Project.copy(printed, tmp_path / "portal")
    project.edit("content/newsletters/midwinter.md", "the herring is back", "the herring \ue999 is back")
    for command in (("print", "midwinter"), ("letter", "L-104", "--issue", "midwinter")):
        made = project.portal(*command, "--date", DAY)
        assert made.code == 3
        assert re.search(r"midwinter.md:\d+:\d+: no font on this machine can print", made.err)


def test_an_unknown_issue_or_member_is_an_error_that_says_what_there_is(printed: Project) -> None:
    issue = printed.portal("print", "summer", "--date", DAY)
    assert (issue.code, "expected one of letter-one, midwinter" in issue.err) == (1, True)
    member = printed.portal("letter", "L-999", "--date", DAY)
    assert (member.code, "no member has the id 'L-999'" in member.err) == (1, True)


@pytest.mark.long
def test_any_members_letter_can_be_looked_at(printed: Project) -> None:
    made = printed.portal("letter", "L-102", "--date", DAY)
    assert made.code == 0, made.text
    file = printed.root / made.out.strip()
    assert file.name == "L-102-midwinter.pdf"
    assert "Dear Ms Obiakor," in text_of(file.read_bytes())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    quick_first(
        [
            ('"window": "DIN 5008 B"', '"window": "DIN 5008 C"', "did you mean `DIN 5008 B`?"),
            ('"grammage": 100', '"gramage": 100', "did you mean `grammage`?"),
            ('"grammage": 100', '"grammage": "heavy"', "grammage 'heavy', expected a number from 40 to 400"),
            ('"grammage": 100', '"grammage": -5', "grammage -5, expected"),
            ('"country": "IE"', '"country": "Ireland"', "country 'Ireland', expected two capital letters"),
            ('"profile": ""', '"profile": "nowhere.icc"', "nowhere.icc"),
            ('"name": "The Post Table", ', "", 'expected {"name": "…", "address": ["a line", "…"]}'),
            ('"The Ropewalk", "Inverskea",', '"1", "2", "3", "4", "5",', "has too many lines, expected 6"),
        ],
        2,
    ),
)
def test_settings_of_printing_that_are_wrong_are_named(
    printed: Project, tmp_path: Path, old: str, new: str, said: str
) -> None:
    project = Project.copy(printed, tmp_path / "portal")
    project.edit("pelicanconf.py", old, new)
    made = project.portal("print", "midwinter", "--date", DAY)
    assert made.code == 1
    assert said in made.err
    assert "Traceback" not in made.err


@pytest.mark.long
@pytest.mark.parametrize("signed", [False, True])
def test_a_release_that_a_member_forged_is_used_for_nothing(printed: Project, tmp_path: Path, signed: bool) -> None:
    project = Project.copy(printed, tmp_path / "portal")
    forger = Forger(project.release, project.code("L-102"))
    real = forger.opened.read(PATH)
    forged = real + b"\n% pay to another account\n"
    assert inputs_key(forged) == inputs_key(real)
    forger.manifest({PATH: forger.blob(bytes(range(32)), PATH, forged)})
    if signed:
        forger.digests()
    sealed = files_of(project.release)

    if signed:  # the release states the forger's public key
        refused = project.portal("publish", PORTAL_PDF="yes")
        assert (refused.code, "is not the site secret of output" in refused.err) == (1, True)
    publish = ("publish", "--new-secret") if signed else ("publish",)
    nobody = project.portal(*publish, PORTAL_PDF="yes", PORTAL_EXECUTOR="nowhere")
    assert (nobody.code, "nowhere" in nobody.err) == (1, True)  # PDFs are laid out anew
    assert project.portal(*publish, PORTAL_PDF="yes").code == 0

    assert forged not in everything(project).values()
    assert everything(project) == everything(printed)
    kept = {path for path, data in files_of(project.release).items() if sealed.get(path) == data}
    assert not [path for path in kept if path.startswith("_/")]
    verify_release(project.release, Secret(bytes.fromhex(project.secret)).public_key)
