"""Concurrent publishes: one succeeds, the others are locked out, and no release is a mixture."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from members_portal.seal import Secret, verify_release
from tests.publish.project import Project, Run, everything, litter

WORD = re.compile(r"round \d+")


def race(project: Project, publishers: int, number: int) -> Counter[str]:
    """Start publishes of one edit at the same time; return the number of each result."""
    file = project.root / "content" / "offers" / "wick-voucher.md"
    file.write_text(WORD.sub(f"round {number}", file.read_text("utf-8")), "utf-8")
    ends = Counter(map(how_it_ended, project.together(publishers, "publish")))
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


@pytest.fixture
def numbered(project: Project) -> Project:
    project.edit("content/offers/wick-voucher.md", "Sisters of the Slipway", "Sisters of the Slipway, round 0")
    return project


def test_one_publishes_and_the_others_end_with_5(numbered: Project) -> None:
    ends: Counter[str] = Counter()
    for number, publishers in enumerate((2, 8, 3), 1):
        ends += race(numbered, publishers, number)
    print(f"rounds=3 {dict(ends)}")
    assert ends["locked"] > 0


@pytest.mark.long
def test_fifty_rounds(numbered: Project) -> None:
    ends: Counter[str] = Counter()
    for number in range(1, 51):
        ends += race(numbered, 2 + number % 7, number)
    print(f"rounds=30 {dict(ends)}")
    assert ends["published"] == 50
    assert ends["locked"] > 50
