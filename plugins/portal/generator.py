"""The Pelican generator that writes public/, editions/ and members/.

Pelican's own generators stay switched off in pelicanconf.py (no ARTICLE_PATHS, no DIRECT_TEMPLATES): everything that
prints content goes through an Edition, so no template can reach another tier's items.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Template, pass_context
from jinja2.runtime import Context
from pelican.generators import Generator

from plugins.loyalty.audience import PUBLIC
from plugins.loyalty.member import Member
from plugins.loyalty.programme import Programme
from plugins.portal.asset import asset_versions
from plugins.portal.edition import Edition, make_edition
from plugins.portal.font import build_fonts
from plugins.portal.formats import date_filters
from plugins.portal.inputs import Inputs, load_inputs
from plugins.portal.slot import member_slots, slot

WORKER = "js/sw.js"
SWITCHED_OFF = (
    "ARTICLE_PATHS",
    "PAGE_PATHS",
    "STATIC_PATHS",
    "THEME_STATIC_PATHS",
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
    block: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.block[name]
        except KeyError:
            raise AttributeError(name) from None


class EditionsGenerator(Generator):
    """Renders each edition once, and each member's slots once."""

    def generate_context(self) -> None:
        """Read and check the inputs, unless the press has done so already."""
        settings = self.settings
        self.inputs: Inputs = settings.get("PORTAL_INPUTS") or load_inputs(
            Path(self.path),
            Path(settings["PORTAL_MEMBERS"]),
            datetime.now().astimezone().date(),
            settings["MARKDOWN"],
        )
        self.on = self.inputs.on
        self.cache = Path(settings.get("PORTAL_CACHE") or Path(self.output_path).parent / "cache")
        self.prefix = urlsplit(settings["SITEURL"]).path.rstrip("/") + "/"
        self._prepare_environment()

    def _prepare_environment(self) -> None:
        self.versions = asset_versions(Path(self.theme) / "static")
        self.env.globals |= {"asset": _asset(self.versions), "slot": slot}
        self.env.filters |= date_filters(self.settings["DEFAULT_LANG"])

    def generate_output(self, writer: Any) -> None:
        """Write public/, editions/<name>/ and members/<id>/."""
        programme, library = self.inputs.programme, self.inputs.library
        self._write_theme()
        editions = {
            reader: make_edition(reader, library, programme, self.on) for reader in programme.readers
        }
        for edition in editions.values():
            self._write_edition(edition, writer)
        for member in self.inputs.members:
            self._write_member(member, editions[member.edition])

    def _write_theme(self) -> None:
        public = Path(self.output_path) / PUBLIC
        shutil.copytree(Path(self.theme) / "static", public / "theme")
        (public / "theme" / WORKER).rename(public / "sw.js")  # a worker's scope is the folder it lies in
        build_fonts(self.settings["PORTAL_FONTS"], public / "theme" / "fonts", self.cache / "fonts")

    def _write_edition(self, edition: Edition, writer: Any) -> None:
        folder = PUBLIC if edition.is_public else f"editions/{edition.name}"
        pages = _Pages(self, writer, folder, self._edition_context(edition))
        if edition.is_public:
            pages.write("", "landing", title=self.settings["SITENAME"])
            pages.write("404.html", "shell", title=self.settings["SITENAME"], root=self.prefix)
        else:
            self._write_members_pages(edition, pages)
        for section in edition.sections:
            pages.write(section.url, f"list-{section.kind}", "list", title=section.title, section=section)
        for shown in edition.items.values():
            pages.write(
                shown.url, f"item-{shown.kind}", "item", title=shown.title, description=shown.summary, item=shown
            )
        self._copy_files(edition.files, folder)

    def _write_members_pages(self, edition: Edition, pages: "_Pages") -> None:
        pages.write("", "home", title=self.settings["SITENAME"])
        pages.write("404.html", "not-found", title="Not found", root=self.prefix)
        pages.write("tiers/", "tiers", title="Tiers")
        pages.write("account/", "account", title="Your account")
        for rung in edition.tiers:
            pages.write(rung.url, "tier", title=rung.tier.name, description=rung.tier.summary, tier=rung)
        target = Path(self.output_path) / "editions" / edition.name / "assets" / "tiers.css"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(tier_colours(self.inputs.programme), "utf-8")

    def _copy_files(self, paths: frozenset[str], folder: str) -> None:
        for path in sorted(paths):
            target = Path(self.output_path) / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.inputs.library.folder / path, target)

    def _write_member(self, member: Member, edition: Edition) -> None:
        programme = self.inputs.programme
        folder = f"members/{member.id}"
        base = {"site": self._site(), "root": self.prefix, "date": self.on}
        slots = member_slots(member, edition, programme, self.env, base, self.on)
        manager = programme.manager(member.account_manager)
        self._copy_files(frozenset({manager.photo} if manager and manager.photo else ()), folder)
        target = Path(self.output_path) / folder / "slots.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(slots, ensure_ascii=False, sort_keys=True), "utf-8")

    def _site(self) -> Site:
        settings = self.settings
        block = settings["PORTAL_SITE"]
        return Site(
            settings["SITENAME"],
            block["tagline"],
            block["company"],
            settings["DEFAULT_LANG"],
            block["contact"],
            self.inputs.programme.name,
            block,
        )

    def _edition_context(self, edition: Edition) -> dict[str, Any]:
        return {
            "site": self._site(),
            "edition": edition,
            "sections": edition.sections,
            "menu": edition.menu,
            "footer": edition.footer,
            "tiers": edition.tiers,
            "teasers": edition.teasers,
            "date": self.on,
        }

    def template(self, *names: str) -> Template:
        """Return the first of these templates that the theme has; Pelican's own theme never steps in."""
        folder = Path(self.theme) / "templates"
        for name in names:
            if (folder / f"{name}.html").is_file():
                return self.env.get_template(f"{name}.html")
        raise FileNotFoundError(f"the theme has no templates/{names[-1]}.html")


class _Pages:
    """Writes the pages of one edition."""

    def __init__(self, generator: EditionsGenerator, writer: Any, folder: str, context: Mapping[str, Any]) -> None:
        self.generator, self.writer, self.folder, self.context = generator, writer, folder, context

    def write(self, url: str, *templates: str, title: str, description: str = "", **more: Any) -> None:
        name = url if url.endswith(".html") else f"{url}index.html"
        page = {"title": title, "url": url, "description": description}
        root = more.pop("root", "../" * url.count("/"))
        context = {**self.context, "page": page, "root": root, "localsiteurl": None, **more}
        self.writer.write_file(f"{self.folder}/{name}", self.generator.template(*templates), context)


def _asset(versions: Mapping[str, str]) -> Any:
    @pass_context
    def asset(context: Context, path: str) -> str:
        if path not in versions:
            raise FileNotFoundError(f"{context.name} asks for static/{path}, which the theme doesn't have")
        return f"{context['root']}theme/{path}?v={versions[path]}"

    return asset


def tier_colours(programme: Programme) -> str:
    """Write the CSS that gives each tier its colour, light and dark."""

    def rules(colours: Mapping[str, str]) -> str:
        return "".join(f'[data-tier="{key}"]{{--tier:{colour}}}\n' for key, colour in colours.items())

    light = {tier.key: tier.colour for tier in programme.tiers}
    dark = {tier.key: tier.colour_dark for tier in programme.tiers}
    return f"{rules(light)}@media (prefers-color-scheme: dark){{\n{rules(dark)}}}\n"


