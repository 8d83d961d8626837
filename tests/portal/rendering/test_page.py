"""Pages: files that are written once, parts and item pages that are rendered once."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, Template

from members_portal.portal.picture.picture_store import PictureStore
from members_portal.portal.rendering.dated_part import SameDays
from members_portal.portal.rendering.edition import make_edition
from members_portal.portal.rendering.page import Pages, Theme, part
from members_portal.portal.rendering.page_record import PageRecord, ShownDigests
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.work_record import WorkRecord, digest_of
from tests.portal.small_portal import ON, library_of, listing, text, write

FILES = {"reports/all.md": text("All", "members"), "reports/top.md": text("Top", "gold")}
NONCE = "0123456789abcdef"
TEMPLATES = {
    "list.html": "{{ part('masthead') }} {{ edition.name }} {{ root }}",
    "item.html": "{{ part('masthead') }} {{ edition.name }} {{ item.title }} {{ root }}",
    "home.html": "{% for item in edition.items.values() %}{{ item.title }} {% endfor %}{{ part('masthead') }}",
    "blocks/masthead.html": "[{{ edition.name }} {{ root }}]",
}


def pages_of(folder: Path, *readers: str, record: WorkRecord | None = None) -> list[Pages]:
    """Return the pages of some editions, with one theme."""
    library, programme = library_of(folder, FILES)
    templates = write(folder / "templates", TEMPLATES)
    env = Environment(loader=FileSystemLoader(templates), autoescape=True)
    env.globals["part"] = part
    shown, items = ShownDigests(PictureStore(folder / "content")), library.items
    base = digest_of(*TEMPLATES.values())
    pages = PageRecord(record or WorkRecord(), base, ON, lambda path: shown.of_item(items[path]).hex())
    theme = Theme(env, templates, {}, NONCE, SameDays(ON), pages, shown, programme, b"")
    editions = [make_edition(reader, library, programme, ON) for reader in readers]
    tree = RenderedTree(folder / "tree")
    return [Pages(theme, edition, tree, edition.name) for edition in editions]


def test_a_page_is_written_with_its_parts(tmp_path: Path) -> None:
    (gold,) = pages_of(tmp_path, "gold")
    gold.write("reports/", "list", title="Reports")
    gold.write("404.html", "list", title="Not found", root="/club/")
    assert listing(tmp_path / "tree") == ["gold/404.html", "gold/reports/index.html"]
    assert (tmp_path / "tree/gold/reports/index.html").read_text("utf-8") == "[gold ../] gold ../"
    assert (tmp_path / "tree/gold/404.html").read_text("utf-8") == "[gold /club/] gold /club/"


def test_a_file_is_never_written_twice(tmp_path: Path) -> None:
    (gold,) = pages_of(tmp_path, "gold")
    gold.write("reports/", "list", title="Reports")
    with pytest.raises(FileExistsError):
        gold.write("reports/", "list", title="Reports again")


def test_a_template_that_the_theme_lacks_is_an_error(tmp_path: Path) -> None:
    (gold,) = pages_of(tmp_path, "gold")
    with pytest.raises(FileNotFoundError, match=r"templates/tier\.html"):
        gold.write("tiers/gold/", "tier", title="Gold")


def test_an_item_is_rendered_once_for_all_tiers_and_completed_for_each(tmp_path: Path) -> None:
    pages = pages_of(tmp_path, "silver", "gold", "staff")
    for each in pages:
        each.write_item(each.edition.items["reports/all.md"])
    found = {file: (tmp_path / "tree" / file).read_text("utf-8") for file in listing(tmp_path / "tree")}
    assert found == {
        "gold/reports/all/index.html": "[gold ../../] members All ../../",
        "silver/reports/all/index.html": "[silver ../../] members All ../../",
        "staff/reports/all/index.html": "[staff ../../] staff All ../../",
    }
    theme = pages[0].theme
    assert (len(theme.pages), len(theme.parts)) == (2, 3)


def written(folder: Path, record: WorkRecord) -> tuple[dict[str, str], list[str]]:
    """Write the pages of two editions; return the files, and the paths of those that were written anew."""
    before = {path: (folder / "tree" / path).stat().st_mtime_ns for path in listing(folder / "tree")}
    for pages in pages_of(folder, "silver", "gold", record=record):
        pages.write("", "home", title="Home")
        for section in pages.edition.sections:
            pages.write_list(section)
        for shown in pages.edition.items.values():
            pages.write_item(shown)
        pages.theme.record.keep()
    files = {path: (folder / "tree" / path) for path in listing(folder / "tree")}
    new = [path for path, file in files.items() if file.stat().st_mtime_ns != before.get(path)]
    return {path: file.read_text("utf-8") for path, file in files.items()}, new


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the templates that are rendered for a page."""
    found: list[str] = []
    original = Theme.template

    def listed(self: Theme, *names: str) -> Template:
        found.append(names[0])
        return original(self, *names)

    monkeypatch.setattr(Theme, "template", listed)
    return found


def test_an_unchanged_page_is_neither_rendered_nor_written_again(tmp_path: Path, rendered: list[str]) -> None:
    record = WorkRecord()
    first, _ = written(tmp_path, record)
    assert len(rendered) == 2 + 4 + 6  # two homes; two lists and two items; a part for each edition and depth
    rendered.clear()
    assert written(tmp_path, record) == (first, [])
    assert not rendered


def test_a_new_text_is_on_the_pages_that_ask_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: list[str]
) -> None:
    """Neither the lists nor the parts are rendered again; of the pages of editions, the one that shows the text is."""
    asks = "{% if edition.name == 'gold' %}{{ edition.items['reports/top.md'].body }}{% endif %}"
    monkeypatch.setitem(TEMPLATES, "home.html", asks)
    monkeypatch.setitem(TEMPLATES, "item.html", "{{ item.body }}")
    record = WorkRecord()
    monkeypatch.setitem(FILES, "reports/top.md", text("Top", "gold", body="One."))
    written(tmp_path, record)
    rendered.clear()
    monkeypatch.setitem(FILES, "reports/top.md", text("Top", "gold", body="Two."))
    found, new = written(tmp_path, record)
    assert new == ["gold/index.html", "gold/reports/top/index.html"]
    assert sorted(rendered) == ["home", "item-report"]
    assert all("Two." in found[path] for path in new)


def test_a_part_is_rendered_again_for_a_text_that_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = "{% for item in edition.items.values() %}{{ item.html }}{% endfor %}"
    monkeypatch.setitem(TEMPLATES, "blocks/masthead.html", part)
    record = WorkRecord()
    monkeypatch.setitem(FILES, "reports/top.md", text("Top", "gold", body="One."))
    first, _ = written(tmp_path, record)
    monkeypatch.setitem(FILES, "reports/top.md", text("Top", "gold", body="Two."))
    second, new = written(tmp_path, record)
    assert sorted(new) == sorted(path for path in first if path.startswith("gold/"))
    assert all("Two." in second[path] for path in new)


def test_a_page_that_the_record_knows_and_the_tree_lacks_is_rendered(tmp_path: Path) -> None:
    record = WorkRecord()
    first, _ = written(tmp_path, record)
    path = "gold/reports/top/index.html"
    for damage in ("", "forged"):
        (tmp_path / "tree" / path).write_text(damage)
        assert written(tmp_path, record) == (first, [path])
    (tmp_path / "tree" / path).unlink()
    assert written(tmp_path, record) == (first, [path])


def test_a_part_that_changed_is_in_every_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = WorkRecord()
    first, _ = written(tmp_path, record)
    monkeypatch.setitem(TEMPLATES, "blocks/masthead.html", "[new {{ edition.name }}]")
    second, new = written(tmp_path, record)
    assert sorted(new) == sorted(first)
    assert all("[new " in html for html in second.values())


def test_a_changed_item_changes_its_page_and_its_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = WorkRecord()
    written(tmp_path, record)
    monkeypatch.setitem(FILES, "reports/top.md", text("Other", "gold"))
    found, new = written(tmp_path, record)
    assert new == ["gold/index.html", "gold/reports/top/index.html"]  # this theme's list names no item
    assert "Other" in found["gold/reports/top/index.html"]
