"""Drawings: SVG files, which a browser opens like pages; refused are scripts, foreign markup and outer addresses."""

import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

MOST_BYTES = 8_000_000
SVG_SPACE, XHTML, MATHML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/1998/Math/MathML",
)
XML = "http://www.w3.org/XML/1998/namespace"
DRAWING_ELEMENTS = frozenset(
    "a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix"
    " feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow"
    " feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset"
    " fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g hatch hatchpath image line"
    " linearGradient marker mask metadata mpath path pattern polygon polyline radialGradient rect set solidcolor stop"
    " style svg switch symbol text textPath title tref tspan use view".split()
)
DRAWING_ADDRESSES = frozenset({"href", "src"})
LOADING = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "expression"})  # of CSS

SAFE_DRAWING = "a drawing without scripts and without addresses of other files"

_WITHIN = re.compile(r"\s*(?:#|data:image/(?:avif|gif|jpeg|png|webp)[;,])", re.IGNORECASE)


class _Refused(Exception):
    """Raised inside the parser with the reason."""


def drawing_fault(data: bytes) -> str:
    """Return why an SVG_SPACE file can't be published; empty when it can."""
    if len(data) > MOST_BYTES:
        return f"has {len(data)} bytes, at most {MOST_BYTES} are read"
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
        reader.finish()
    except _Refused as error:
        return f"line {reader.parser.CurrentLineNumber}: {error}"
    except (expat.ExpatError, LookupError, ValueError) as error:
        return f"isn't well-formed: {error}"
    return ""


class _Reader:
    """Checks elements, attributes and styles while expat parses: no tree is built, no entity is expanded."""

    def __init__(self) -> None:
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler, parser.ProcessingInstructionHandler = self._doctype, self._instruction
        self.is_empty = True
        self.styles: list[str] = []
        self.in_style = 0

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        if has_subset:
            raise _Refused("a document type with declarations isn't published")

    def _instruction(self, target: str, _data: str) -> None:
        raise _Refused(f"`<?{target}` isn't published")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space in (XHTML, MATHML) or (space in ("", SVG_SPACE) and local not in DRAWING_ELEMENTS):
            raise _Refused(f"`<{local}>` isn't published")
        if self.is_empty and (space not in ("", SVG_SPACE) or local != "svg"):
            raise _Refused(f"begins with `<{local}>`, not with `<svg>`")
        self.is_empty = False
        self.in_style += local == "style"
        for attribute, value in attributes.items():
            _check_attribute(attribute, value)

    def _end(self, name: str) -> None:
        self.in_style -= name.rpartition(" ")[2] == "style"

    def _text(self, text: str) -> None:
        if self.in_style:
            self.styles.append(text)

    def finish(self) -> None:
        """Check the styles, which are complete only now."""
        _check_style("".join(self.styles))


def _check_attribute(name: str, value: str) -> None:
    space, _, local = name.rpartition(" ")
    if local.lower().startswith("on"):
        raise _Refused(f"`{local}` isn't published")
    if space == XML and local == "base":
        raise _Refused("`xml:base` isn't published")
    if local.lower() in DRAWING_ADDRESSES and value.strip() and not _WITHIN.match(value):
        raise _Refused(f"`{value:.40}` is the address of another file")
    if local == "attributeName" and re.match(r"\s*(?:[\w-]+:)?(?:href|src|on\w*)\s*$", value, re.IGNORECASE):
        raise _Refused(f"an animation of `{value.strip()}` isn't published")
    if local == "style" or "(" in value or "\\" in value:
        _check_style(value)


def _check_style(css: str) -> None:
    if not css.strip():
        return
    import tinycss2  # most drawings have no styles

    for what in _style_faults(tinycss2.parse_component_value_list(css)):
        raise _Refused(what)


def _style_faults(nodes: list[Any]) -> Iterator[str]:
    """Yield the parts of a style that load a file. The parser resolves escapes, as a browser does."""
    for node in nodes:
        if node.type == "error":
            yield f"a style isn't well-formed: {node.message}"
        elif node.type == "url" and not _WITHIN.match(node.value):
            yield f"`{node.value:.40}` is the address of another file"
        elif node.type == "at-keyword" and node.lower_value == "import":
            yield "`@import` isn't published"
        elif node.type == "function":
            yield from _function_faults(node)
        elif node.type.endswith("block"):
            yield from _style_faults(node.content)


def _function_faults(node: Any) -> Iterator[str]:
    if node.lower_name in LOADING:
        strings = [part.value for part in node.arguments if part.type == "string"]
        if node.lower_name != "url" or len(strings) != 1 or not _WITHIN.match(strings[0]):
            yield f"`{node.lower_name}(…)` is the address of another file"
    yield from _style_faults(node.arguments)
