"""The sample and a small portal on days to come: the sample keeps to its own day, a real portal goes with the clock."""

from __future__ import annotations

import shutil

import pytest

from members_portal.portal.personal.slot_table import read_slots
from tests.publish.project import MEMBERS, ROOT, Project, everything
from tests.site.sample import copy_sample

MOMENTS = {
    "2027-03-01T23:59-10:00": "Pacific/Honolulu",
    "2028-02-29T00:01+13:00": "Pacific/Auckland",
    "2031-06-15T12:00+00:00": "UTC",
}


@pytest.fixture(scope="module")
def sample(warm: object, harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the sample with its settings as they are, the fixed day included."""
    root = tmp_path_factory.mktemp("any-day") / "portal"
    copy_sample(root)
    shutil.copyfile(ROOT / "pelicanconf.py", root / "pelicanconf.py")
    return Project(root, harbour.warm)


def pages(project: Project) -> dict[str, bytes]:
    """Read the rendered tree, in clear."""
    tree = project.root / ".build" / "tree"
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


@pytest.mark.long
def test_the_sample_is_the_same_on_every_day(sample: Project) -> None:
    trees = []
    for moment, zone in MOMENTS.items():
        run = sample.portal("publish", PORTAL_NOW=moment, TZ=zone)
        assert run.code == 0, run.text
        trees.append(pages(sample))
    assert trees[0] == trees[1] == trees[2]
    assert "The Bitter End Club as of 28 November 2026" in trees[0]["public/index.html"].decode()


@pytest.mark.long
@pytest.mark.parametrize(("moment", "zone"), MOMENTS.items())
def test_a_portal_without_a_fixed_day_is_published_on_every_day(project: Project, moment: str, zone: str) -> None:
    run = project.portal("publish", PORTAL_NOW=moment, TZ=zone)
    assert run.code == 0, run.text
    assert b'class="stated-day' not in b"".join(everything(project).values())


@pytest.mark.long
def test_a_stated_day_is_on_every_page_and_no_fragment_is_left_to_the_browsers_clock(project: Project) -> None:
    run = project.portal("publish", "--date", "2026-12-24")
    assert run.code == 0, run.text
    found = pages(project)
    html = {path: data.decode() for path, data in found.items() if path.endswith(".html")}
    assert [path for path, text in html.items() if "The Bitter End Club as of 24 December 2026" not in text] == []
    assert [path for path, text in html.items() if 'data-today="2026-12-24"' not in text] == []
    slots = list(read_slots(project.root / ".build" / "tree").values())
    assert len(slots) == len(MEMBERS)
    assert [text for text in slots if '"from": "' in text or '"until": "' in text] == []


def test_without_a_stated_day_fragments_have_days_and_pages_have_no_line(harbour: Project) -> None:
    slots = harbour.open("L-101").slots
    assert any(part["until"] for parts in slots.values() for part in parts)
    assert b'class="stated-day' not in harbour.open("L-101").read("")
