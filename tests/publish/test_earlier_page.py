"""The page of earlier years in a release: sealed for one member, and checked by the gate."""

from __future__ import annotations

from datetime import date

import pytest

from members_portal.publish.pelican_run import slot_nonce
from members_portal.seal import Secret
from tests.publish.project import DAY, SECRET, Project

PROGRAMME = "\nearning:\n  - {kind: purchase, points: 1, per: 1.00, name: Sparks}\n"
LEDGER = """\
date,member,kind,amount,currency,points,reference,tags,note
2023-05-04,L-101,purchase,12.34,,,W-OLD,,
2026-11-17,L-101,purchase,56.78,,,W-NEW,,
2026-11-17,L-102,purchase,90.12,,,W-HERS,,
"""
PAGE = "account/earlier/"
FILE = f"slots/earlier-{slot_nonce(Secret(bytes.fromhex(SECRET)))}.html"


def club(project: Project) -> Project:
    """Give two members ledger lines, one of them an early one."""
    programme = project.root / "members/programme.yaml"
    programme.write_text(programme.read_text("utf-8") + PROGRAMME, "utf-8")
    (project.root / "members/ledger.csv").write_text(LEDGER, "utf-8")
    return project


def test_a_member_reads_earlier_years_on_their_page_and_nobody_else_does(project: Project) -> None:
    club(project).publish()
    on = date.fromisoformat(DAY)
    member, other = project.open("L-101"), project.open("L-102")
    statement, earlier = member.page("account/", on), member.page(PAGE, on)
    assert ("W-NEW" in statement, "W-OLD" in statement) == (True, False)
    assert ("W-NEW" in earlier, "W-OLD" in earlier) == (False, True)
    assert f'{PAGE}">Earlier years</a>' in statement
    assert FILE in member.record["files"]
    assert FILE not in other.record["files"]
    assert "Earlier years</a>" not in other.page("account/", on)
    assert "Nothing happened before" in other.page(PAGE, on)


@pytest.mark.long
def test_the_gate_stops_lines_that_are_another_members(project: Project) -> None:
    club(project)
    template = project.own("theme") / "templates/slots/earlier.html"
    template.write_text(template.read_text("utf-8") + "<p>See L-102.</p>", "utf-8")
    run = project.portal("publish")
    assert run.code == 4, run.text
    assert f"member L-101: {FILE} holds something about member L-102" in " ".join(run.err.split())
