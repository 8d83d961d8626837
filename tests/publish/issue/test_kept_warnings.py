"""Warnings of an issue on paper: they stay, also when its PDFs are those of the release in force."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.publish.project import Project, lay_in_fonts
from tests.site.sample import copy_sample

PDFS = {"PORTAL_PDF": "yes", "PORTAL_SITEURL": "https://lamp.example"}
TO_AURELIE = """  interests: [oil, glass]
  address: {lines: [5 Netmenders Stair], postcode: "5003", city: Bergen, country: "NO"}
  consent: {post: true}
"""
HEAVY = "no letter on paper for readers of the edition copper: a letter is too heavy"


@pytest.mark.long
def test_a_letter_that_is_too_heavy_is_told_again_while_its_pdfs_are_reused(project: Project) -> None:
    """Heavier paper makes no other PDF."""
    issue, words = project.root / "content/newsletters/letter-one.md", "The herring came, and the lamps were lit. " * 25
    text = issue.read_text("utf-8").replace("---", "---\nLetters: [key-customers]", 1)
    issue.write_text(text + f"\n{words}\n" * 40, "utf-8")
    project.edit("members/members.yaml", "  interests: [oil, glass]\n", TO_AURELIE)
    assert HEAVY not in project.publish(**PDFS).err
    with (project.root / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write('PORTAL_PRINT["grammage"] = 400\n')
    assert HEAVY in project.publish(**PDFS).err
    assert "Warnings: 1; `portal check` lists them" in project.publish(**PDFS).out
    strict = project.portal("publish", "--strict", **PDFS)
    assert (strict.code, HEAVY in strict.err) == (3, True), strict.text


@pytest.mark.long
def test_letters_of_members_with_another_tier_since_are_reused(
    warm: subprocess.Popen[str], cut_fonts: Path, tmp_path: Path
) -> None:
    """Their contents, for two tiers, are in no PDF but the letters."""
    copy_sample(tmp_path / "portal")
    lay_in_fonts(cut_fonts, tmp_path / "portal/.build")
    sample, later = Project(tmp_path / "portal", warm), {**PDFS, "PORTAL_NOW": "2027-06-01T12:00+00:00"}
    ledger, visit = sample.root / "members/ledger.csv", sample.root / "content/pages/how-it-works.md"
    ledger.write_text(ledger.read_text("utf-8") + "2026-11-25,M-1025,purchase,90000.00,,,SH-26-1,filter,\n", "utf-8")
    first = sample.portal("publish", "--date", "2027-06-01", **later)
    assert (first.code, "(6 letters)" in first.out) == (0, True), first.text
    visit.write_text(visit.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    second = sample.portal("publish", "--date", "2027-06-01", **later)
    assert (second.code, "(6 letters)" in second.out) == (0, True), second.text
