"""Promise against delivery, per quarter."""

from __future__ import annotations

from pathlib import Path

from members_portal.portal.desk.promise_gap import promise_gap
from tests.portal.small_portal import edition_of, text

TOLD = """Measure: Share
Target: 98 % in every quarter
Results:
  - {Period: 2026 Q1, Value: "98.6 %", Kept: true}
  - {Period: 2026 Q2, Value: "94,3 %", Kept: false}
"""
LATE = """Measure: Days
Target: at most 2 days
Results:
  - {Period: 2026 Q2, Value: 3 days, Kept: false}
  - {Period: 2026 Q3, Value: 1 day, Kept: true, Told: 2027-01-01}
"""


def test_each_quarter_has_its_deliveries_beside_the_target(tmp_path: Path) -> None:
    files = {"promise/a.md": text("A", "public", TOLD), "promise/b.md": text("B", "public", LATE)}
    gap = promise_gap(edition_of(tmp_path, files, "staff").items.values())
    assert gap.periods == ("2026 Q1", "2026 Q2")
    assert gap.kept == ((1, 1), (0, 2))
    assert [
        (row.title, row.mark, [each and (each.value, each.height) for each in row.deliveries]) for row in gap.rows
    ] == [
        ("A", 98.0, [("98.6 %", 98.6), ("94,3 %", 94.3)]),
        ("B", None, [None, ("3 days", None)]),
    ]


def test_a_promise_without_results_is_left_out(tmp_path: Path) -> None:
    files = {"promise/a.md": text("A", "public", "Measure: Share\nTarget: 98 %\n")}
    assert promise_gap(edition_of(tmp_path, files, "staff").items.values()).rows == ()
