"""Items and bodies in the work record: what is found again, and what is read anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.body import Body
from members_portal.portal.content.item_reader import ItemReader
from members_portal.portal.content.kept_item import BODY, ITEM, RECORDS, KeptBodies, decoded, encoded
from members_portal.portal.content.library import Library, read_library
from members_portal.portal.content_check import content_warning
from members_portal.portal.content_check.content_warning import content_warnings
from members_portal.work_record import WorkRecord
from tests.loyalty.small_club import PROGRAMME, programme_of
from tests.portal.small_portal import MARKDOWN, OFFER, PROJECT, text, write

MADE = Body("<p>made</p>", 1, {"a.md": "../a.md"}, ("https://a.example/b.png",))
FILES = {
    "reports/a.md": text("A", "members", "Image: images/a.svg\nImage alt: Waves", "[b](b.md)"),
    "reports/b.md": text("B", "gold", "Embargo: {gold: 2026-11-09}\nStatus: draft"),
    "offers/c.md": text("C", "silver+", OFFER + "Limit: {uses: 2, per: year}"),
    "events/d.md": text("D", "staff", "Starts: 2026-12-01 18:00\nEnds: 2026-12-01 20:00\nPlace: Here"),
    "images/a.svg": "<svg/>",
}


def read(
    folder: Path, record: WorkRecord, base: bytes = b"base", markdown: Mapping[str, Any] = MARKDOWN
) -> tuple[Library, list[Problem]]:
    """Read the content of a folder with a work record."""
    problems: list[Problem] = []
    programme = programme_of(folder / "members", PROGRAMME)
    library = read_library(folder / "content", programme, markdown, record, base=base, problems=problems)
    return library, problems


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the paths of the items that are read."""
    found: list[str] = []
    original = ItemReader.read

    def listed(self: ItemReader, path: str, *rest: Any) -> Any:
        found.append(path)
        return original(self, path, *rest)

    monkeypatch.setattr(ItemReader, "read", listed)
    return found


def test_an_item_is_read_once_and_found_equal(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "content", FILES)
    record = WorkRecord()
    first, _ = read(tmp_path, record)
    assert sorted(reads) == sorted(path for path in FILES if path.endswith(".md"))
    reads.clear()
    again, _ = read(tmp_path, record)
    assert reads == []
    assert again.items == first.items
    assert again.bodies == first.bodies
    assert again.drafts == first.drafts == {"reports/b.md"}
    assert [item.digest for item in again.items.values()] == [item.digest for item in first.items.values()]


def test_only_a_changed_file_is_read_again(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "content", FILES)
    record = WorkRecord()
    before = read(tmp_path, record)[0].items
    reads.clear()
    write(tmp_path / "content", {"reports/b.md": text("B", "gold")})
    after = read(tmp_path, record)[0].items
    assert reads == ["reports/b.md"]
    assert [path for path in after if after[path].digest != before[path].digest] == ["reports/b.md"]


def test_another_programme_or_code_or_markdown_reads_everything(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "content", FILES)
    record = WorkRecord()
    read(tmp_path, record)
    for change in ({"base": b"other"}, {"markdown": {**MARKDOWN, "tab_length": 2}}):
        reads.clear()
        read(tmp_path, record, **change)
        assert len(reads) == 4


def test_an_invalid_file_is_read_at_every_run(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "content", {"reports/a.md": text("A", "glod"), "reports/b.md": text("B", "gold")})
    record = WorkRecord()
    found = [read(tmp_path, record)[1] for _ in range(2)]
    assert reads == ["reports/a.md", "reports/b.md", "reports/a.md"]
    assert found[0] == found[1] != []


def test_an_item_whose_image_is_gone_is_read_again(tmp_path: Path) -> None:
    write(tmp_path / "content", FILES)
    record = WorkRecord()
    assert read(tmp_path, record)[1] == []
    (tmp_path / "content/images/a.svg").unlink()
    assert [problem.what for problem in read(tmp_path, record)[1]] == ["`images/a.svg` is no image below content/"]


def test_an_item_with_a_time_is_read_at_every_run(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "content", {"reports/a.md": text("A", "gold", publish="2026-11-20 18:00")})
    record, programme = WorkRecord(), programme_of(tmp_path / "members", PROGRAMME)
    for hour, held in ((17, True), (19, False)):
        now = datetime(2026, 11, 20, hour, tzinfo=UTC)
        library = read_library(tmp_path / "content", programme, MARKDOWN, record, now=now, problems=[])
        assert bool(library.items["reports/a.md"].held_until) is held
    assert len(reads) == 2


def test_a_body_with_refused_markup_is_not_kept(tmp_path: Path) -> None:
    write(tmp_path / "content", {"reports/a.md": text("A", "gold", body="<script>1</script>")})
    record = WorkRecord()
    for _ in range(2):
        assert "script" in read(tmp_path, record)[1][0].what


@pytest.mark.parametrize(
    ("content", "path", "settings"),
    [("other", "a.md", {}), ("text", "b.md", {}), ("text", "a.md", {"extensions": ["x"]})],
)
def test_another_text_path_or_setting_is_another_body(content: str, path: str, settings: Mapping[str, Any]) -> None:
    record = WorkRecord()
    KeptBodies(record, b"", {}).keep("text", "a.md", MADE)
    assert KeptBodies(record, b"", {}).find("text", "a.md") == MADE
    assert KeptBodies(record, b"", settings).find(content, path) is None


def test_the_record_of_another_key_is_not_used(tmp_path: Path, reads: list[str]) -> None:
    write(tmp_path / "content", FILES)
    for key in (b"key", b"other key"):
        reads.clear()
        record = WorkRecord(tmp_path / "work.sqlite", key)
        read(tmp_path, record)
        record.save()
        record.close()
        assert len(reads) == 4


def test_only_valid_content_has_an_entry(tmp_path: Path) -> None:
    write(tmp_path / "content", {"reports/a.md": text("A", "glod")})
    record = WorkRecord()
    read(tmp_path, record)
    assert [kind for kind, _ in record._new] == [BODY]
    write(tmp_path / "content", {"reports/a.md": text("A", "gold")})
    read(tmp_path, record)
    assert [kind for kind, _ in record._new] == [BODY, ITEM]


def test_every_item_of_the_sample_is_the_same_as_json(tmp_path: Path) -> None:
    problems: list[Problem] = []
    programme = programme_of(tmp_path / "members", (PROJECT / "members/programme.yaml").read_text("utf-8"))
    library = read_library(PROJECT / "content", programme, MARKDOWN, problems=problems)
    kinds = set()
    for item in library.items.values():
        found = decoded(json.loads(json.dumps(encoded(item.front))))
        assert found == item.front
        assert found.model_fields_set == item.front.model_fields_set
        assert repr(found) == repr(item.front)
        kinds.add(type(found).__name__)
    assert kinds <= RECORDS.keys()
    assert len(kinds) == 9


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "",
        7,
        True,
        None,
        (),
        ("a", ("b",)),
        {"a": (1,)},
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3, 4),
        Decimal("1.50"),
    ],
)
def test_a_value_of_front_matter_is_the_same_as_json(value: object) -> None:
    found = decoded(json.loads(json.dumps(encoded(value))))
    assert (found, type(found)) == (value, type(value))


def test_a_value_of_an_unknown_type_is_an_error() -> None:
    with pytest.raises(TypeError, match="front matter holds a set"):
        encoded({1})
    with pytest.raises(ValueError, match="no value of front matter"):
        decoded(["unknown"])


def test_the_warnings_of_a_text_are_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path / "content",
        {"reports/a.md": text("A", "gold", body="# Second heading"), "reports/b.md": text("B", "gold")},
    )
    record = WorkRecord()
    first = list(content_warnings(read(tmp_path, record)[0], date(2026, 11, 20)))
    assert [problem.what for problem in first] == ["a second main heading: `Title:` is the first"]
    monkeypatch.setattr(content_warning, "TEXT_CHECKS", ())
    assert list(content_warnings(read(tmp_path, record)[0], date(2026, 11, 20))) == first
    write(tmp_path / "content", {"reports/a.md": text("A", "gold", body="# Third heading")})
    assert list(content_warnings(read(tmp_path, record)[0], date(2026, 11, 20))) == []


IMAGES = [f"images/{normalize('NFC', 'café')}.svg", f"images/{normalize('NFD', 'café')}.svg"]


@pytest.mark.parametrize(("own", "other"), [IMAGES, IMAGES[::-1]])
def test_an_item_takes_the_image_whose_name_comes_in_its_own_form_of_unicode(
    tmp_path: Path, own: str, other: str
) -> None:
    """Both names can be there: of an image in the other form, nothing is kept then."""
    front = f"Image: {own}\nImage alt: A cup"
    write(tmp_path / "content", {"reports/a.md": text("A", "gold", front, f"![a](../{own})"), other: "<svg/>"})
    record = WorkRecord()
    assert read(tmp_path, record)[0].items["reports/a.md"].files == {other}
    write(tmp_path / "content", {own: "<svg/>"})
    assert read(tmp_path, record)[0].items["reports/a.md"].files == {own}
