"""A real Pelican run: the files of each edition, and the content that no template can reach."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from pelican import Pelican

from members_portal import portal
from members_portal.portal.generator import SWITCHED_OFF, UNSEALED, EditionsGenerator, UnsafeSettings
from members_portal.portal.inputs import load_inputs
from members_portal.portal.personal.slot_table import read_slots
from members_portal.portal.rendering.asset import IncompleteWorker
from tests.long_cases import quick_first
from tests.loyalty.small_club import MAYA, PROGRAMME
from tests.pictures import encoded, halves
from tests.portal.small_portal import (
    BARE_THEME,
    ITEM,
    OFFER,
    PROJECT,
    SITE_SETTINGS,
    listing,
    render,
    settings_of,
    text,
    write,
)

RUI = "{id: M-2, given name: Rui, formal name: Mr Costa, joined: 2026-01-01, staff: yes"
RUI += ", key customer: yes, account manager: ines}"
MEMBERS = f"- {MAYA}\n- {RUI}\n"
FILES = {
    "pages/join.md": text("Join", "public", body="![cup](../images/cup.svg)"),
    "reports/all.md": text("For all", "members"),
    "reports/two.md": text("For silver", "silver+", body="[prices](../images/prices.pdf)"),
    "reports/gold.md": text("For gold", "gold", "Teaser: Something golden."),
    "reports/staff.md": text("For staff", "staff"),
    "reports/later.md": text("For later", "members", "Embargo: {gold: 2026-11-02}", publish="2199-01-01"),
    "images/cup.svg": "<svg/>",
    "images/prices.pdf": "%PDF-",
    "images/idle.svg": "<svg/>",
}
EVERYBODYS = ["404.html", "index.html", "images/cup.svg", "join/index.html"]
MEMBERS_OWN = [
    "account/index.html",
    "assets/tiers.css",
    "reports/all/index.html",
    "reports/index.html",
    "tiers/gold/index.html",
    "tiers/index.html",
    "tiers/member/index.html",
    "tiers/silver/index.html",
    "wallet/index.html",
]
SILVERS = ["images/prices.pdf", "reports/two/index.html"]
STAFFS = ["desk/index.html", "desk/members.json", "reports/staff/index.html"]
GOLDS = ["reports/gold/index.html", "reports/later/index.html"]
TREE = {
    "public": [*EVERYBODYS, "sw.js", "theme/css/page.css", "theme/manifest.webmanifest"],
    "editions/member": [*EVERYBODYS, *MEMBERS_OWN],
    "editions/silver": [*EVERYBODYS, *MEMBERS_OWN, *SILVERS],
    "editions/gold": [*EVERYBODYS, *MEMBERS_OWN, *SILVERS, *GOLDS],
    "editions/staff": [*EVERYBODYS, *MEMBERS_OWN, *SILVERS, *GOLDS, *STAFFS],
    "members/M-2": ["desk/own.json"],
}
HIDDEN = {
    "public": ["For all", "For silver", "For gold", "For later", "For staff", "golden", "Member", "Gold"],
    "editions/member": ["For silver", "For gold", "For later", "For staff"],
    "editions/silver": ["For gold", "For later", "For staff"],
    "editions/gold": ["For staff"],
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render the small site with a theme that prints its whole context."""
    return render(tmp_path_factory.mktemp("site"), FILES, MEMBERS)


def test_the_tree_holds_these_files_and_no_other(tree: Path) -> None:
    files = [f"{folder}/{file}" for folder, files in TREE.items() for file in files]
    expected = sorted(["slots.tsv", "slots.z", *files])
    assert [path for path in listing(tree) if not path.startswith("public/theme/fonts/")] == expected


@pytest.mark.parametrize("folder", HIDDEN)
def test_a_template_that_prints_all_it_can_reach_reaches_nothing_of_others(tree: Path, folder: str) -> None:
    printed = "".join(file.read_text() for file in (tree / folder).rglob("*.html"))
    assert "Join" in printed
    assert [words for words in HIDDEN[folder] if words in printed] == []


def test_the_same_theme_prints_the_readers_own_items(tree: Path) -> None:
    gold = (tree / "editions/gold/index.html").read_text()
    for words in ("For all;", "For silver;", "For gold;", "For later;", "Join;", "Member;Silver;Gold;"):
        assert words in gold
    assert "Something golden." in (tree / "editions/silver/index.html").read_text()
    assert "Something golden." not in gold


@pytest.mark.parametrize("page", ["public/index.html", "editions/gold/index.html", "editions/gold/tiers/index.html"])
def test_templates_are_given_none_of_pelicans_own_lists(tree: Path, page: str) -> None:
    assert "False False False False" in (tree / page).read_text()


def test_an_items_page_knows_only_whether_its_readers_are_members(tree: Path) -> None:
    lines = {
        edition: (tree / edition / "reports/all/index.html").read_text().splitlines()[-3:]
        for edition in ("editions/member", "editions/gold", "editions/staff")
    }
    assert lines["editions/member"] == lines["editions/gold"]
    for found in lines.values():
        assert found[1:] == ["False False False False", "<p>Words.</p>"]
    assert lines["editions/gold"][0] == ("members|For all|2026-11-01|All members|../../")
    assert lines["editions/staff"][0] == ("staff|For all|2026-11-01|All members|../../")


def test_the_page_round_an_item_is_the_readers_own(tree: Path) -> None:
    assert "For gold;" in (tree / "editions/gold/reports/all/index.html").read_text()
    assert "For gold;" not in (tree / "editions/silver/reports/all/index.html").read_text()


@pytest.mark.parametrize(
    ("page", "root"),
    [
        ("public/index.html", ""),
        ("public/404.html", "/club/"),
        ("editions/gold/404.html", "/club/"),
        ("editions/gold/reports/index.html", "../"),
        ("editions/gold/tiers/gold/index.html", "../../"),
    ],
)
def test_every_page_knows_the_way_to_the_root(tree: Path, page: str, root: str) -> None:
    assert (tree / page).read_text().splitlines()[0].endswith(f"|{root}")


def slots_of(tree: Path, member: str) -> dict[str, list[dict[str, str | None]]]:
    """Read a member's fragments by the name of their slot, without the nonce."""
    slots = json.loads(read_slots(tree)[member])
    assert all(name.endswith(f"-{UNSEALED}") for name in slots)
    return {name.removesuffix(f"-{UNSEALED}"): fragments for name, fragments in slots.items()}


def test_a_members_slots_are_his_or_her_own(tree: Path) -> None:
    slots = slots_of(tree, "M-1")
    fixed = {"account", "badge", "card", "ends", "greeting", "manager", "occasion", "offers", "standing", "statement"}
    fixed.add("wallet")
    assert {name for name in slots if not name.startswith("offer-")} == fixed
    assert slots["greeting"] == [{"html": "Maya", "from": None, "until": None}]
    assert "Rui" not in str(slots)


def test_the_same_inputs_are_the_same_bytes(tree: Path, tmp_path: Path) -> None:
    again = render(tmp_path, FILES, MEMBERS)
    assert [(again / path).read_bytes() for path in listing(again)] == [
        (tree / path).read_bytes() for path in listing(tree)
    ]


@pytest.mark.long
def test_inputs_that_are_passed_are_not_read_again(tmp_path: Path) -> None:
    folder = write(tmp_path / "content", FILES).parent
    render(folder, FILES, MEMBERS)
    inputs = load_inputs(folder / "content", folder / "members", date(2026, 10, 1), SITE_SETTINGS)
    shutil.rmtree(folder / "tree")
    (folder / "members" / "members.yaml").unlink()
    Pelican(settings_of(folder, THEME=str(folder / "theme"), PORTAL_INPUTS=inputs)).run()
    assert "reports/all/index.html" not in listing(folder / "tree" / "editions" / "gold")


def test_a_text_may_begin_with_a_word_and_a_colon(tmp_path: Path) -> None:
    path = "reports/note.md"
    files = {path: "---\nTitle: A note\nAudience: members\nPublish: 2026-01-01\nSummary: S.\n---\nNote: at ten.\n"}
    tree = render(tmp_path, {**FILES, **files}, MEMBERS)
    assert "<p>Note: at ten.</p>" in (tree / "editions/member/reports/note/index.html").read_text("utf-8")


def test_pelican_alone_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render(tmp_path, FILES, MEMBERS)
    out = capsys.readouterr().out
    assert f"Rendered into {tmp_path / 'tree'}/: the editions public, member, silver, gold" in out.replace("\n", "")
    assert "never deploy this folder" in out
    assert "Processed 0" not in out


@pytest.mark.long
def test_a_managers_photograph_is_copied_to_the_members_of_that_manager(tmp_path: Path) -> None:
    write(tmp_path / "content/images", {})
    (tmp_path / "content/images/ines.png").write_bytes(encoded(halves(), "PNG"))
    render(tmp_path, FILES, MEMBERS)
    programme = (tmp_path / "members" / "programme.yaml").read_text()
    photo = programme.replace("ines@lantern.example}", "ines@lantern.example, photo: images/ines.png}")
    (tmp_path / "members" / "programme.yaml").write_text(photo)
    Pelican(settings_of(tmp_path, THEME=str(tmp_path / "theme"))).run()
    assert listing(tmp_path / "tree" / "members") == ["M-2/desk/own.json", "M-2/images/ines.png"]


@pytest.mark.parametrize("name", SWITCHED_OFF)
def test_a_setting_that_would_let_content_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeSettings, match=f"^{name} must be empty"):
        render(tmp_path, FILES, MEMBERS, **{name: ["content"]})
    assert not (tmp_path / "tree").exists()


@pytest.mark.parametrize("environment", [{}, {"autoescape": False}, {"autoescape": "yes"}])
def test_templates_that_would_not_escape_are_refused(tmp_path: Path, environment: dict[str, object]) -> None:
    with pytest.raises(UnsafeSettings, match="autoescape"):
        render(tmp_path, FILES, MEMBERS, JINJA_ENVIRONMENT=environment)
    assert not (tmp_path / "tree").exists()


def themed(folder: Path, without: str = "", **changed: str) -> Path:
    """Render with the bare theme, less one file or with others in it."""
    files = {path: content for path, content in BARE_THEME.items() if path != without}
    write(folder / "other", files | {f"templates/{name}.html": content for name, content in changed.items()})
    return render(folder, FILES, MEMBERS, THEME=str(folder / "other"))


@pytest.mark.parametrize(
    "template", quick_first(["landing", "home", "item", "list", "tier", "slots/greeting", "blocks/masthead"], 2)
)
def test_a_theme_without_a_template_fails(tmp_path: Path, template: str) -> None:
    with pytest.raises((TemplateNotFound, FileNotFoundError), match=template):
        themed(tmp_path, without=f"templates/{template}.html")


def test_pelicans_own_theme_never_steps_in(tmp_path: Path) -> None:
    with pytest.raises(TemplateNotFound, match=r"base\.html"):
        themed(tmp_path, home='{% extends "base.html" %}')


def test_a_theme_that_uses_an_unknown_variable_fails(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError, match="articles"):
        themed(tmp_path, home="{% for article in articles %}{{ article.title }}{% endfor %}")


def test_a_theme_may_have_a_template_for_one_kind(tmp_path: Path) -> None:
    tree = themed(tmp_path, **{"item-report": f"a report: {ITEM}", "list-reports": "the reports"})
    assert (tree / "editions/gold/reports/all/index.html").read_text().startswith("a report: ")
    assert (tree / "editions/gold/reports/index.html").read_text() == "the reports"
    assert not (tree / "editions/gold/join/index.html").read_text().startswith("a report: ")


def test_a_theme_without_a_worker_fails(tmp_path: Path) -> None:
    with pytest.raises(IncompleteWorker, match=r"sw\.js"):
        themed(tmp_path, without="static/js/sw.js")


NEWSLETTERS = {
    "newsletters/winter.md": text("Winter", "public", "Number: 2\nLetters: key-customers", publish="2026-11-10"),
    "newsletters/gold.md": text("For gold only", "gold", "Number: 1", publish="2026-11-09"),
    "reports/secret.md": text("Secret of gold", "gold", publish="2026-11-10"),
    "reports/ours.md": text("Ours", "members", publish="2026-11-09"),
    "offers/over.md": text("Over by now", "members", OFFER.replace("2026-11-30", "2026-11-15")),
}


def newsletters(folder: Path, **settings: object) -> Path:
    """Render newsletters with the project's own theme."""
    write(folder / "content", NEWSLETTERS)
    write(folder / "members", {"programme.yaml": PROGRAMME, "members.yaml": MEMBERS})
    inputs = load_inputs(folder / "content", folder / "members", date(2026, 11, 20), SITE_SETTINGS)
    Pelican(settings_of(folder, THEME=str(PROJECT / "theme"), PORTAL_INPUTS=inputs, **settings)).run()
    return folder / "tree"


def linked_path(edition: Path, page: Path, link: str) -> Path:
    """Return the path that a link of a page leads to; /club/ is the root of the site."""
    return edition / link.removeprefix("/club/") if link.startswith("/club/") else (page.parent / link).resolve()


@pytest.mark.long
def test_a_newsletters_page_links_only_to_items_of_its_edition(tmp_path: Path) -> None:
    tree = newsletters(tmp_path)
    found = {}
    for edition in ("public", "editions/member", "editions/gold", "editions/staff"):
        page = tree / edition / "newsletters/winter/index.html"
        links = re.findall(r'<a [^>]*href="([^"#:]*)"', page.read_text())
        found_at = {link: linked_path(tree / edition, page, link) for link in links if link}
        assert [link for link, path in found_at.items() if not path.exists()] == []
        found[edition] = {link.removeprefix("../../") for link in links if re.match(r"../../(reports|offers)/.", link)}
    ours, secret = "reports/ours/", "reports/secret/"
    assert found == {
        "public": set(),
        "editions/member": {ours},
        "editions/gold": {secret},  # the issue before was theirs alone, and had the other
        "editions/staff": {ours, secret},
    }


@pytest.mark.long
def test_a_newsletters_pdf_is_linked_to_where_there_will_be_one_and_never_in_public(tmp_path: Path) -> None:
    tree = newsletters(tmp_path, PORTAL_PDF_ISSUES=frozenset({"winter"}))
    linking = [path for path in listing(tree) if path.endswith(".html") and ".pdf" in (tree / path).read_text()]
    editions = ("gold", "member", "silver", "staff")
    assert linking == [f"editions/{edition}/newsletters/winter/index.html" for edition in editions]
    assert 'href="winter.pdf"' in (tree / linking[0]).read_text()


@pytest.mark.long
def test_only_members_with_a_letter_get_a_link_to_it(tmp_path: Path) -> None:
    tree = newsletters(tmp_path, PORTAL_LETTERS={"winter": frozenset({"M-2"}), "gold": frozenset({"M-2", "M-9"})})
    slots = {name: slots_of(tree, name) for name in ("M-1", "M-2")}
    (letters,) = slots["M-2"]["letters"]
    links = re.findall(r'href="([^"]*)"', str(letters["html"]))
    assert links == [
        "/club/letters/winter.pdf",
        "/club/letters/gold.pdf",
    ]
    assert "letters" not in slots["M-1"]
    pages = [path for path in listing(tree) if path.endswith(".html")]
    with_place = [path for path in pages if "slot:letters" in (tree / path).read_text()]
    assert {path.partition("/newsletters/")[2] for path in with_place} == {
        "index.html",
        "winter/index.html",
        "gold/index.html",
    }
    assert not any(path.startswith("public/") for path in with_place)


def test_the_plugin_gives_pelican_its_one_generator() -> None:
    assert portal.get_generators(None) is EditionsGenerator


def test_the_projects_own_theme_renders_hostile_titles_as_text(tmp_path: Path) -> None:
    hostile = "<script>alert('x')</script>"
    files = {
        "reports/x.md": text(hostile, "members", "Interests: [filter]"),
        "offers/y.md": text(hostile, "members", f'{OFFER}Terms: "{hostile}"\nRedeem: "{hostile}"'),
    }
    tree = render(tmp_path, files, MEMBERS.replace("Maya", hostile), THEME=str(PROJECT / "theme"))
    pages = [file.read_text() for file in tree.rglob("*.html")]
    pages += [str(fragment["html"]) for parts in slots_of(tree, "M-1").values() for fragment in parts]
    assert sum("&lt;script&gt;alert(" in page for page in pages) > 10
    assert not any("<script>alert(" in page for page in pages)
