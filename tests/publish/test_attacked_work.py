"""Attacks on kept results: the next publish makes what a publish from nothing makes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from members_portal.publish.context import make_context
from members_portal.publish.reuse.work_pack import unpack_work
from members_portal.publish.reuse.work_place import RECORD_FILE
from members_portal.seal import Secret
from tests.publish.kept_work import PACK, contents_from_nothing, published_twice
from tests.publish.project import DAY, SECRET, Project, everything, litter

pytestmark = pytest.mark.long

REPORT = "content/reports/oil-ledger.md"
RAISED = ("Audience: members", "Audience: copper")


WORK = ("cache", "tree", "state")


@dataclass(frozen=True)
class Site:
    """A published project with an unpublished edit, and what a publish from nothing makes of it.

    `earlier` is its state before a report became a secret for most members. `other` has another site secret.
    """

    edited: Project
    earlier: Project
    other: Project
    expected: dict[str, bytes]


@pytest.fixture(scope="module")
def site(harbour: Project, cut_fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("attacked")
    earlier = published_twice(harbour, folder / "earlier")
    edited = Project.copy(earlier, folder / "edited", tree=True)
    edited.edit(REPORT, *RAISED)
    edited.publish(**PACK)
    edited.edit("content/offers/wick-voucher.md", "braided by the Sisters", "woven by the Sisters")
    other = Project.copy(edited, folder / "other", tree=True)
    other.secret = SECRET[::-1]
    assert other.portal("publish", "--new-secret").code == 0
    return Site(edited, earlier, other, contents_from_nothing(edited, cut_fonts, folder / "nothing"))


def build(project: Project) -> Path:
    return project.root / ".build"


def record(project: Project) -> Path:
    return build(project) / "cache" / RECORD_FILE


def replaced(file: Path, data: bytes) -> None:
    """Write a file anew, with its times."""
    times = file.stat()
    file.unlink()
    file.write_bytes(data)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    file.chmod(times.st_mode & 0o777)


def flipped(data: bytes) -> bytes:
    """Change one bit in the middle; the size stays."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :] if data else data


def rotate_files(files: Iterable[Path]) -> None:
    """Give each file the bytes of the next one."""
    paths = sorted(files)
    contents = [path.read_bytes() for path in paths]
    assert len(set(contents)) > 1
    for path, data in zip(paths, [*contents[1:], contents[0]], strict=True):
        replaced(path, data)


# The record


def swap_entries(project: Project, _: Site) -> None:
    """Give each entry the data of another one of its kind, such as the parts of another member."""
    exchange_data(project, "kind, digest")


def swap_kinds(project: Project, _: Site) -> None:
    """Give each entry the data of an entry of another kind."""
    exchange_data(project, "digest, kind")


def exchange_data(project: Project, order: str) -> None:
    with closing(sqlite3.connect(record(project), isolation_level=None)) as table:
        rows = table.execute(f"SELECT kind, digest, data FROM entry ORDER BY {order}").fetchall()
        assert len(rows) > 50
        for (kind, digest, _), (_, _, data) in zip(rows, [*rows[1:], rows[0]], strict=True):
            table.execute("UPDATE entry SET data = ? WHERE kind = ? AND digest = ?", (data, kind, digest))


def roll_back_the_record(project: Project, site: Site) -> None:
    shutil.copyfile(record(site.earlier), record(project))


def mix_with_an_older_record(project: Project, site: Site) -> None:
    """Add the entries of an older record; of entries in both, every other one is the older one."""
    with closing(sqlite3.connect(record(project), isolation_level=None)) as table:
        table.execute("ATTACH ? AS older", (str(record(site.earlier)),))
        table.execute("INSERT OR IGNORE INTO entry SELECT * FROM older.entry")
        table.execute("REPLACE INTO entry SELECT * FROM older.entry WHERE unicode(hex(digest)) % 2 = 0")


def take_another_sites_record(project: Project, site: Site) -> None:
    shutil.copyfile(record(site.other), record(project))


def cut_the_record(project: Project, _: Site) -> None:
    data = record(project).read_bytes()
    record(project).write_bytes(data[: len(data) // 2])


def flip_the_record(project: Project, _: Site) -> None:
    data = bytearray(record(project).read_bytes())
    for at in range(5000, len(data), 997):
        data[at] ^= 1
    record(project).write_bytes(data)


# The rendered tree


def change_the_tree(project: Project, _: Site) -> None:
    for path in (build(project) / "tree").rglob("*"):
        if path.is_file():
            replaced(path, flipped(path.read_bytes()))


def swap_files_of_editions(project: Project, _: Site) -> None:
    """Give members the report that only copper members may read, in the place of a page of theirs."""
    editions = build(project) / "tree/editions"
    secret = (editions / "copper/reports/oil-ledger/index.html").read_bytes()
    for edition in ("member", "pewter", "brass"):
        replaced(editions / edition / "offers/index.html", secret)
        (planted := editions / edition / "reports/oil-ledger/index.html").parent.mkdir(parents=True, exist_ok=True)
        planted.write_bytes(secret)


def swap_parts_of_members(project: Project, _: Site) -> None:
    slots = build(project) / "tree/slots.tsv"
    lines = [line.split("\t", 1) for line in slots.read_text("utf-8").splitlines(keepends=True)]
    parts = [part for _, part in lines]
    assert len(set(parts)) == len(lines)
    text = "".join(f"{name}\t{part}" for (name, _), part in zip(lines, parts[1:] + parts[:1], strict=True))
    replaced(slots, text.encode())


def roll_back_the_tree(project: Project, site: Site) -> None:
    shutil.rmtree(build(project) / "tree")
    shutil.copytree(build(site.earlier) / "tree", build(project) / "tree")


def roll_back_all_work(project: Project, site: Site) -> None:
    """Replace the caches, the tree and the fingerprints by those before the report became a secret."""
    for name in WORK:
        shutil.rmtree(build(project) / name)
        shutil.copytree(build(site.earlier) / name, build(project) / name)


# The release in force, and the caches of pictures and fonts


def change_sealed_files(project: Project, _: Site) -> None:
    for path in sorted((project.release / "_").rglob("*")):
        if path.is_file():
            replaced(path, flipped(path.read_bytes()))


def swap_sealed_files(project: Project, _: Site) -> None:
    rotate_files(path for path in (project.release / "_/b").rglob("*") if path.is_file())


def swap_records_of_members(project: Project, _: Site) -> None:
    for path in (project.release / "_/r").rglob("*"):
        if path.is_file():
            replaced(path, flipped(path.read_bytes()))


def change_pictures_and_fonts(project: Project, _: Site) -> None:
    found = [path for name in ("pictures", "fonts") for path in (build(project) / "cache" / name).iterdir()]
    assert len(found) > 6
    for path in found:
        replaced(path, flipped(path.read_bytes()))


def swap_pictures_and_fonts(project: Project, _: Site) -> None:
    for name in ("pictures", "fonts"):
        rotate_files((build(project) / "cache" / name).iterdir())


Attack = Callable[[Project, Site], None]
ATTACKS: tuple[Attack, ...] = (
    *(swap_entries, swap_kinds, roll_back_the_record, mix_with_an_older_record, take_another_sites_record),
    *(cut_the_record, flip_the_record),
    *(change_the_tree, swap_files_of_editions, swap_parts_of_members, roll_back_the_tree, roll_back_all_work),
    *(change_sealed_files, swap_sealed_files, swap_records_of_members),
    *(change_pictures_and_fonts, swap_pictures_and_fonts),
)


def check_publish(project: Project, site: Site, attack: Attack) -> None:
    """Attack, publish, and compare what readers can read with a publish from nothing."""
    attack(project, site)
    run = project.portal("publish")
    assert run.code == 0, run.text
    assert "Traceback" not in run.text
    assert everything(project) == site.expected
    assert litter(project) == []
    assert "Nothing changed" in project.publish().out


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_kept_results_changes_no_page(attack: Attack, site: Site, tmp_path: Path) -> None:
    check_publish(Project.copy(site.edited, tmp_path / "portal", tree=True), site, attack)


def test_the_report_is_a_secret_in_the_expected_contents(site: Site) -> None:
    readers = {path.partition("/")[0] for path, data in site.expected.items() if b"by the barrel" in data}
    assert readers == {"L-105", "L-106"}
    assert {path.partition("/")[0] for path in everything(site.earlier) if "oil-ledger" in path} > readers


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if "tree" not in attack.__name__])
def test_an_attack_on_an_unpacked_work_pack_changes_no_page(attack: Attack, site: Site, tmp_path: Path) -> None:
    project = Project.copy(site.edited, tmp_path / "portal")
    for name in ("state", "cache"):
        shutil.rmtree(build(project) / name)
    context = make_context(PACK, root=project.root, on=None, today=date.fromisoformat(DAY), now=0)
    assert context.work_pack
    assert unpack_work(context, Secret(bytes.fromhex(SECRET)), context.work_pack, project.release) == ""
    assert record(project).is_file()
    if attack in (swap_files_of_editions, swap_parts_of_members, roll_back_all_work):
        shutil.copytree(build(site.edited) / "tree", build(project) / "tree")
    check_publish(project, site, attack)
