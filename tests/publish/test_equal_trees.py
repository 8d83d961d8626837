"""A tree rendered with the work record of earlier runs equals one rendered from nothing."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.ledger.ledger import load_ledger
from members_portal.loyalty.member.member import Member, check_members
from members_portal.portal.rendering.page import Theme
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.pelican_run import render, slot_nonce
from members_portal.publish.publish_error import PublishError
from members_portal.publish.reuse.work_place import RECORD_FILE, work_place
from members_portal.publish.validation import validate
from members_portal.seal import Secret
from tests.long_cases import quick_and_long
from tests.loyalty.small_club import MAYA, PROGRAMME
from tests.pictures import encoded, halves
from tests.portal.small_portal import BARE_THEME, EVERYTHING, OFFER, text, write
from tests.publish.project import EDITIONS, Project, copy_settings, files_of

SECRET = Secret(bytes(range(32)))
ITEM = """\
{{ part("masthead") }}{{ edition.name }}|{{ page.title }}|{{ page.description }}|{{ root }}|{{ site.tagline }}
{{ item.title }}|{{ item.since }}|{{ item.summary }}|{{ item.audience_label }}|{{ item.minutes }}|{{ item.interests }}
{{ item.body|pictured }}{% if item.image %}{{ picture(item.image, item.image_alt, "94vw") }}{% endif %}
{% if item.last_day %}{% call dated(until=item.last_day) %}open{% endcall %}{% endif %}
"""
ISSUE = (
    ITEM
    + """\
{{ pdf }}{% for section in issue.sections %}{{ section.title }}:
{% for each in section["items"] %}{{ each.shown.title }} {{ each.full }} {{ each.shown.body }};{% endfor %}{% endfor %}
{% for each in issue.events %}{{ each.title }} {{ each.starts }};{% endfor %}
{% for each in issue.promises %}{{ each.title }}
{% for result in each.results %} {{ result.value }}{% endfor %}{% endfor %}
"""
)
LIST = """\
{{ part("masthead") }}{{ section.title }}|{{ edition.name }}|{{ root }}
{% for item in section["items"] %}{{ item.title }} {{ item.since }} {{ item.body }}{% endfor %}
"""
OWN = (
    EVERYTHING
    + """\
{% for item in edition["items"].values() %}
{{ item.since }} {{ item.audience_label }} {{ item.minutes }} {{ item|cover }}
{% if item.last_day %}{% call dated(until=item.last_day) %}open{% endcall %}{% endif %}{% endfor %}
"""
)
TEXTS = "{% for item in edition['items'].values() %}{{ item.body|pictured }}{% endfor %}"
EVENT = "Starts: 2026-12-01 18:00\nEnds: 2026-12-01 20:00\nPlace: Here"
RESULTS = "Measure: Days\nTarget: Two\nResults:\n"
RESULTS += '  - {period: Q3, value: "1.9", kept: yes}\n  - {period: Q4, value: "1.8", kept: yes, told: 2026-11-25}'
PICTURE = "Image: images/cup.png\nImage alt: A red and a blue half"
CONTENT = {
    "pages/join.md": text("Join", "public", "Menu: main"),
    "reports/all.md": text("For all", "members", PICTURE),
    "reports/later.md": text("For gold first", "members", "Embargo: {gold: 2026-11-02}", publish="2026-11-28"),
    "reports/gold.md": text("For gold", "gold", "Teaser: Something golden.", "See [all](all.md) and [that](old.md)."),
    "reports/old.md": text("Expires", "gold", "Expires: 2026-11-22"),
    "offers/cup.md": text("A cup", "members", OFFER),
    "events/tasting.md": text("Tasting", "silver+", EVENT),
    "promise/fast.md": text("Fast", "members", RESULTS),
    "newsletters/one.md": text("One", "members", "Number: 1", publish="2026-11-03"),
    "newsletters/two.md": text("Two", "members", "Number: 2", publish="2026-11-19"),
}
THEME = {
    **BARE_THEME,
    "templates/slots/account.html": "{{ member.called }} {{ member.interests }} {{ tier.name }}",
    "templates/slots/offers.html": "{% for offer in offers %}{{ offer.title }} {{ offer.shown.body }};{% endfor %}",
    "templates/item.html": ITEM,
    "templates/item-newsletter.html": ISSUE,
    "templates/list.html": LIST,
    **{f"templates/{name}.html": OWN for name in ("landing", "wallet")},
    "templates/home.html": OWN + TEXTS,
    "templates/blocks/masthead.html": OWN.replace("{{ page.title }}", ""),
}
CHOSEN = "Sections:\n  - {title: Chosen, items: [reports/gold.md, reports/all.md], full: [reports/all.md]}"
LEDGER = "date,member,kind,amount\n2026-11-02,M-1,purchase,130.00\n"


class Site:
    """A small portal whose tree is rendered with a work record, and from nothing."""

    def __init__(self, root: Path) -> None:
        self.root, self.day = root, date(2026, 11, 20)
        copy_settings(root)
        with (root / "pelicanconf.py").open("a", encoding="utf-8") as file:
            file.write("\nPORTAL_FONTS = {}\n")
        write(root / "content", CONTENT)
        write(root / "theme", THEME)
        write(root / "members", {"programme.yaml": PROGRAMME, "members.yaml": f"- {MAYA}\n", "ledger.csv": LEDGER})
        (root / "content/images").mkdir()
        self.draw(40)

    def draw(self, width: int) -> None:
        """Write the picture."""
        (self.root / "content/images/cup.png").write_bytes(encoded(halves(width), "PNG"))

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text in a file."""
        path = self.root / file
        before = path.read_text("utf-8")
        assert old in before
        path.write_text(before.replace(old, new), "utf-8")

    def rendered(self, build: str, *, secret: Secret = SECRET) -> dict[str, bytes]:
        """Render into a build folder; return the files of the tree."""
        context = replace(make_context({}, root=self.root, on=None, today=self.day, now=0), build=self.root / build)
        return rendered_tree(context, secret)

    def check(self) -> dict[str, bytes]:
        """Render with the record of earlier runs, and from nothing; return the files of both."""
        found = self.rendered("kept")
        assert found == self.rendered("none")
        shutil.rmtree(self.root / "none")
        return found


def rendered_tree(context: PublishContext, secret: Secret) -> dict[str, bytes]:
    """Run the stages validate and render; return the files of the tree, whose digests are known."""
    sys.modules.pop("pelicanconf", None)  # another process would read it anew
    with work_place(context, secret) as place:
        inputs = validate(context, secret, place)
        keys = {"PORTAL_SLOT_NONCE": slot_nonce(secret), "PORTAL_CACHE_KEY": secret.cache_key()}
        digests = render(inputs, context, keys, place)
        place.record.save()
    files = files_of(context.tree)
    assert digests.keys() == files.keys()
    return files


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


EDITS: dict[str, Callable[[Site], object]] = {
    "a text": lambda site: site.edit("content/reports/all.md", "Words.", "Other words."),
    "the text of an offer": lambda site: site.edit("content/offers/cup.md", "Words.", "Terms."),
    "a title": lambda site: site.edit("content/reports/all.md", "For all", "For everybody"),
    "a summary": lambda site: site.edit("content/newsletters/one.md", "About One.", "About it."),
    "an audience": lambda site: site.edit("content/events/tasting.md", "silver+", "gold"),
    "an embargo and an expiry that pass": lambda site: setattr(site, "day", date(2026, 11, 28)),
    "an offer that ends": lambda site: setattr(site, "day", date(2026, 12, 1)),
    "a template": lambda site: site.edit("theme/templates/item.html", "{{ root }}", "{{ root }} new"),
    "a part": lambda site: site.edit("theme/templates/blocks/masthead.html", "{{ root }}", "{{ root }} new"),
    "a file of the theme": lambda site: site.edit("theme/static/css/page.css", "p {}", "p { margin: 0 }"),
    "the name of a tier": lambda site: site.edit("members/programme.yaml", "name: Silver", "name: Pewter"),
    "a member": lambda site: site.edit("members/members.yaml", "tier: gold", "tier: silver, interests: [decaf]"),
    "a ledger line": lambda site: site.edit("members/ledger.csv", "130.00", "131.00"),
    "a setting": lambda site: site.edit("pelicanconf.py", "Coffee from the Ropewalk", "Coffee from here"),
    "a picture": lambda site: site.draw(80),
    "a teaser": lambda site: site.edit("content/reports/gold.md", "Something golden.", "Something else."),
    "an issue": lambda site: site.edit("content/newsletters/one.md", "Number: 1", f"Number: 1\n{CHOSEN}"),
    "a menu": lambda site: site.edit("content/pages/join.md", "Menu: main", "Menu: none"),
    "a deletion": lambda site: (site.root / "content/offers/cup.md").unlink(),
    "a new name": lambda site: (site.root / "content/reports/later.md").rename(site.root / "content/reports/late.md"),
}


REPEATED = (  # kinds that others show
    *("a title", "a summary", "an offer that ends", "a part", "a file of the theme", "a menu", "a new name"),
)


@pytest.mark.parametrize(
    ("left_out", "compared"), [(REPEATED, 6), pytest.param((), 1, marks=pytest.mark.long)], ids=["most", "all"]
)
def test_each_edit_gives_the_tree_that_a_build_from_nothing_gives(
    site: Site, left_out: tuple[str, ...], compared: int
) -> None:
    """Every n-th tree is compared: a wrong part that is kept stays wrong, unless the next edits replace it."""
    before = site.check()
    names = [name for name in EDITS if name not in left_out]
    for place, name in enumerate(names, 1):
        EDITS[name](site)
        after = site.check() if place % compared == 0 or place == len(names) else site.rendered("kept")
        assert after != before or name == "a ledger line"  # this theme shows no points
        before = after


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the templates that are rendered for pages."""
    found: list[str] = []
    original = Theme.template

    def listed(self: Theme, *names: str) -> Any:
        found.append(names[0])
        return original(self, *names)

    monkeypatch.setattr(Theme, "template", listed)
    return found


def test_an_edit_of_one_text_renders_its_page_its_list_and_its_issues_alone(site: Site, rendered: list[str]) -> None:
    site.rendered("kept")
    rendered.clear()
    site.edit("content/reports/all.md", "Words.", "Other words.")
    site.rendered("kept")
    shared = [name for name in rendered if name.startswith(("item-", "list-"))]
    # staff have pages of their own; gold has one more report in its list; the events of the issue differ between tiers
    assert sorted(shared) == ["item-newsletter"] * 4 + ["item-report"] * 2 + ["list-reports"] * 3


@pytest.mark.long
def test_another_day_renders_only_the_pages_that_it_changes(site: Site, rendered: list[str]) -> None:
    site.rendered("kept")
    rendered.clear()
    site.day = date(2026, 11, 21)
    site.check()
    kept = rendered[: len(rendered) - rendered[::-1].index("landing") - 1]
    assert [name for name in kept if name.startswith(("item-", "list-"))] == []


@pytest.mark.long
def test_members_of_an_unchanged_table_are_checked_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[int] = []

    def counted(*arguments: Any) -> list[Member]:
        found = check_members(*arguments)
        checked.append(len(found))
        return found

    monkeypatch.setattr("members_portal.source.people.check_members", counted)
    before = site.rendered("kept")
    site.edit("members/ledger.csv", "130.00", "131.00")
    assert site.rendered("kept") == before  # this theme shows no points
    assert checked == [1]
    site.edit("members/members.yaml", "tier: gold", "tier: silver")
    assert site.check() != before
    assert checked == [1, 1, 1]  # one of them is the build from nothing


def test_after_an_edit_of_a_text_no_line_of_the_ledger_is_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.rendered("kept")
    read: list[object] = []

    def listed(*arguments: Any, **named: Any) -> Any:
        read.append(arguments)
        return load_ledger(*arguments, **named)

    monkeypatch.setattr("members_portal.loyalty.ledger.ledger.load_ledger", listed)
    EDITS["a text"](site)
    assert site.rendered("kept") != before
    assert read == []
    EDITS["a ledger line"](site)
    site.rendered("kept")
    assert len(read) == 1


IMPORTING = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from own_filter import shout

sys.path.pop(0)
JINJA_FILTERS = {"shout": shout}
"""


def test_a_module_behind_a_filter_is_part_of_what_pages_are_made_from(site: Site) -> None:
    """It counts as well in a process that has imported it, and after an edit in the second of the one before."""
    shouting = "from own_words.ends import END\n\n\ndef shout(text):\n    return text + END\n"
    write(site.root, {"own_filter.py": shouting, "own_words/__init__.py": "", "own_words/ends.py": "END = '!'\n"})
    saved = site.root / "own_words/ends.py"
    os.utime(saved, (1, 1))
    site.edit("pelicanconf.py", "\nPORTAL_FONTS = {}\n", f"\nPORTAL_FONTS = {{}}\n{IMPORTING}")
    site.edit("theme/templates/item.html", "{{ item.title }}", "{{ item.title|shout }}")
    before = site.check()
    site.edit("own_words/ends.py", "!", "?")
    os.utime(saved, (1, 1))
    assert site.check() != before


def test_a_module_in_a_folder_without_init_is_imported_anew(site: Site) -> None:
    """Python finds it as an attribute of the folder's package, which stays."""
    importing = IMPORTING.replace("own_filter", "folder_filter")
    shouting = "from own_folder import ends\n\n\ndef shout(text):\n    return text + ends.END\n"
    write(site.root, {"folder_filter.py": shouting, "own_folder/ends.py": "END = '!'\n"})
    site.edit("pelicanconf.py", "\nPORTAL_FONTS = {}\n", f"\nPORTAL_FONTS = {{}}\n{importing}")
    site.edit("theme/templates/item.html", "{{ item.title }}", "{{ item.title|shout }}")
    before = site.check()
    site.edit("own_folder/ends.py", "!", "?")
    assert site.check() != before


def test_a_complaint_of_a_template_is_no_kept_result(site: Site) -> None:
    """Pages and slots that were rendered beside it are rendered again: each publish ends with the complaint."""
    importing = IMPORTING.replace("own_filter", "loud_filter")
    warning = (
        "import logging\n\n\ndef shout(text):\n    logging.getLogger('loud').warning('too loud')\n    return text\n"
    )
    write(site.root, {"loud_filter.py": warning})
    site.edit("pelicanconf.py", "\nPORTAL_FONTS = {}\n", f"\nPORTAL_FONTS = {{}}\n{importing}")
    site.edit("theme/templates/item.html", "{{ item.title }}", "{{ item.title|shout }}")
    for _ in range(2):
        with pytest.raises(PublishError, match="too loud"):
            site.rendered("kept")


@pytest.mark.long
def test_a_photo_in_a_slot_is_part_of_what_the_slot_is_made_from(site: Site) -> None:
    site.edit(
        "members/programme.yaml", "email: ines@lantern.example", "email: ines@lantern.example, photo: images/cup.png"
    )
    photo = '{% if manager %}{{ picture(manager.photo, "", "9em") }}{% endif %}'
    write(site.root, {"theme/templates/slots/manager.html": photo})
    site.edit("members/members.yaml", f"- {MAYA}", f"- {MAYA.rstrip('}')}, key customer: true, account manager: ines}}")
    before = site.check()
    site.draw(80)
    assert site.check() != before


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for at in range(5000, len(data), 997):
        data[at] ^= 1
    file.write_bytes(data)


def make_older(file: Path) -> None:
    table = sqlite3.connect(file)
    table.execute("PRAGMA user_version = 0")
    table.close()


def swap(file: Path) -> None:
    """Give each entry the data of another entry of its kind."""
    table = sqlite3.connect(file, isolation_level=None)
    rows = table.execute("SELECT kind, digest, data FROM entry ORDER BY kind, digest").fetchall()
    for (kind, digest, _), (_, _, data) in zip(rows, [*rows[1:], rows[0]], strict=True):
        table.execute("UPDATE entry SET data = ? WHERE kind = ? AND digest = ?", (data, kind, digest))
    table.close()


@pytest.mark.parametrize("damage", quick_and_long([cut, flip, make_older, swap], {flip}))
def test_a_damaged_record_gives_the_same_tree(site: Site, damage: Callable[[Path], None]) -> None:
    before = site.rendered("kept")
    damage(site.root / "kept/cache" / RECORD_FILE)
    shutil.rmtree(site.root / "kept/tree")
    assert site.rendered("kept") == before


@pytest.mark.long
def test_the_record_of_another_site_is_of_no_use(site: Site, rendered: list[str]) -> None:
    other = Secret(bytes(32))
    before = site.rendered("other", secret=other)
    shutil.copytree(site.root / "other", site.root / "kept")
    rendered.clear()
    assert site.rendered("kept") != before  # the nonce of slots
    assert "item-report" in rendered


@pytest.mark.long
def test_a_tree_that_somebody_changed_is_mended(site: Site) -> None:
    before = site.rendered("kept")
    for path in (path for path in (site.root / "kept/tree").rglob("*") if path.is_file()):  # size and time stay
        data, times = path.read_bytes(), path.stat()
        path.write_bytes(data[::-1])
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    (site.root / "kept/tree/public/planted.html").write_text("planted")
    (site.root / "kept/tree/editions/member/index.html").unlink()
    assert site.rendered("kept") == before


class Editor:
    """Makes random edits of a project; each method makes one."""

    def __init__(self, project: Project, chance: random.Random) -> None:
        self.project, self.chance, self.number, self.day = project, chance, 0, 20
        self.content = project.root / "content"

    def edit(self) -> str:
        """Make a random edit, maybe on the next day; return its name."""
        self.number += 1
        edits = (self.text, self.title, self.add, self.add, self.remove, self.rename, self.template, self.style)
        edit = self.chance.choice((*edits, self.tier, self.setting))
        edit()
        self.day += self.day < 30 and self.chance.random() < 0.1
        return f"{self.number} {edit.__name__}"

    def items(self, *folders: str) -> list[Path]:
        return sorted(path for folder in folders for path in (self.content / folder).glob("*.md"))

    def added(self) -> list[Path]:
        return [path for path in self.items("reports") if path.name.startswith("new-")]

    def append(self, path: Path, more: str) -> None:
        path.write_text(f"{path.read_text('utf-8')}{more}\n", "utf-8")

    def replace(self, path: Path, old: str, new: str) -> None:
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    def text(self) -> None:
        self.append(self.chance.choice(self.items("announcements", "feedback", "offers")), f"\nWord {self.number}.")

    def title(self) -> None:
        path = self.chance.choice(self.items("announcements", "feedback", "reports"))
        first, _, *rest = path.read_text("utf-8").split("\n")
        path.write_text("\n".join([first, f"Title: Title {self.number}", *rest]), "utf-8")

    def add(self) -> None:
        audience = self.chance.choice(["members", "brass+", "staff", "copper"])
        embargo = "Embargo: {copper: 2026-11-02}" if audience == "brass+" else ""
        new = text(f"New {self.number}", audience, embargo, publish="2026-11-19")
        (self.content / f"reports/new-{self.number}.md").write_text(new, "utf-8")

    def remove(self) -> None:
        for path in self.added()[:1]:
            path.unlink()

    def rename(self) -> None:
        for path in self.added()[-1:]:
            path.rename(self.content / f"reports/new-{self.number}-b.md")

    def template(self) -> None:
        name = self.chance.choice(["item.html", "list.html", "blocks/footer.html", "home.html"])
        self.append(self.project.own("theme") / "templates" / name, f"{{# {self.number} #}}")

    def style(self) -> None:
        self.append(self.project.own("theme") / "static/css/base.css", f"/* {self.number} */")

    def tier(self) -> None:
        self.replace(self.project.root / "members/programme.yaml", "summary: ", f"summary: {self.number} ")

    def setting(self) -> None:
        self.replace(self.project.root / "pelicanconf.py", '"tagline": "', f'"tagline": "{self.number} ')


@pytest.mark.long
def test_two_hundred_random_edits_give_the_trees_and_releases_of_builds_from_nothing(project: Project) -> None:
    chance, editor = random.Random(14), Editor(project, random.Random(41))
    for count in range(1, 201):
        name, day = editor.edit(), f"2026-11-{editor.day}"
        context = replace(
            make_context({}, root=project.root, on=None, today=date.fromisoformat(day), now=0),
            build=project.root / "kept",
        )
        found = rendered_tree(context, SECRET)
        if chance.random() < 0.3:
            none = replace(context, build=project.root / "none")
            shutil.copytree(context.cache / "fonts", none.cache / "fonts")
            assert found == rendered_tree(none, SECRET), name
            shutil.rmtree(none.build)
        if count % 40 == 0:
            check_releases(project, day, name)


def check_releases(project: Project, day: str, name: str) -> None:
    """Publish with the work record, and a copy from nothing; compare what members read."""
    project.publish(day, PORTAL_SITEURL=None)
    other = Project.copy(project, project.root.with_name(f"{project.root.name}-{name.split()[0]}"))
    for folder in ("releases", "state", "census"):
        shutil.rmtree(other.root / ".build" / folder)
    (other.root / ".build/cache" / RECORD_FILE).unlink()
    (other.root / "output").unlink()
    other.publish(day, PORTAL_SITEURL=None)
    for member in EDITIONS:
        both = [each.open(member) for each in (project, other)]
        paths = [sorted(each.manifest["files"]) for each in both]
        assert paths[0] == paths[1], name
        assert [both[0].read(path) for path in paths[0]] == [both[1].read(path) for path in paths[1]], name
    public = [public_files(each) for each in (project, other)]
    assert public[0] == public[1], name


def public_files(project: Project) -> dict[str, bytes]:
    """Return the files of a release that are the same at each publish."""
    found = files_of(project.release)
    return {path: data for path, data in found.items() if not path.startswith(("_/", "portal.json", "release.json"))}
