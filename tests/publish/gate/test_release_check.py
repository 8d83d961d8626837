"""Stage 6 on manipulated releases: each check finds its fault, and a valid release passes."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from weasyprint import HTML

from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.release_check import check_release
from members_portal.publish.publish_error import Leak
from members_portal.publish.validation import validate
from members_portal.seal import Secret, open_edition
from members_portal.seal.format.blobs import blob_path
from members_portal.work_record import WorkRecord
from tests.long_cases import quick_and_long, quick_first
from tests.publish.gate.test_readable_text import packed_objects
from tests.publish.project import DAY, SECRET, Project

BOMBS: dict[str, Callable[[], bytes]] = {
    "bomb.zip": lambda: zlib.compress(bytes(1 << 28), 9),
    "bomb.pdf": lambda: packed_objects(40 << 20),
}
KEY = Secret(bytes.fromhex(SECRET))
Judge = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def judged(harbour: Project) -> tuple[PublishContext, Inputs]:
    day = date.fromisoformat(DAY)
    context = make_context(harbour.environ(), root=harbour.root, on=day, today=day, now=1)
    return context, validate(context, None)


@pytest.fixture
def judge(judged: tuple[PublishContext, Inputs]) -> Judge:
    """Return the gate as a function from a release to its findings."""
    context, inputs = judged

    def findings(release: Path) -> list[str]:
        try:
            check_release(Candidate(release, inputs, KEY, context))
        except Leak as leak:
            return leak.findings
        return []

    return findings


@pytest.fixture
def release(harbour: Project, tmp_path: Path) -> Path:
    return Path(shutil.copytree(harbour.release, tmp_path / "release"))


def first(release: Path, pattern: str) -> Path:
    return sorted(release.glob(pattern))[0]


def blob(release: Path) -> Path:
    """Return a file of the staff edition, not a decoy."""
    opened = open_edition(release, KEY, "staff")
    return release / blob_path(opened.edition_files["index.html"].id)


@pytest.mark.long
def test_a_good_release_passes(release: Path, judge: Judge) -> None:
    assert judge(release) == []


@pytest.fixture(scope="module")
def known(harbour: Project, judged: tuple[PublishContext, Inputs], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the work record of a gate that the release has passed."""
    context, inputs = judged
    work = WorkRecord(file := tmp_path_factory.mktemp("known") / "work.sqlite", KEY.cache_key())
    check_release(Candidate(harbour.release, inputs, KEY, context, work=work))
    work.save()
    return file


def linked(release: Path, folder: Path) -> Path:
    """Copy a release as a publish does: sealed files are linked."""
    return Path(shutil.copytree(release, folder, copy_function=os.link))


def judge_again(release: Path, previous: Path, known: Path, judged: tuple[PublishContext, Inputs]) -> list[str]:
    """Return the findings of a gate that has a record and a verified release."""
    context, inputs = judged
    work = WorkRecord(known, KEY.cache_key())
    try:
        check_release(Candidate(release, inputs, KEY, context, previous=previous, work=work))
    except Leak as leak:
        return leak.findings
    return []


@pytest.mark.long
def test_a_good_release_passes_again(release: Path, known: Path, judged: Any, tmp_path: Path) -> None:
    assert judge_again(linked(release, tmp_path / "next"), release, known, judged) == []


@pytest.mark.parametrize(
    "edit", quick_first(["a blob of other bytes", "a blob less", "an unknown blob", "a text among the blobs"], 1)
)
def test_a_changed_file_is_found_by_a_gate_that_knows_the_release(
    edit: str, release: Path, known: Path, judged: Any, tmp_path: Path
) -> None:
    draft = linked(release, tmp_path / "next")
    for file in draft.glob("_/b/*/*"):  # a link would change the release in force, too
        data = file.read_bytes()
        file.unlink()
        file.write_bytes(data)
    change, what = TAMPERED[edit]
    change(draft)
    assert says(judge_again(draft, release, known, judged), what)


def says(findings: list[str], text: str) -> bool:
    return any(text in finding for finding in findings)


def flip_a_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def grow(file: Path, data: bytes) -> None:
    file.write_bytes(file.read_bytes() + data)


def add_blob(file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(os.urandom(99))


TAMPERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a page more": (lambda r: (r / "extra.html").write_text("x"), "extra.html has no place in a release"),
    "a hidden file more": (lambda r: (r / ".git").write_text("x"), ".git has no place in a release"),
    "a page less": (lambda r: (r / "visit/index.html").unlink(), "visit/index.html is missing from the release"),
    "the shell less": (lambda r: (r / "404.html").unlink(), "404.html is missing from the release"),
    "another page": (lambda r: grow(r / "index.html", b" "), "index.html isn't what was rendered"),
    "a link to a folder": (lambda r: (r / "all").symlink_to("/etc"), "all has no place in a release"),
    "a file among blobs": (lambda r: (r / "_/b/zz").write_text("x"), "_/b/zz has no place in a release"),
    "a blob in another folder": (
        lambda r: shutil.copy(first(r, "_/b/*/*"), r / "_/b" / ("0" * 32)),
        "has no place in a release",
    ),
    "a blob of other bytes": (lambda r: flip_a_bit(blob(r)), "a sealed message does not open"),
    "a blob less": (lambda r: blob(r).unlink(), "is missing from the release"),
    "an unknown blob": (
        lambda r: add_blob(r / "_/b/ab" / ("ab" * 16)),
        f"nobody can open _/b/ab/{'ab' * 16}",
    ),
    "a text among the blobs": (
        lambda r: first(r, "_/b/*/*").write_bytes(b"Members of the club may read this. " * 9),
        "isn't sealed",
    ),
    "an old manifest": (
        lambda r: shutil.copytree(next((r / "_/m").iterdir()), r / "_/m" / ("0" * 32)),
        "does not belong to the release",
    ),
    "swapped manifests": (
        lambda r: [shutil.copy(first(r, "_/m/*/0"), slot) for slot in r.glob("_/m/*/[1-7]")],
        "is not as it was signed",
    ),
    "other cards": (lambda r: first(r, "_/c/*/*").write_bytes(os.urandom(64 * 256)), "can't sign in"),
    "no signature": (lambda r: (r / "release.json.sig").unlink(), "release.json.sig"),
    "another signature": (lambda r: flip_a_bit(r / "release.json.sig"), "signature"),
    "more in release.json": (
        lambda r: (r / "release.json").write_text(json.dumps(json.loads((r / "release.json").read_text()) | {"x": 1})),
        "signature does not fit",
    ),
    "more in portal.json": (
        lambda r: (r / "portal.json").write_text(json.dumps(json.loads((r / "portal.json").read_text()) | {"x": 1})),
        "portal.json is not as it was signed",
    ),
    "no portal.json": (lambda r: (r / "portal.json").unlink(), "portal.json"),
}
QUICK = {"another signature"}


@pytest.mark.parametrize("case", quick_and_long(TAMPERED, QUICK))
def test_tampering_is_found(case: str, release: Path, judge: Judge) -> None:
    tamper, expected = TAMPERED[case]
    tamper(release)
    findings = judge(release)
    assert says(findings, expected), findings


@pytest.mark.long
def test_a_release_of_another_secret_is_refused(release: Path, judged: tuple[PublishContext, Inputs]) -> None:
    context, inputs = judged
    with pytest.raises(Leak, match="signed by another key"):
        check_release(Candidate(release, inputs, Secret(bytes(range(32))), context))


@pytest.mark.long
def test_a_release_of_another_day_is_refused(release: Path, judged: tuple[PublishContext, Inputs]) -> None:
    context, _ = judged
    inputs = validate(make_context({}, root=context.root, on=date(2026, 12, 24), today=context.on, now=1), None)
    with pytest.raises(Leak) as leak:
        check_release(Candidate(release, inputs, KEY, context))
    assert says(leak.value.findings, "edition brass lacks announcements/moonless-regatta/index.html")
    assert says(leak.value.findings, "edition member holds offers/wick-voucher/index.html") is False


@pytest.mark.long
def test_a_long_list_of_findings_is_cut(release: Path, judge: Judge) -> None:
    for number in range(100):
        (release / f"extra-{number:03d}.html").write_text("x")
    findings = judge(release)
    assert len(findings) == 41
    assert findings[-1].startswith("… and ")


def test_many_members_are_sampled_each_edition_among_them(
    judged: tuple[PublishContext, Inputs],
) -> None:
    from members_portal.publish.gate.entitlement import MOST_CARDS, chosen_members

    members = judged[1].members
    crowd = [member.model_copy(update={"id": f"N-{number}"}) for number in range(3000) for member in members[:1]]
    chosen = chosen_members([*crowd, *members])
    assert MOST_CARDS <= len(chosen) <= 2 * MOST_CARDS
    assert {member.edition for member in chosen} == {member.edition for member in members}
    assert chosen_members(members) == members


def test_beyond_the_sample_other_members_are_chosen_by_each_seed(judged: tuple[PublishContext, Inputs]) -> None:
    from members_portal.publish.gate.entitlement import MOST_OTHERS, chosen_members, other_members

    members = judged[1].members
    crowd = [members[0].model_copy(update={"id": f"N-{number}"}) for number in range(3000)]
    first, again, second = (other_members(crowd, seed) for seed in (b"1", b"1", b"2"))
    assert first == again != second
    assert len({member.id for member in first}) == MOST_OTHERS
    assert not {member.id for member in first} & {member.id for member in chosen_members(crowd)}
    assert other_members(members, b"1") == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["bomb.zip", "bomb.pdf"])
def test_a_file_that_cannot_be_searched_is_named_with_the_line_of_its_link(name: str, project: Project) -> None:
    page, reports = project.root / "content/pages/visit.md", sorted((project.root / "content/reports").glob("*.md"))
    file = project.root / "content/files" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(BOMBS[name]())
    line = page.read_text("utf-8").count("\n") + 2
    for text in (page, *reports):
        with text.open("a", encoding="utf-8") as linked:
            linked.write(f"\n[A file](../files/{name})\n")
    run = project.portal("publish")
    said = " ".join(run.err.split())
    assert run.code == 4, run.text
    assert f"files/{name} unpacks to too much data to be searched: publish a simpler file" in said
    assert f"(content/pages/visit.md:{line})" in said or f"(content/reports/{reports[0].name}:" in said


@pytest.mark.long
def test_a_text_for_members_in_an_attached_pdf_is_found(project: Project) -> None:
    """The fonts of such a PDF number their letters: no search of its bytes would find a word."""
    report = project.root / "content/reports/the-drowned-bell.md"
    title = next(line for line in report.read_text("utf-8").splitlines() if line.lower().startswith("title:"))
    words = title.partition(":")[2].strip(" \"'")
    file = project.root / "content/files/notes.pdf"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(HTML(string=f"<p>{words}</p>").write_pdf())
    with (project.root / "content/pages/visit.md").open("a", encoding="utf-8") as page:
        page.write("\n[Notes](../files/notes.pdf)\n")
    run = project.portal("publish")
    assert run.code == 4, run.text
    assert "files/notes.pdf holds" in " ".join(run.err.split())
