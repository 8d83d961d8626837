"""Drawings: SVG files, which a browser opens like pages; refused are scripts, foreign markup and outer addresses.

A check that reads a file otherwise than a browser can be deceived. So this module refuses all that readers disagree
about: escapes in styles, entities, document types with declarations, elements of other formats. Styles are searched
without regard to comments and strings: a loading function is refused wherever it stands.
"""

import codecs
import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

MOST_BYTES = 8_000_000
MOST_STYLE = 100_000  # characters of all style elements, and of a style attribute; the styles of a map have 20,000
MOST_BRACKETS = 32  # open at once in a style; usual styles have 4, and programs parse them recursively
MOST_LEVELS = 200  # elements open at once; usual drawings have 20

SVG_SPACE = "http://www.w3.org/2000/svg"
XML = "http://www.w3.org/XML/1998/namespace"
METADATA = (  # of drawing programs: no browser acts on these elements
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/DTD/",
)
DRAWING_ELEMENTS = frozenset(
    "a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix"
    " feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow"
    " feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset"
    " fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g hatch hatchpath image line"
    " linearGradient marker mask metadata mpath path pattern polygon polyline radialGradient rect set solidcolor stop"
    " style svg switch symbol text textPath title tref tspan use view".split()
)
DRAWING_ADDRESSES = frozenset({"href", "ping", "src"})
SAFE_DRAWING = "a drawing without scripts and without addresses of other files"

_SPACE = r"[ \t\r\n]*"
_DATA = "data:image/(?:avif|gif|jpeg|png|webp)[;,]"
_WITHIN = re.compile(rf"{_SPACE}(?:$|#|{_DATA})", re.IGNORECASE | re.ASCII)
_LOADING = re.compile(r"(?:url|src|image(?:-set|-rect)?|cross-fade|expression)\(", re.IGNORECASE | re.ASCII)  # of CSS
_URL_WITHIN = re.compile(rf"url\({_SPACE}[\"']?{_SPACE}(?:#|{_DATA})", re.IGNORECASE | re.ASCII)
_IMPORT = re.compile("@import", re.IGNORECASE | re.ASCII)
_SVG_TYPE = re.compile(r"-//W3C//DTD SVG [\w. ]+//EN", re.ASCII)  # a browser declares no entities for these

_DECLARATION = re.compile(
    r"""<\?xml\s+version\s*=\s*(["'])1\.0\1(?:\s+encoding\s*=\s*(["'])(?P<encoding>[A-Za-z][\w.-]*)\2)?"""
    r"""(?:\s+standalone\s*=\s*(["'])(?:yes|no)\4)?\s*\?>"""
)
_STANDALONE = '<?xml version="1.0" standalone="yes"?>'  # expat skips unknown entities of any other document
_UNICODE = frozenset({"", "utf-8", "utf-16"})
_LIKE_ASCII = _UNICODE | {"us-ascii", "iso-8859-1", "windows-1252"}


class _Refused(Exception):
    """Raised inside the parser with the reason."""


def drawing_fault(data: bytes) -> str:
    """Return why an SVG file can't be published; empty when it can."""
    if len(data) > MOST_BYTES:
        return f"has {len(data)} bytes, at most {MOST_BYTES} are read"
    reader = _Reader()
    try:
        reader.parser.Parse(_source(data), True)
        reader.finish()
    except _Refused as error:
        return str(error)
    except expat.ExpatError as error:
        return f"line {error.lineno}: isn't well-formed: {expat.ErrorString(error.code)}"
    except ValueError as error:
        return f"isn't well-formed: {error}"
    return ""


def _source(data: bytes) -> str:
    """Return the text of a drawing as a standalone document, in which an unknown entity is an error."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if is_wide else "utf-8-sig")
    found = _DECLARATION.match(text)
    if found is None:
        return _STANDALONE + text
    encoding = found["encoding"] or ""
    if encoding.lower() not in (_LIKE_ASCII if text.isascii() else _UNICODE):
        raise _Refused(f"line 1: the encoding {encoding} isn't published; save the file as UTF-8")
    return _STANDALONE + "\n" * found[0].count("\n") + text[found.end() :]


class _Reader:
    """Checks elements, attributes and styles while expat parses: no tree is built, no entity is expanded."""

    def __init__(self) -> None:
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._located(self._start)
        parser.EndElementHandler = self._located(self._end)
        parser.CharacterDataHandler = self._located(self._text)
        parser.StartDoctypeDeclHandler = self._located(self._doctype)
        parser.ProcessingInstructionHandler = self._located(self._instruction)
        self.levels = 0
        self.in_style = False
        self.style: list[str] = []  # the text of the open style element, in parts
        self.styles: list[str] = []
        self.left = MOST_STYLE

    def _located(self, handle: Callable[..., None]) -> Callable[..., None]:
        """Return a handler that adds the line number to a _Refused, which only the parser knows."""

        def handler(*arguments: Any) -> None:
            try:
                handle(*arguments)
            except _Refused as error:
                raise _Refused(f"line {self.parser.CurrentLineNumber}: {error}") from None

        return handler

    def finish(self) -> None:
        """Check the styles as one text, too: a browser parses each alone, other programs may join them."""
        self._located(_check_style)("".join(self.styles))

    def _doctype(self, _name: str, system: str | None, public: str | None, has_subset: int) -> None:
        if has_subset:
            raise _Refused("a document type with declarations isn't published")
        if (system or public) and not _SVG_TYPE.fullmatch(public or ""):
            raise _Refused("a document type other than SVG isn't published")

    def _instruction(self, target: str, _data: str) -> None:
        raise _Refused(f"`<?{target}` isn't published")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self.in_style:
            raise _Refused(f"`<{local}>` inside `<style>` isn't published")
        if not _is_listed(space, local):
            raise _Refused(f"`<{local}>` isn't published")
        if self.levels == 0 and (space not in ("", SVG_SPACE) or local != "svg"):
            raise _Refused(f"begins with `<{local}>`, not with `<svg>`")
        self.levels += 1
        if self.levels > MOST_LEVELS:
            raise _Refused(f"more than {MOST_LEVELS} elements are open at once")
        for attribute, value in attributes.items():
            _check_attribute(local, attribute, value)
        self.in_style = local == "style"

    def _end(self, _name: str) -> None:
        self.levels -= 1
        if self.in_style:
            self.in_style = False
            self.styles.append("".join(self.style))
            self.style.clear()
            _check_style(self.styles[-1])

    def _text(self, text: str) -> None:
        if self.in_style:
            self.style.append(text)
            self.left -= len(text)
            if self.left < 0:
                raise _Refused(f"the styles have more than {MOST_STYLE} characters")


def _is_listed(space: str, local: str) -> bool:
    if space in ("", SVG_SPACE):
        return local in DRAWING_ELEMENTS
    return space.startswith(METADATA) and local not in ("script", "style")


def _check_attribute(element: str, name: str, value: str) -> None:
    space, _, local = name.rpartition(" ")
    if local.lower().startswith("on"):
        raise _Refused(f"`{local}` isn't published")
    if space == XML and local == "base":
        raise _Refused("`xml:base` isn't published")
    if local.lower() in DRAWING_ADDRESSES and not _WITHIN.match(value):
        raise _Refused(f"`{value:.40}` is the address of another file")
    if local == "attributeName" and _is_active(value):
        raise _Refused(f"an animation of `{value.strip()}` isn't published")
    if element == "style" and local == "type" and value.lower() not in ("", "text/css"):
        raise _Refused(f"a style of the type `{value:.40}` isn't published")
    if local == "style":
        _check_style(value)
    elif "(" in value and not space.startswith(METADATA):
        _check_loading(value)


def _is_active(qualified: str) -> bool:
    """Return whether a script or an address could come from an animation of this attribute, under any prefix."""
    local = qualified.rpartition(":")[2].strip().lower()
    return local in DRAWING_ADDRESSES or local == "style" or local.startswith("on")


def _check_style(css: str) -> None:
    if len(css) > MOST_STYLE:
        raise _Refused(f"a style has more than {MOST_STYLE} characters")
    if _IMPORT.search(css):
        raise _Refused("`@import` isn't published")
    _check_loading(css)
    if _depth(css) > MOST_BRACKETS:
        raise _Refused(f"more than {MOST_BRACKETS} brackets of a style are open at once")


def _check_loading(css: str) -> None:
    """Refuse each function that loads a file, in comments and strings too: only escapes could hide one."""
    if "\\" in css and ("(" in css or "@" in css):
        raise _Refused("`\\` in a style isn't published")
    for found in _LOADING.finditer(css):
        start = found.start()
        if not _URL_WITHIN.match(css, start):
            raise _Refused(f"`{css[start : start + 40]}` is the address of another file")


def _depth(css: str) -> int:
    """Return how many brackets are open at once, level by level: recursion would end at the 500th."""
    if (most := sum(map(css.count, "([{"))) <= MOST_BRACKETS:
        return most
    import tinycss2  # most drawings have no styles

    depth, nodes = -1, tinycss2.parse_component_value_list(css)
    while nodes:
        depth += 1
        nodes = [part for node in nodes for part in _parts(node)]
    return depth


def _parts(node: Any) -> list[Any]:
    if node.type == "function":
        return list(node.arguments)
    return list(node.content) if node.type.endswith("block") else []
