"""A small portal for tests: items in one line each, and a minimal theme that prints its whole context."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican import Pelican
from pelican.settings import read_settings

from members_portal.loyalty.input.problem import InvalidInput, Problem, has_error
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.library import Library, read_library
from members_portal.portal.inputs import Inputs, WorkPlace, load_inputs
from members_portal.portal.rendering.edition import Edition, make_edition
from members_portal.portal.site_settings import Contact, SiteSettings
from members_portal.work_record import WorkRecord
from tests.loyalty.small_club import PROGRAMME, programme_of

PROJECT = Path(__file__).parent.parent.parent
MARKDOWN = {"extensions": ["extra", "sane_lists"], "output_format": "html"}
ON = date(2026, 11, 20)
SITE_SETTINGS = SiteSettings(
    name="The Lantern Club",
    url="https://lantern.example/club",
    language="en-IE",
    timezone=ZoneInfo("Europe/Dublin"),
    company="Lantern Coffee",
    tagline="Coffee by lamplight",
    contact=Contact("+353 20 915 0147", "8 to 18", "club@lantern.example", ("The Ropewalk", "Inverskea")),
    markdown=MARKDOWN,
    theme=PROJECT / "theme",
    fonts={},
    printing={},
    mail={},
)
SAMPLE_RECORD = WorkRecord()  # the sample's texts, which each process of the tests reads once
OFFER = "Type: amount\nValue: €5\nStarts: 2026-11-01\nEnds: 2026-11-30\n"


def text(title: str, audience: str, more: str = "", body: str = "Words.", publish: str = "2026-11-01") -> str:
    """Write an item: `more` holds further front matter, a line each."""
    more = more if not more or more.endswith("\n") else more + "\n"
    front = f'Title: "{title}"\nSummary: "About {title}."\nAudience: {audience}\nPublish: {publish}\n{more}'
    return f"---\n{front}---\n{body}\n"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")
    return folder


def load_library(
    folder: Path, programme: Programme, markdown: Mapping[str, Any], record: WorkRecord | None = None
) -> Library:
    """Read every markdown file of a content folder; raise InvalidInput when a problem is an error."""
    problems: list[Problem] = []
    library = read_library(folder, programme, markdown, record, problems=problems)
    if has_error(problems):
        raise InvalidInput(problems)
    return library


def library_of(
    folder: Path, files: Mapping[str, str], record: WorkRecord | None = None, segments: str = ""
) -> tuple[Library, Programme]:
    """Write content and the small programme, with the line `segments`, and read both."""
    programme = programme_of(folder / "members", PROGRAMME + segments)
    return load_library(write(folder / "content", files), programme, MARKDOWN, record), programme


def edition_of(folder: Path, files: Mapping[str, str], reader: str, on: date = ON) -> Edition:
    """Make one reader's edition of some content."""
    library, programme = library_of(folder, files)
    return make_edition(reader, library, programme, on)


EVERYTHING = """\
{{ edition.name }}|{{ edition.title }}|{{ page.title }}|{{ page.url }}|{{ root }}
{% for section in sections %}{% for item in section["items"] %}{{ item.title }};{% endfor %}{% endfor %}
{% for path, item in edition["items"].items() %}{{ path }} {{ item.summary }} {{ item.url }};{% endfor %}
{% for entry in menu %}{{ entry.title }};{% endfor %}{% for entry in footer %}{{ entry.title }};{% endfor %}
{% for rung in tiers %}{{ rung.name }};{% endfor %}{% for teaser in teasers %}{{ teaser.text }};{% endfor %}
{{ articles is defined }} {{ pages is defined }} {{ generated_content is defined }} {{ library is defined }}
"""
ITEM = """\
{{ part("masthead") }}
{{ edition.name }}|{{ item.title }}|{{ item.since }}|{{ item.audience_label }}|{{ root }}
{{ sections is defined }} {{ teasers is defined }} {{ tiers is defined }} {{ edition["items"] is defined }}
{{ item.body }}
"""
LIST = """\
{{ part("masthead") }}
{{ edition.name }}|{{ section.title }}|{% for item in section["items"] %}{{ item.title }};{% endfor %}
{{ sections is defined }} {{ teasers is defined }} {{ tiers is defined }} {{ edition["items"] is defined }}
"""
PAGES = ("landing", "shell", "home", "not-found", "tiers", "tier", "wallet", "account", "earlier", "desk")
SLOTS = ("greeting", "badge", "card", "manager", "account", "standing", "statement")
BARE_THEME = {
    **{f"templates/{name}.html": EVERYTHING for name in PAGES},
    "templates/item.html": ITEM,
    "templates/list.html": LIST,
    "templates/blocks/masthead.html": EVERYTHING.replace("{{ page.title }}", ""),
    **{f"templates/slots/{name}.html": "{{ member.called }}" for name in SLOTS},
    "templates/desk/sheet.html": "{{ member.called }}",
    "templates/desk/lists.html": "",
    "templates/slots/occasion.html": "{{ occasion.kind }} {{ occasion.years }}",
    "templates/slots/offers.html": "{% for offer in offers %}{{ offer.title }} {{ offer.why }};{% endfor %}",
    "templates/slots/wallet.html": "{% for offer in offers %}{{ offer.title }};{% endfor %}",
    "templates/slots/terms.html": "{{ item.title }} {{ item.missing }} {{ item.left }} {{ code }}",
    "static/js/sw.js": "const DIGESTS = {};\nconst PATHS = [];\nconst PUBLIC_KEY = '';\nconst ENDPOINT = '';\n",
    "static/css/page.css": "p {}",
}


def settings_of(folder: Path, **more: Any) -> dict[str, Any]:
    """Read the project's own pelicanconf.py, with places and settings of a test."""
    places = {
        "PATH": str(folder / "content"),
        "PORTAL_MEMBERS": str(folder / "members"),
        "OUTPUT_PATH": str(folder / "tree"),
        "PORTAL_FONTS": {},
        "SITEURL": "https://lantern.example/club",
    }
    return read_settings(str(PROJECT / "pelicanconf.py"), override=places | {"PORTAL_TODAY": None} | more)


def render(folder: Path, files: Mapping[str, str], members: str, **more: Any) -> Path:
    """Run Pelican for real; return the rendered tree."""
    write(folder / "content", files)
    write(folder / "members", {"programme.yaml": PROGRAMME, "members.yaml": members})
    write(folder / "theme", BARE_THEME)
    Pelican(settings_of(folder, **({"THEME": str(folder / "theme")} | more))).run()
    return folder / "tree"


def listing(folder: Path) -> list[str]:
    """List the files below a folder."""
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def sample_inputs(members: Path, on: date, today: date) -> Inputs:
    """Return the inputs of the sample's content with another folder of members; links aren't checked."""
    place = WorkPlace(members.parent / "work", None, SAMPLE_RECORD, b"")
    return load_inputs(PROJECT / "content", members, on, SITE_SETTINGS, place, today=today, links=False)
