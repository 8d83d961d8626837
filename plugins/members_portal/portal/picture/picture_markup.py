"""The HTML that shows a picture: `<picture>` with an AVIF and a JPEG `srcset`, sizes and dimensions.

In a text, each `<img>` of a raster picture becomes such an element, unless the editor wrote `<picture>` or `srcset`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import escape, unescape
from itertools import groupby
from typing import Protocol
from urllib.parse import quote, unquote

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from members_portal.picture_file import is_raster
from members_portal.portal.content.item import Item
from members_portal.portal.picture.inline_picture import clean_all_inline
from members_portal.portal.picture.picture_store import PictureStore
from members_portal.portal.picture.rendition import PictureFacts, Rendition

PROSE_SIZES = "(min-width: 740px) 680px, 94vw"  # the width of a text's column

_SHOWN = re.compile(r"<picture\b.*?</picture>|<img [^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_MEDIA_TYPES = {"AVIF": "image/avif", "JPEG": "image/jpeg", "WEBP": "image/webp"}


class PictureSource(Protocol):
    """Knows what pages state about pictures."""

    def facts(self, path: str) -> PictureFacts:
        """Return the facts about a picture, by its content path."""


def shown_pictures(item: Item) -> frozenset[str]:
    """Return the content paths of the raster pictures that an item's page shows in renditions."""
    html, root = item.rendered, "../" * item.url.count("/")
    found = _in_text(html, root) if "<img" in html else frozenset()
    return found | {item.front.image} if item.front.image and is_raster(item.front.image) else found


@lru_cache(maxsize=1 << 13)  # each edition asks for those of the same texts; a preview keeps earlier texts, too
def _in_text(html: str, root: str) -> frozenset[str]:
    return frozenset(path for tag in _SHOWN.findall(html) if (path := _path(tag, root)))


def cover_picture(item: Item) -> str:
    """Return the content path of the picture of an item in lists: `Image:`, else the first raster one in its text.

    A list that shows it does not count as one that reads the text.
    """
    if item.front.image:
        return item.front.image
    root = "../" * item.url.count("/")
    paths = (_path(tag, root) for tag in _SHOWN.findall(item.rendered)) if "<img" in item.rendered else ()
    return next(filter(None, paths), "")


def _path(tag: str, root: str) -> str:
    """Return the content path of an `<img>` that is to have renditions, empty for any other element."""
    attributes = dict(_ATTRIBUTE.findall(tag)) if tag.startswith("<img") else {}
    source = unescape(attributes.get("src", ""))
    if not source.startswith(root) or "srcset" in attributes:
        return ""
    path = unquote(source.removeprefix(root).partition("#")[0])
    return path if is_raster(path) else ""


def picture_function(store: PictureSource) -> Callable[..., Markup]:
    """Return the template function `picture(path, alt, sizes, lazy=True)`."""

    @pass_context
    def picture(context: Context, path: str, alt: str, sizes: str, lazy: bool = True) -> Markup:
        root = str(context["root"])
        loading = ' loading="lazy"' if lazy else ""
        image = f'<img{loading} src="{root}{escape(quote(path))}" alt="{escape(alt)}">'
        if is_raster(path) and store.facts(path).is_portrait:
            image = image.replace("<img", "<img data-portrait", 1)
        return Markup(_enriched(image, path, root, sizes, store))  # noqa: S704 - escaped above

    return picture


def picture_filter(store: PictureSource) -> Callable[..., Markup]:
    """Return the filter `pictured`, which gives the pictures of a text their renditions."""

    @pass_context
    def pictured(context: Context, html: str) -> Markup:
        root = str(context["root"])

        def enrich(found: re.Match[str]) -> str:
            path = _path(found[0], root)
            return _enriched(found[0], path, root, PROSE_SIZES, store) if path else clean_all_inline(found[0])

        return Markup(_SHOWN.sub(enrich, html) if "<img" in html else html)  # noqa: S704 - the item's own HTML

    return pictured


def _enriched(image: str, path: str, root: str, sizes: str, store: PictureSource) -> str:
    """Return an `<img>` with its renditions; one of another kind of picture unchanged."""
    if not is_raster(path):
        return image
    facts, attributes = store.facts(path), dict(_ATTRIBUTE.findall(image))
    if (width := attributes.get("width", "")).isdecimal():
        sizes = f"min({width}px, 94vw)"
    more = "" if {"width", "height"} & attributes.keys() else f' width="{facts.width}" height="{facts.height}"'
    sources, fallback = _sources(facts, root, sizes)
    return f"<picture>{''.join(sources)}<img{fallback}{more}{image.removeprefix('<img')}</picture>"


def _sources(facts: PictureFacts, root: str, sizes: str) -> tuple[list[str], str]:
    """Return the `<source>` elements of a picture, and the attributes of its `<img>`."""
    if facts.is_animated:
        still = f'media="(prefers-reduced-motion: reduce)" type="image/avif"{_srcset(facts.renditions, root, sizes)}'
        return [f"<source {still}>"], ""
    by_kind = [(kind, list(group)) for kind, group in groupby(facts.renditions, key=lambda each: each.kind)]
    sources = [f'<source type="{_MEDIA_TYPES[kind]}"{_srcset(group, root, sizes)}>' for kind, group in by_kind[:-1]]
    return sources, _srcset(by_kind[-1][1], root, sizes)


def _srcset(renditions: Iterable[Rendition], root: str, sizes: str) -> str:
    candidates = ", ".join(f"{root}{each.address} {each.width}w" for each in renditions)
    return f' srcset="{candidates}" sizes="{escape(sizes)}"'


def rendition_addresses(items: Iterable[Item], store: PictureStore) -> Iterator[tuple[str, str]]:
    """Yield the address of each rendition that the pages of items show, and the content path of its picture."""
    for path in sorted(frozenset().union(*map(shown_pictures, items))):
        for rendition in store.facts(path).renditions:
            yield rendition.address, path
