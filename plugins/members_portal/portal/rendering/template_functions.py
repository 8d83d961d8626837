"""The functions and filters of the theme's templates. Another process can make an equal environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from members_portal.portal.picture.picture_markup import (
    PictureSource,
    cover_picture,
    picture_filter,
    picture_function,
)
from members_portal.portal.picture.rendition import PictureFacts
from members_portal.portal.rendering.asset import integrity_of
from members_portal.portal.rendering.dated_part import (
    SameDays,
    dated_function,
    day_after,
    day_before,
    days_until_function,
    one_at_a_time,
)
from members_portal.portal.rendering.formats import date_filters, member_filters, number_filters
from members_portal.portal.rendering.page import part
from members_portal.portal.rendering.slot import own_function, slot_function
from members_portal.portal.template_code import DirectContext, TemplateCode
from members_portal.portal.text.headings import table_of_contents

PELICANS_OWN = {"strftime", "plugin_enabled"}  # what Pelican adds to an environment; slots do without


@dataclass(frozen=True)
class TemplateFunctions:
    """What the functions and filters of templates depend on; `assets` maps each theme file to its version."""

    assets: Mapping[str, str]
    nonce: str
    is_fixed: bool
    language: str
    currency: str

    def add_to(
        self, env: Environment, pictures: PictureSource, days: SameDays, files: Mapping[str, bytes] | None = None
    ) -> None:
        """Add the functions and filters to an environment; `files` are the theme's, for pages of visitors."""
        env.code_generator_class, env.context_class = TemplateCode, DirectContext
        env.auto_reload = False  # each template is read once
        env.cache = {}  # and none is forgotten: Jinja's own cache notes each use
        env.globals |= {"asset": asset_address(self.assets), "integrity": asset_integrity(files or {})}
        env.globals |= {"slot": slot_function(self.nonce), "own": own_function(self.nonce)}
        env.globals |= {"part": part, "dated": dated_function(days, is_fixed=self.is_fixed)}
        env.globals["days_until"] = days_until_function(self.language, days.on, is_fixed=self.is_fixed)
        env.globals |= {"picture": picture_function(pictures)}
        env.filters |= {"pictured": picture_filter(pictures), "cover": lambda shown: cover_picture(shown.item)}
        env.filters |= {"day_after": day_after, "day_before": day_before, "one_at_a_time": one_at_a_time}
        env.filters |= {"table_of_contents": table_of_contents}
        env.filters |= date_filters(self.language) | number_filters(self.language, self.currency)
        env.filters |= member_filters(self.language)


@dataclass(frozen=True)
class KnownPictures:
    """Pictures of which the facts are known."""

    known: Mapping[str, PictureFacts]

    def facts(self, path: str) -> PictureFacts:
        """Return the facts about a picture; raise KeyError for another one."""
        return self.known[path]


@dataclass(frozen=True)
class EnvironmentRecipe:
    """All that an environment of the theme's templates is made from; `jinja` are the arguments of `Environment`."""

    templates: Path
    jinja: Mapping[str, Any]
    functions: TemplateFunctions
    days: SameDays
    pictures: KnownPictures = field(default_factory=lambda: KnownPictures({}))

    def make(self) -> Environment:
        """Return a new environment."""
        env = Environment(loader=FileSystemLoader(self.templates), **self.jinja)  # noqa: S701 - in `jinja`, and checked
        self.functions.add_to(env, self.pictures, self.days)
        return env


def has_additions(env: Environment, jinja: Mapping[str, Any]) -> bool:
    """Return whether an environment has more functions, filters or tests than Jinja gives it for these arguments."""
    plain = Environment(**jinja)  # noqa: S701 - nothing is rendered with it
    tables: list[Callable[[Environment], Mapping[str, Any]]] = [
        lambda each: each.globals,
        lambda each: each.filters,
        lambda each: each.tests,
    ]
    return any(
        name not in PELICANS_OWN and table(plain).get(name) is not value
        for table in tables
        for name, value in table(env).items()
    )


def asset_address(versions: Mapping[str, str]) -> Callable[[Context, str], str]:
    """Return the template function `asset(path)`, which returns the versioned address of a theme file."""

    @pass_context
    def asset(context: Context, path: str) -> str:
        if path not in versions:
            raise FileNotFoundError(f"{context.name} asks for static/{path}, which the theme doesn't have")
        return f"{context['root']}theme/{path}?v={versions[path]}"

    return asset


def asset_integrity(files: Mapping[str, bytes]) -> Callable[[Context, str], Markup]:
    """Return the template function `integrity(path)`: the attribute of a published file on public pages, else nothing.

    Members' pages need none: they are sealed, and the worker checks their theme files.
    """
    attributes = {path: _attribute(content) for path, content in files.items()}

    @pass_context
    def integrity(context: Context, path: str) -> Markup:
        return attributes[path] if context["edition"].is_public else Markup("")

    return integrity


def _attribute(content: bytes) -> Markup:
    return Markup(' integrity="{}"').format(integrity_of(content))
