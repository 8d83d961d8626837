"""Concurrent publishes: one succeeds, the others are locked out, and no release is a mixture."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from members_portal.seal import Secret, verify_release
from tests.publish.kept_work import LEDGER, contents_from_nothing
from tests.publish.killed_publish import whole_contents
from tests.publish.project import DAY, Project, Run, everything, lay_in_fonts, litter, noon
from tests.publish.running_preview import Preview, wait_for

WORD = re.compile(r"round \d+")


def write(project: Project, number: int) -> None:
    """Write the number of the round into a page."""
    file = project.root / "content" / "offers" / "wick-voucher.md"
    text = file.read_text("utf-8")
    if not WORD.search(text):
        text = text.replace("Sisters of the Slipway", "Sisters of the Slipway, round 0")
    file.write_text(WORD.sub(f"round {number}", text), "utf-8")


def race(project: Project, publishers: int, number: int) -> Counter[str]:
    """Start publishes of one edit at the same time; return the number of each result."""
    write(project, number)
    ends = Counter(map(how_it_ended, project.together([("publish",)] * publishers)))
    assert ends["published"] == 1, ends
    verify_release(project.release, Secret(bytes.fromhex(project.secret)).public_key)
    page = everything(project)["L-101/offers/wick-voucher/index.html"]
    assert f"round {number}".encode() in page
    project.publish()
    assert litter(project) == []
    return ends


def how_it_ended(run: Run) -> str:
    if run.code == 5:
        assert "another publish is running" in run.err
        assert "7 flip" not in run.out
        return "locked"
    assert run.code == 0, run.text
    return "unchanged" if "Nothing changed" in run.out else "published"


# All are long: tests/publish/command/test_cli.py has a quick test of the lock.


@pytest.mark.long
def test_one_publishes_and_the_others_end_with_5(project: Project) -> None:
    ends: Counter[str] = Counter()
    for number, publishers in enumerate((2, 8, 3), 1):
        ends += race(project, publishers, number)
    print(f"rounds=3 {dict(ends)}")
    assert ends["locked"] > 0


@pytest.mark.long
def test_publishes_and_checks_share_the_work_record(harbour: Project, cut_fonts: Path, tmp_path: Path) -> None:
    project = Project.copy(harbour, tmp_path / "portal", tree=True)
    (project.root / "members/ledger.csv").write_text(LEDGER, "utf-8")
    commands = [("check",), ("publish",), ("publish",), ("check",)]
    ends: Counter[str] = Counter()
    for number in range(10):
        with (project.root / "members/ledger.csv").open("a", encoding="utf-8") as ledger:
            ledger.write(f"2026-11-{number + 4:02},L-10{number % 6 + 1},purchase,{number}0.00\n")
        write(project, number)
        first, *publishes, last = project.together(commands)
        assert (first.code, last.code) == (0, 0), (first, last)
        ends += Counter(map(how_it_ended, publishes))
    project.publish()
    print(f"rounds=10 {dict(ends)}")
    assert ends["published"] == 10
    assert everything(project) == contents_from_nothing(project, cut_fonts, tmp_path / "nothing")


@pytest.mark.long
def test_a_publish_and_a_preview_beside_each_other(harbour: Project, cut_fonts: Path, tmp_path: Path) -> None:
    project = Project.copy(harbour, tmp_path / "portal", tree=True)
    lay_in_fonts(cut_fonts, project.root / ".build" / "preview")
    write(project, 0)
    preview = Preview(project)
    try:
        for number in range(1, 6):
            write(project, number)  # the preview sees it at the same time
            assert how_it_ended(project.portal("publish", PORTAL_NOW=noon(DAY))) == "published"
            whole_contents(project)
            word = f"round {number}".encode()
            wait_for(lambda word=word: word in voucher(project, preview.release()), preview)  # type: ignore[misc]
            verify_release(preview.release(), Secret(bytes.fromhex(project.secret)).public_key)
    finally:
        preview.kill()
    assert everything(project) == contents_from_nothing(project, cut_fonts, tmp_path / "nothing")


def voucher(project: Project, release: Path) -> bytes:
    """Return the page of the voucher, as a member reads it; an empty one while the release is replaced."""
    try:
        return project.open("L-101", release).read("offers/wick-voucher/")
    except (OSError, KeyError):
        return b""


@pytest.mark.long
def test_fifty_rounds(project: Project) -> None:
    ends: Counter[str] = Counter()
    for number in range(1, 51):
        ends += race(project, 2 + number % 7, number)
    print(f"rounds=30 {dict(ends)}")
    assert ends["published"] == 50
    assert ends["locked"] > 50
