"""A whole publish of content with a broken draft, a subfolder, and names in both forms of Unicode."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.project import Project

RAIN = """\
---
Title: Rain
Summary: It rained on all of us.
Audience: public
Publish: 2026-10-01
Image: images/caf\u00e9.svg
Image alt: A cup
---
![A cup](../../images/caf\u00e9.svg) [A cup](../../images/caf\u00e9.svg)
"""
DRAFT = "---\nTitle: 'Not yet\nStatus: draft\n---\n![](../images/none.jpg) <script>x</script>\n"


@pytest.mark.long
def test_a_broken_draft_stops_nothing_and_names_match(harbour: Project, tmp_path: Path) -> None:
    project = Project.copy(harbour, tmp_path / "portal", tree=True)
    content = project.root / "content"
    (content / "reports/2026").mkdir(parents=True)
    (content / "reports/2026/rain.md").write_text(RAIN, "utf-8")
    (content / "reports/later.md").write_text(DRAFT, "utf-8")
    (content / "reports/._rain.md").write_bytes(b"\0\5\x16\7")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
    (content / "images").mkdir(exist_ok=True)
    (content / "images/cafe\u0301.svg").write_text(drawing, "utf-8")
    run = project.publish()
    assert run.code == 0, run.err
    assert "content/reports/later.md:2:8: warning: a quote isn't closed" in run.err
    assert "Warnings: 4" in run.out
    public = project.root / ".build/tree/public"
    assert (public / "images/cafe\u0301.svg").read_text("utf-8") == drawing
    page = (public / "reports/rain/index.html").read_text("utf-8")
    assert page.count("images/cafe%CC%81.svg") == 3
    assert "caf%C3%A9" not in page
