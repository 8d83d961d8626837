"""Markup: the HTML elements, attributes and addresses that the text of an item may have; all others are refused.

`clean` enforces the lists. `find_refused` explains what it drops, so that nothing is dropped silently. The product's
own markup (slots, the till's data, scripts) comes from templates, outside of this text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3

ALLOWED_ELEMENTS = frozenset(
    "a abbr article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em"
    " figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small"
    " source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr".split()
)
GLOBAL_ATTRIBUTES = frozenset({"class", "dir", "id", "lang", "role", "title", "aria-hidden", "aria-label"})
ALLOWED_ATTRIBUTES = {
    "a": "href hreflang",
    "audio": "controls loop muted preload src",
    "bdo": "dir",
    "col": "span",
    "colgroup": "span",
    "del": "datetime",
    "details": "open",
    "img": "alt height sizes src srcset width",
    "ins": "datetime",
    "li": "value",
    "ol": "reversed start type",
    "source": "height media sizes src srcset type width",
    "td": "align colspan headers rowspan",
    "th": "abbr align colspan headers rowspan scope",
    "time": "datetime",
    "track": "default kind label src srclang",
    "video": "controls height loop muted playsinline poster preload src width",
}
SCHEMES = frozenset({"http", "https", "mailto", "sms", "tel"})  # of links
ADDRESSES = frozenset({"href", "poster", "src"})

_ALLOWED: dict[str, set[str]] = {"*": set(GLOBAL_ATTRIBUTES)} | {
    name: set(words.split()) for name, words in ALLOWED_ATTRIBUTES.items()
}
PICTURE_DATA = re.compile(r"data:image/(?:avif|gif|jpeg|png|webp)[;,]", re.IGNORECASE)  # an SVG may hold anything
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"^[\x00-\x20]+|[\t\n\r]+")  # a browser ignores these in an address
_TAG = re.compile(r"<[^>]*>")
_PLAIN = re.compile(r'</?([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>')
_PAIR = re.compile(r' ([a-z-]+)="([^"]*)"')
_DECLARATION = re.compile(r"<\?|<!(?!--)\W?\w*")  # of XML or of a document
_IMPLIED = frozenset({"html", "head", "body"})  # a parser adds these

WRITTEN_ATTRIBUTES = "text, links, images and media, as docs/writing.md lists them"


@dataclass(frozen=True)
class RefusedMarkup:
    """Markup that is not published: the problem, the expected markup, and the way to its place in the source."""

    needle: str
    what: str
    expected: str = WRITTEN_ATTRIBUTES


def clean(html: str) -> str:
    """Reduce HTML to the listed elements and attributes; drop comments."""
    return nh3.clean(
        html,
        tags=set(ALLOWED_ELEMENTS),
        attributes=_ALLOWED,
        attribute_filter=_kept,
        link_rel=None,
        url_schemes={*SCHEMES, "data"},
    )


def _kept(element: str, attribute: str, value: str) -> str | None:
    return value if attribute not in ADDRESSES or _is_address(element, attribute, value) else None


def _is_address(element: str, attribute: str, value: str) -> bool:
    """Tell whether an address is relative, has a listed scheme, or is the data of a picture in an `img`."""
    address = _IGNORED.sub("", value)
    scheme = _SCHEME.match(address)
    if scheme is None or scheme[1].lower() in SCHEMES:
        return True
    return (element, attribute) == ("img", "src") and bool(PICTURE_DATA.match(address))


def find_refused(html: str) -> list[RefusedMarkup]:
    """List the markup that `clean` drops. HTML of listed elements is not parsed: parsing takes longer than `clean`."""
    tags = _TAG.findall(html)
    if html.count("<") == len(tags) and all(map(_is_plain, set(tags))):
        return []
    foreign = [RefusedMarkup(sign, f"`{sign}` isn't published") for sign in _DECLARATION.findall(html)]
    import tinyhtml5  # most texts hold no HTML: they need no parser

    faults = _faults(tinyhtml5.parse(html, namespace_html_elements=False))
    return list(dict.fromkeys([*foreign, *faults]))


@lru_cache(maxsize=4096)
def _is_plain(tag: str) -> bool:
    found = _PLAIN.fullmatch(tag)
    if not found or found[1] not in ALLOWED_ELEMENTS or "&" in tag:
        return False
    return not any(_attribute_fault(found[1], name, value) for name, value in _PAIR.findall(found[2]))


def _faults(tree: Any) -> Iterator[RefusedMarkup]:
    for node in tree.iter():
        if not isinstance(node.tag, str):
            yield from _comment_faults(node.text or "")
            continue
        name = _local(node.tag)
        if name not in ALLOWED_ELEMENTS | _IMPLIED or "}" in node.tag:
            yield RefusedMarkup(f"<{name}", f"`<{name}>` isn't published")
        else:
            for attribute, value in node.attrib.items():
                yield from _attribute_fault(name, _local(attribute), value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _comment_faults(text: str) -> Iterator[RefusedMarkup]:
    """Refuse what imitates a slot. Other comments are notes of the editor: they are dropped."""
    if re.match(r"\s*/?slot\b", text):
        yield RefusedMarkup(f"<!--{text}", "a slot stands in templates of the theme only")


def _attribute_fault(element: str, attribute: str, value: str) -> list[RefusedMarkup]:
    if attribute not in GLOBAL_ATTRIBUTES and attribute not in _ALLOWED.get(element, ()):
        return [RefusedMarkup(attribute, f"`{attribute}` of `<{element}>` isn't published")]
    if attribute in ADDRESSES and not _is_address(element, attribute, value):
        expected = "a file below content/, or an address with https:, http:, mailto:, tel: or sms:"
        return [RefusedMarkup(value, f"`{value:.40}` isn't an address that is published", expected)]
    return []
