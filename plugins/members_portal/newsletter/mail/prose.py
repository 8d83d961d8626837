"""An article's HTML as a small tree, reduced to elements that every mail client shows.

Pictures, media, scripts and forms are dropped. Relative links are dropped too, but their text stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

BLOCKS = frozenset(
    "address article aside blockquote caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li"
    " main ol p pre section table tbody td tfoot th thead tr ul".split()
)
INLINE = frozenset("a abbr b bdi br cite code del em i ins kbd mark q s small span strong sub sup time u var".split())
EMPTY = frozenset({"br", "hr"})
WITH_TEXT = frozenset(  # elements dropped with their text
    "audio button canvas form iframe math noscript object picture script select style svg template textarea"
    " video".split()
)
VOID_ELEMENTS = frozenset("area base col embed img input link meta source track wbr".split())
DROPPED_IF_EMPTY = frozenset({"li", "p", "td", "th", "tr", "dd", "dt"})
FOOTNOTE_ARROW = "footnote-backref"  # the class that markdown gives it
LINK_SCHEMES = frozenset({"https", "http", "mailto", "tel"})
ANYWHERE = frozenset({"lang", "dir"})  # attributes of any element
ATTRIBUTES = {"start": ("ol",), "align": ("td", "th"), "colspan": ("td", "th"), "rowspan": ("td", "th")}


@dataclass(frozen=True)
class Element:
    """An HTML element."""

    name: str
    attributes: Mapping[str, str]
    children: "tuple[Node, ...]"


Node = Element | str


@dataclass
class _Open:
    """An element under construction; `picture` tells whether it contains an image outside nested blocks."""

    name: str
    attributes: Mapping[str, str]
    children: list[Node] = field(default_factory=list)
    picture: bool = False


def read_prose(html: str) -> tuple[Node, ...]:
    """Parse HTML into nodes, without the dropped elements."""
    reader = _Reader()
    reader.feed(html)
    return reader.end()


def as_html(nodes: Iterable[Node]) -> str:
    """Serialise nodes as HTML."""
    return "".join(_written(node) for node in nodes)


def prose_words(nodes: Iterable[Node]) -> str:
    """Return the text of nodes, without markup."""
    return "".join(node if isinstance(node, str) else prose_words(node.children) for node in nodes)


def _written(node: Node) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    end = "" if node.name in EMPTY else f"{as_html(node.children)}</{node.name}>"
    return f"<{node.name}{attributes}>{end}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Open("", {})]
        self.skipped: list[str] = []  # open elements of WITH_TEXT

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.open[-1].picture = True
        elif tag in WITH_TEXT or _is_way_back(tag, attrs):
            self.skipped.append(tag)
        elif tag not in VOID_ELEMENTS and not self.skipped:
            self.open.append(_Open(tag, dict(_kept(tag, attrs))))
            if tag in EMPTY:
                self._close()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY and tag not in VOID_ELEMENTS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
        elif tag not in EMPTY and any(element.name == tag for element in self.open[1:]):
            while self._close() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.open[-1].children.append(data)

    def end(self) -> tuple[Node, ...]:
        """Close all open elements, and return the nodes."""
        self.close()
        while len(self.open) > 1:
            self._close()
        return tuple(self.open[0].children)

    def _close(self) -> str:
        closed = self.open.pop()
        self.open[-1].children += _finished(closed)
        self.open[-1].picture |= closed.picture and closed.name not in BLOCKS
        return closed.name


def _is_way_back(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    """Tell whether a tag opens the arrow that leads from a footnote back to the text: no link in a mail does."""
    return tag == "a" and ("class", FOOTNOTE_ARROW) in attrs


def _finished(element: _Open) -> Iterator[Node]:
    """Yield the element, only its children, or nothing."""
    if element.name == "figure" and element.picture:
        return  # a caption needs its picture
    silent = not prose_words(element.children).strip() and element.name not in EMPTY
    if silent and (element.picture or element.name in DROPPED_IF_EMPTY - {"td", "th"}):
        return
    known = element.name in BLOCKS | INLINE and (element.name != "a" or "href" in element.attributes)
    if known:
        yield Element(element.name, element.attributes, tuple(element.children))
    else:
        yield from element.children


def _kept(tag: str, attrs: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    for name, value in attrs:
        if value and _is_kept(tag, name, value):
            yield name, value


def _is_kept(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and leads_somewhere(value)
    return name in ANYWHERE or tag in ATTRIBUTES.get(name, ())


def leads_somewhere(address: str) -> bool:
    """Tell whether a URL is absolute: the same target wherever it is opened."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in LINK_SCHEMES and bool(parts.netloc or parts.scheme in {"mailto", "tel"})
