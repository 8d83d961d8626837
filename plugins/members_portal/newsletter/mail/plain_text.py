"""Prose as plain text: wrapped paragraphs, underlined headings, lists and tables, numbered links.

Widths are terminal columns: a Chinese character takes two, a combining mark none.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from members_portal.newsletter.mail.prose import BLOCKS, Element, Node, prose_words
from members_portal.plain_words import lowered, raised

PLAIN_TEXT_WIDTH = 72  # columns: quoted twice, a line is still below 78 (RFC 5322, 2.1.1)
UNDERLINES = {"h1": "=", "h2": "-"}  # deeper headings: dots
LISTS = frozenset({"ul", "ol"})
BREAK = "\n"  # an explicit line break (<br>)
MARKS = {"strong": "*", "b": "*", "em": "_", "i": "_", "cite": "_", "q": '"', "del": "~~", "s": "~~"}
SHIFTED = {"sup": raised, "sub": lowered}


@dataclass
class Links:
    """The URLs of a text's links, numbered from 1 in order of appearance."""

    addresses: list[str] = field(default_factory=list)

    def mark(self, address: str) -> str:
        """Return the number of a URL in brackets."""
        if address not in self.addresses:
            self.addresses.append(address)
        return f"[{self.addresses.index(address) + 1}]"

    def listed(self) -> str:
        """Return the list of URLs, one per line, never wrapped."""
        return "\n".join(f"[{number}] {address}" for number, address in enumerate(self.addresses, 1))


def plain_text(nodes: Sequence[Node], width: int = PLAIN_TEXT_WIDTH) -> str:
    """Return prose as plain text, followed by the list of its links."""
    links = Links()
    text = "\n\n".join(_blocks(nodes, links, width))
    return f"{text}\n\n{links.listed()}" if links.addresses else text


def columns(text: str) -> int:
    """Return the width of a text in columns."""
    return sum(_column(character) for character in text)


def underlined(text: str, mark: str = "-", width: int = PLAIN_TEXT_WIDTH) -> str:
    """Return an underlined heading."""
    lines = wrapped(text, width)
    return f"{lines}\n{mark * max(map(columns, lines.split(BREAK)))}"


def wrapped(text: str, width: int = PLAIN_TEXT_WIDTH, first: str = "", rest: str = "") -> str:
    """Wrap a text; break words only in scripts without spaces between words."""
    lines: list[str] = []
    for part in text.split(BREAK):
        lines += _lines(part, width, rest if lines else first, rest)
    return BREAK.join(lines)


def _lines(text: str, width: int, first: str, rest: str) -> list[str]:
    lines: list[str] = []
    line, indent = "", first
    for space, word in breakable_words(text):
        longer = line + (space if line else "") + word
        if line and columns(indent + longer) > width:
            lines.append(indent + line)
            line, indent = word, rest
        else:
            line = longer
    return [*lines, indent + line]


def breakable_words(text: str) -> list[tuple[str, str]]:
    """Split a text at break opportunities, as (space, word): at breaking spaces, and between wide characters."""
    found = []
    for run in text.replace("\t", " ").split(" "):
        space = " "
        for piece in _unbroken(run):
            found.append((space, piece))
            space = ""
    return [(space, word) for space, word in found if word]


def _unbroken(run: str) -> list[str]:
    """Split a run without spaces between wide characters; closing punctuation stays with the character before."""
    pieces: list[str] = []
    for character in run:
        apart = pieces and _column(character) == 2 and unicodedata.category(character)[0] == "L"
        if not pieces or apart:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _column(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _blocks(nodes: Iterable[Node], links: Links, width: int) -> list[str]:
    """Return every block as text; inline nodes between blocks become paragraphs."""
    blocks: list[str] = []
    loose: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and node.name in BLOCKS:
            blocks += [_paragraph(loose, links, width), _block(node, links, width)]
            loose = []
        else:
            loose.append(node)
    blocks.append(_paragraph(loose, links, width))
    return [block for block in blocks if block.strip()]


def _block(element: Element, links: Links, width: int) -> str:
    if element.name[0] == "h" and element.name[1:].isdigit():
        return underlined(_inline(element.children, links), UNDERLINES.get(element.name, "."), width)
    write: Callable[[Element, Links, int], str] = WRITERS.get(element.name, _several)
    return write(element, links, width)


def _several(element: Element, links: Links, width: int) -> str:
    return "\n\n".join(_blocks(element.children, links, width))


def _paragraph(nodes: Sequence[Node], links: Links, width: int) -> str:
    return wrapped(_inline(nodes, links), width)


def _quotation(element: Element, links: Links, width: int) -> str:
    return _indented(_several(element, links, width - 2), "> ", "> ")


def _list(element: Element, links: Links, width: int) -> str:
    start = element.attributes.get("start", "1")
    number = int(start) if start.isdecimal() else 1
    items = []
    for child in element.children:
        if isinstance(child, Element):
            mark = f"{number}. " if element.name == "ol" else "* "
            items.append(_item(child, mark, links, width))
            number += 1
    return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)


def _item(element: Element, mark: str, links: Links, width: int) -> str:
    """Return a list item; a nested list follows its text without an empty line."""
    blocks = _blocks(element.children, links, width - len(mark))
    apart = sum(isinstance(child, Element) and child.name == "p" for child in element.children) > 1
    return _indented(("\n\n" if apart else "\n").join(blocks), mark, " " * len(mark))


def _term(element: Element, links: Links, width: int) -> str:
    blocks = [child for child in element.children if isinstance(child, Element)]
    texts = [_block(child, links, width) for child in blocks]
    return "\n".join(_indented(text, "  ", "  ") if block.name == "dd" else text
                     for block, text in zip(blocks, texts, strict=True))  # fmt: skip


def _as_typed(element: Element, links: Links, width: int) -> str:
    return _indented(prose_words(element.children).strip("\n"), "    ", "    ")


def _rule(element: Element, links: Links, width: int) -> str:
    return "* * *".center(width).rstrip()


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join(((rest if index else first) + line).rstrip() for index, line in enumerate(lines))


def _table(element: Element, links: Links, width: int) -> str:
    """Return a table in columns, or as a list of its rows when it is too wide."""
    rows = [[_inline(cell.children, links).replace("\n", " ") for cell in row] for row in table_rows(element)]
    if not rows:
        return ""
    count = max(map(len, rows))
    rows = [row + [""] * (count - len(row)) for row in rows]
    right = [cell.attributes.get("align") == "right" for cell in table_rows(element)[0]] + [False] * count
    widths = [max(columns(row[index]) for row in rows) for index in range(count)]
    if sum(widths) + 2 * (count - 1) > width:
        return _rows_listed(rows, width)
    lines = ["  ".join(map(_padded, row, widths, right)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(columns, lines)), *lines[1:]])


def _rows_listed(rows: list[list[str]], width: int) -> str:
    heads, *others = rows if len(rows) > 1 else [[""] * len(rows[0]), *rows]
    return "\n\n".join(_row_listed(heads, row, width) for row in others)


def _row_listed(heads: list[str], row: list[str], width: int) -> str:
    facts = [f"{head}: {cell}" if head else cell for head, cell in zip(heads[1:], row[1:], strict=True) if cell]
    return "\n".join([wrapped(row[0], width), *(wrapped(fact, width, "  ", "    ") for fact in facts)])


def _padded(text: str, width: int, right: bool) -> str:
    gap = " " * (width - columns(text))
    return gap + text if right else text + gap


def table_rows(element: Element) -> list[list[Element]]:
    """Return the cells of a table, by row."""
    inside = [child for child in element.children if isinstance(child, Element)]
    if element.name == "tr":
        return [inside]
    return [row for child in inside for row in table_rows(child)]


def _inline(nodes: Iterable[Node], links: Links) -> str:
    """Return inline nodes as text with collapsed spaces, as in HTML."""
    text = _run(nodes, links)
    return BREAK.join(re.sub(r"[ \t\r]+", " ", line).strip(" \N{NO-BREAK SPACE}") for line in text.split(BREAK))


def _run(nodes: Iterable[Node], links: Links) -> str:
    return "".join(re.sub(r"\s*\n\s*", " ", node) if isinstance(node, str) else _word(node, links) for node in nodes)


def _word(element: Element, links: Links) -> str:
    if element.name == "br":
        return BREAK
    text = _run(element.children, links)
    if element.name == "a":
        return _link(text, element.attributes["href"], links)
    if shift := SHIFTED.get(element.name):
        return shift(text)
    mark = MARKS.get(element.name, "") if text.strip() else ""
    return f"{mark}{text}{mark}"


def _link(text: str, address: str, links: Links) -> str:
    """Return a link with its number, or only its text when the text is the URL."""
    said = address.removeprefix("mailto:").removeprefix("tel:")
    if said.replace(" ", "") in (text.replace(" ", ""), text.strip().removesuffix("/")) or address == text.strip():
        return text
    if address.startswith("mailto:"):
        return f"{text} <{said.partition('?')[0]}>"
    return f"{text} {links.mark(address)}"


WRITERS: dict[str, Callable[[Element, Links, int], str]] = {
    "blockquote": _quotation,
    "dl": _term,
    "hr": _rule,
    "ol": _list,
    "pre": _as_typed,
    "table": _table,
    "ul": _list,
}
