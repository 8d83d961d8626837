"""A project with kept results of earlier publishes, and what a publish from nothing makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.publish.project import Project, everything, lay_in_fonts

PACK = {"PORTAL_WORK_PACK": ".build/work.pack"}
LEDGER = "date,member,kind,amount\n2026-11-02,L-103,purchase,130.00\n2026-11-03,L-101,purchase,12.00\n"


def published_twice(harbour: Project, root: Path) -> Project:
    """Return a project with kept results, a work pack, and two releases more than its first one."""
    project = Project.copy(harbour, root, tree=True)
    (project.root / "members/ledger.csv").write_text(LEDGER, "utf-8")
    project.publish(**PACK)
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish(**PACK)
    return project


def contents_from_nothing(project: Project, fonts: Path, root: Path, **environ: str) -> dict[str, bytes]:
    """Publish a copy of a project without any earlier work but the cut fonts; return what readers can read."""
    fresh = Project.copy(project, root)
    fresh.output.unlink()
    shutil.rmtree(root / ".build")
    lay_in_fonts(fonts, root / ".build")
    fresh.publish(**environ)
    return everything(fresh)
