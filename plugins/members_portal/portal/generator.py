"""The Pelican generator that writes public/, editions/ and members/.

Pelican's own generators stay switched off in pelicanconf.py (no ARTICLE_PATHS, no DIRECT_TEMPLATES): everything that
prints content goes through an Edition, so no template can reach another tier's items.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader
from pelican.generators import Generator

from members_portal import clock
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.portal.content.item import Item, Newsletter, Shown
from members_portal.portal.inputs import Inputs, load_inputs
from members_portal.portal.rendering.asset import asset_address, asset_versions
from members_portal.portal.rendering.edition import Edition, make_edition
from members_portal.portal.rendering.font import build_fonts
from members_portal.portal.rendering.formats import date_filters, number_filters
from members_portal.portal.rendering.issue_contents import contents_of, issues_in, newsletter_of
from members_portal.portal.rendering.member_view import Casebook
from members_portal.portal.rendering.page import Pages, Theme, part
from members_portal.portal.rendering.slot import member_slots, slot
from members_portal.portal.rendering.tier_css import tier_colours

WORKER = "js/sw.js"
SWITCHED_OFF = (
    "ARTICLE_PATHS",
    "PAGE_PATHS",
    "STATIC_PATHS",
    "THEME_STATIC_PATHS",
    "THEME_TEMPLATES_OVERRIDES",
    "DIRECT_TEMPLATES",
    "TEMPLATE_PAGES",
)


class UnsafeSettings(Exception):
    """Raised when a Pelican setting would let content out of the editions, or mark-up out of a name."""


def refuse_unsafe_settings(pelican: Any) -> None:
    """Refuse settings under which Pelican would publish content by itself or print it unescaped."""
    settings = pelican.settings
    for name in SWITCHED_OFF:
        if settings.get(name):
            raise UnsafeSettings(f"{name} must be empty: content reaches a page only through an edition")
    if settings["JINJA_ENVIRONMENT"].get("autoescape") is not True:
        raise UnsafeSettings("JINJA_ENVIRONMENT needs autoescape=True")


@dataclass(frozen=True)
class Site:
    """The company, as templates see it."""

    name: str
    tagline: str
    company: str
    language: str
    contact: Mapping[str, Any]
    programme: str
    points: str


class EditionsGenerator(Generator):
    """Renders each edition once, and each member's slots once."""

    def generate_context(self) -> None:
        """Read and check the inputs, unless the press has done so already."""
        settings = self.settings
        self.inputs: Inputs = settings.get("PORTAL_INPUTS") or load_inputs(
            Path(self.path),
            Path(settings["PORTAL_MEMBERS"]),
            self._today(),
            settings["MARKDOWN"],
            language=settings["DEFAULT_LANG"],
        )
        self.on = self.inputs.on
        self.stated_day = self.on if settings.get("PORTAL_TODAY") else None
        self.cache = Path(settings.get("PORTAL_CACHE") or Path(self.output_path).parent / "cache")
        self.prefix = urlsplit(settings["SITEURL"]).path.rstrip("/") + "/"

    def _today(self) -> date:
        """Return the day in PORTAL_TODAY (ISO 8601); without it, the present day in the site's time zone."""
        stated, zone = self.settings.get("PORTAL_TODAY"), self.settings.get("TIMEZONE")
        return date.fromisoformat(stated) if stated else clock.today(ZoneInfo(zone) if zone else None)

    def _prepare_theme(self) -> Theme:
        self.env.loader = FileSystemLoader(Path(self.theme) / "templates")  # Pelican's own theme never steps in
        self.env.globals |= {"asset": asset_address(asset_versions(Path(self.theme) / "static"))}
        self.env.globals |= {"slot": slot, "part": part}
        language = self.settings["DEFAULT_LANG"]
        self.env.filters |= date_filters(language) | number_filters(language, self.inputs.programme.currency)
        common = {
            "site": self._site(),
            "stated_day": self.stated_day,
            "has_till": bool(self.settings.get("PORTAL_TILL")),
        }
        return Theme(self.env, Path(self.theme) / "templates", common)

    def _site(self) -> Site:
        settings, block = self.settings, self.settings["PORTAL_SITE"]
        return Site(
            settings["SITENAME"],
            block["tagline"],
            block["company"],
            settings["DEFAULT_LANG"],
            block["contact"],
            self.inputs.programme.name,
            self.inputs.programme.points.name,
        )

    def generate_output(self, writer: Any) -> None:
        """Write public/, editions/<name>/ and members/<id>/."""
        programme, library, theme = self.inputs.programme, self.inputs.library, self._prepare_theme()
        self._write_static()
        editions = {reader: make_edition(reader, library, programme, self.on) for reader in programme.readers}
        for edition in editions.values():
            self._write_edition(edition, theme, writer)
        self.cases = Casebook(self.inputs.standings, library.items.values(), self.settings.get("PORTAL_COUPONS"))
        self.letters = self._list_letters()
        for member in self.inputs.members:
            self._write_member(member, editions[member.edition])

    def _write_static(self) -> None:
        public = Path(self.output_path) / PUBLIC
        shutil.copytree(Path(self.theme) / "static", public / "theme")
        (public / "theme" / WORKER).rename(public / "sw.js")  # a worker's scope is the folder it lies in
        build_fonts(self.settings["PORTAL_FONTS"], public / "theme" / "fonts", self.cache / "fonts")

    def _write_edition(self, edition: Edition, theme: Theme, writer: Any) -> None:
        folder = PUBLIC if edition.is_public else f"editions/{edition.name}"
        pages = Pages(theme, edition, writer, folder)
        if edition.is_public:
            self._write_public_pages(pages)
        else:
            self._write_members_pages(edition, pages)
            self._write_text(f"{folder}/assets/tiers.css", tier_colours(self.inputs.programme))
        for section in edition.sections:
            pages.write(section.url, f"list-{section.kind}", "list", title=section.title, section=section)
        for shown in edition.items.values():
            if isinstance(shown.item.front, Newsletter):
                self._write_newsletter(shown, edition, pages)
            else:
                pages.write_item(shown)
        self._copy_files(edition.files, folder)

    def _write_public_pages(self, pages: Pages) -> None:
        pages.write("", "landing", title=self.settings["SITENAME"])
        pages.write("404.html", "shell", title=self.settings["SITENAME"], root=self.prefix)

    def _write_members_pages(self, edition: Edition, pages: Pages) -> None:
        pages.write("", "home", title=self.settings["SITENAME"], causes=self.inputs.standings.causes)
        pages.write("404.html", "not-found", title="Not found", root=self.prefix)
        pages.write("tiers/", "tiers", title="Tiers")
        pages.write("account/", "account", title="Your account")
        if edition.name == STAFF and (till := self.settings.get("PORTAL_TILL")):
            pages.write("till/", "till", title="At the till", till=till)
        for rung in edition.tiers:
            pages.write(rung.url, "tier", title=rung.tier.name, description=rung.tier.summary, tier=rung)

    def _write_newsletter(self, shown: Shown, edition: Edition, pages: Pages) -> None:
        """Write an issue's page, which differs from edition to edition as its sections do."""
        item = self.inputs.library.items[shown.path]
        issue = contents_of(item, edition, self.inputs.library, self.settings["DEFAULT_LANG"], self.on)
        has_pdf = not edition.is_public and item.slug in self.settings.get("PORTAL_PDF", ())
        pages.write(
            item.url,
            "item-newsletter",
            "item",
            title=item.front.title,
            description=item.front.summary,
            item=shown,
            issue=issue,
            pdf=f"{item.slug}.pdf" if has_pdf else "",
        )

    def _write_member(self, member: Member, edition: Edition) -> None:
        programme, folder = self.inputs.programme, f"members/{member.id}"
        base = {"site": self._site(), "root": self.prefix, "causes": self.inputs.standings.causes}
        base["letters"] = [item for item, holders in self.letters if member.id in holders]
        slots = member_slots(
            self.cases.open(member, edition), programme, self.env, base, self.on, keeps_day=self.stated_day is not None
        )
        manager = programme.manager(member.manager_key)
        self._copy_files(frozenset({manager.photo} if manager and manager.photo else ()), folder)
        self._write_text(f"{folder}/slots.json", json.dumps(slots, ensure_ascii=False, sort_keys=True))

    def _list_letters(self) -> list[tuple[Item, frozenset[str]]]:
        """List the issues that somebody has as a letter, with who; the newest first."""
        holders: Mapping[str, frozenset[str]] = self.settings.get("PORTAL_LETTERS", {})
        found = [(item, holders[item.slug]) for item in issues_in(self.inputs.library) if item.slug in holders]
        return sorted(found, key=lambda pair: newsletter_of(pair[0]).day, reverse=True)

    def _copy_files(self, paths: frozenset[str], folder: str) -> None:
        for path in sorted(paths):
            target = Path(self.output_path) / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.inputs.library.folder / path, target)

    def _write_text(self, path: str, text: str) -> None:
        target = Path(self.output_path) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
