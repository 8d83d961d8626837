"""Source texts: the texts that a reader may see, before they are rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from babel.dates import get_day_names, get_month_names
from pydantic import BaseModel

from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.portal.answering.form_view import FormViews
from members_portal.portal.content.front.front import Front
from members_portal.portal.content.item import KINDS, Item
from members_portal.portal.content.library import Library
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.asset import CAMERA_LIBRARY, published
from members_portal.publish.context import PublishContext

_ATTRIBUTES = re.compile(r"(</?\w+)\s[^>]*>")
_NUMBER = re.compile(r"&#\w+;?")


def written_for(inputs: Inputs, reader: str) -> list[str]:
    """Return the texts that a reader may see: items, the settings block, and words of the rendering."""
    items = [item for item in inputs.library.items.values() if item.visible_to(reader, inputs.on)]
    texts = (text for item in items for text in (*written_texts(item, inputs.library), *rendered_texts(item, inputs)))
    return [*texts, *site_texts(inputs, reader)]


def written_texts(item: Item, library: Library) -> list[str]:
    """Return the texts of an item as they are written: its address, its front matter, its markdown."""
    return [item.url, *texts_of(_written_front(item)), library.documents[item.path].body]


def rendered_texts(item: Item, inputs: Inputs) -> list[str]:
    """Return the questions of the form of an item, and its HTML without attributes.

    The HTML of an item with letters as numbers is left out: decoded, `</a> second drum` contains the words `a second
    drum`.
    """
    questions = texts_of(FormViews(inputs.programme).questions(item.front.form)) if item.front.form else ()
    is_disguised = _disguises(inputs.library.documents[item.path].body)
    return [*questions, *([] if is_disguised else [_ATTRIBUTES.sub(r"\1>", item.html)])]


def site_texts(inputs: Inputs, reader: str) -> list[str]:
    """Return the texts of the settings block, of the programme (for members) and of the rendering."""
    kinds = [f"{kind.title} {kind.label} {kind.url}" for kind in KINDS]
    site = [*inputs.site.texts, inputs.programme.name]
    if reader != PUBLIC:
        site += [*texts_of(inputs.programme), *(item.front.teaser or "" for item in inputs.library.items.values())]
    return [*kinds, *site, *_calendar(inputs.site.language)]


def _written_front(item: Item) -> Front:
    """Return the front matter as it was written: a derived summary is the text again, without its disguise."""
    return item.front.model_copy(update={"summary": ""}) if item.has_derived_summary else item.front


def _disguises(markdown: str) -> bool:
    """Tell whether a text has letters as numbers (`&#84;`): its HTML has them as letters, and is no evidence."""
    return any(unescape(number).isalnum() for number in _NUMBER.findall(markdown))


def texts_of(value: Any) -> Iterator[str]:
    """Yield all texts inside a model, a mapping or a list."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | frozenset):
        for part in value:
            yield from texts_of(part)
    elif value is not None:
        yield str(value)


def theme_sources(context: PublishContext) -> list[Path]:
    """Return the templates and static files of the theme, and the modules that read QR codes at the till."""
    static = (context.theme / "static").rglob("*")
    found = [*context.theme.rglob("*.html"), *static, *CAMERA_LIBRARY.glob("*")]
    return [path for path in found if path.is_file()]


def theme_text(file: Path) -> str:
    """Return the published content of a file of the theme as text."""
    return published(file.name, file.read_text("utf-8", "replace").encode()).decode()


def _calendar(language: str) -> list[str]:
    locale = language.replace("-", "_")
    months = [get_month_names("wide", locale=locale), get_month_names("abbreviated", locale=locale)]
    days = [get_day_names("wide", locale=locale), get_day_names("abbreviated", locale=locale)]
    return [str(name) for names in (*months, *days) for name in names.values()]
