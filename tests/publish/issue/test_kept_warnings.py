"""Warnings of an issue on paper: they stay, also when its PDFs are those of the release in force."""

from __future__ import annotations

import pytest

from tests.publish.project import Project

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
