"""Slots of many members, from batches: the same bytes as in one process, and the same errors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from pelican import Pelican

from members_portal.portal.inputs import load_inputs
from members_portal.portal.personal import slot_batches
from members_portal.portal.personal.slot_batch import SLOT_PACKAGES
from members_portal.portal.personal.slot_table import PIECES, SLOT_PLACES
from members_portal.workers.spread import Spread
from tests.bench.people import ON, write_members
from tests.long_cases import quick_first
from tests.portal.small_portal import BARE_THEME, OFFER, PROJECT, SITE_SETTINGS, settings_of, text, write
from tests.workers.dask_cluster import DaskCluster, dask_cluster
from tests.workers.same_process import SameProcess

COUNT = 7
CONTENT = {
    "offers/cup.md": text("A cup", "members", OFFER + "Coupon: yes\nPoints: 50\nInterests: filter"),
    "offers/bag.md": text("A bag", "members", OFFER + "Limit: 2\nInterests: espresso"),
    "newsletters/winter.md": text("Winter", "members", "Number: 1", publish="2026-11-10"),
}
HOLDERS = {"winter": frozenset({"B-0000002", "B-0000003"})}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Write a site with the sample's programme, made-up members, and the project's slots in a small theme."""
    for folder in ("slots", "blocks"):
        shutil.copytree(PROJECT / "theme/templates" / folder, tmp_path / "theme/templates" / folder)
    write(tmp_path / "theme", {path: template for path, template in BARE_THEME.items() if "/slots/" not in path})
    write(tmp_path / "content", CONTENT)
    write_members(tmp_path / "members", COUNT)
    programme = tmp_path / "members" / "programme.yaml"
    lines = programme.read_text("utf-8").splitlines(keepends=True)
    programme.write_text("".join(line for line in lines if "photo:" not in line), "utf-8")
    return tmp_path


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers for any number of members, with two in a batch."""
    monkeypatch.setattr(slot_batches, "FEWEST_MEMBERS", 1)
    monkeypatch.setattr(slot_batches, "MEMBERS_PER_BATCH", 2)


def slots(site: Path, spread: Spread | None, **settings: Any) -> list[bytes]:
    """Render the site; return the slot table."""
    inputs = load_inputs(site / "content", site / "members", ON, SITE_SETTINGS, today=ON)
    given = {"PORTAL_INPUTS": inputs, "THEME": str(site / "theme"), "PORTAL_LETTERS": HOLDERS}
    given |= {"PORTAL_COUPONS": lambda slug, member: (f"{slug}-{member}",), "PORTAL_SPREAD": spread}
    shutil.rmtree(site / "tree", ignore_errors=True)
    Pelican(settings_of(site, **(given | settings))).run()
    return [(site / "tree" / name).read_bytes() for name in (SLOT_PLACES, PIECES)]


def test_batches_make_the_bytes_of_one_process(site: Path, small_batches: None) -> None:
    workers = SameProcess()
    assert slots(site, workers) == slots(site, None)
    assert len(workers.batches) == -(-COUNT // 2)


@pytest.mark.long
def test_a_batch_has_the_coupon_codes_of_its_own_members(site: Path, small_batches: None) -> None:
    workers = SameProcess()
    slots(site, workers)
    assert b"cup-B-0000001" in workers.batches[0]
    assert b"B-0000003" not in workers.batches[0].partition(b"make_batch")[2].replace(b"winter", b"")


@pytest.mark.long
def test_a_member_with_many_lines_fills_a_batch(
    site: Path, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slot_batches, "LEDGER_LINES_PER_BATCH", 5)
    workers = SameProcess()
    assert slots(site, workers) == slots(site, None)
    assert len(workers.batches) == COUNT


@pytest.mark.parametrize("spread", quick_first([None, SameProcess()], 1), ids=["one process", "batches"])
def test_an_error_of_a_template_has_its_place(site: Path, small_batches: None, spread: Spread | None) -> None:
    (site / "theme/templates/slots/greeting.html").write_text("\nGood {{ evening }}\n")
    with pytest.raises(UndefinedError, match="'evening' is undefined") as caught:
        slots(site, spread)
    assert ("greeting.html", 2) in [(Path(entry.path).name, entry.lineno + 1) for entry in caught.traceback]


@pytest.mark.long
@pytest.mark.parametrize(
    "settings",
    [
        {"JINJA_FILTERS": {"upper": str.lower}},
        {"JINJA_GLOBALS": {"club": "Lantern"}},
        {"JINJA_TESTS": {"new": bool}},
    ],
    ids=["filter", "global", "test"],
)
def test_slots_of_a_site_with_filters_of_its_own_are_made_in_one_process(
    site: Path, small_batches: None, settings: dict[str, Any]
) -> None:
    workers = SameProcess()
    slots(site, workers, **settings)
    assert workers.batches == []


@pytest.mark.long
def test_processes_make_the_bytes_of_one_process(site: Path, small_batches: None) -> None:
    with Spread() as workers:
        assert slots(site, workers) == slots(site, None)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Start a cluster of two workers on this machine."""
    with dask_cluster(tmp_path_factory.mktemp("dask")) as started:
        started.fill(2)
        yield started


@pytest.mark.long
def test_a_cluster_makes_the_bytes_of_one_process(site: Path, small_batches: None, machines: DaskCluster) -> None:
    with Spread(machines.address, SLOT_PACKAGES) as workers:
        assert slots(site, workers) == slots(site, None)
