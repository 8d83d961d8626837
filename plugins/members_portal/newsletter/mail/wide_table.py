"""Tables that are too wide for a phone, written as a list of their rows: few mail clients let a table scroll."""

from collections.abc import Iterable, Iterator, Sequence

from members_portal.newsletter.mail.plain_text import breakable_words, columns, table_rows
from members_portal.newsletter.mail.prose import Element, Node, prose_words

PHONE_COLUMNS = 36  # characters of the table's font on a screen of 320 px
LINE_BREAK = Element("br", {}, ())


def narrow_tables(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return prose with each table that is too wide for a phone as a list of its rows."""
    return tuple(narrowed for node in nodes for narrowed in _narrowed(node))


def _narrowed(node: Node) -> Iterator[Node]:
    if isinstance(node, str):
        yield node
    elif node.name == "table" and table_width(node) > PHONE_COLUMNS:
        yield from _listed_rows(table_rows(node))
    else:
        yield Element(node.name, node.attributes, narrow_tables(node.children))


def table_width(table: Element) -> int:
    """Return the least width of a table in characters, with one between two cells."""
    rows = table_rows(table)
    widest = [max(map(_cell_width, cells)) for cells in _by_column(rows)]
    return sum(widest) + max(len(widest) - 1, 0)


def _by_column(rows: Sequence[Sequence[Element]]) -> Iterator[list[Element]]:
    for index in range(max(map(len, rows), default=0)):
        yield [row[index] for row in rows if index < len(row)]


def _cell_width(cell: Element) -> int:
    """Return the width of a cell's longest word; a right-aligned cell isn't broken."""
    text = prose_words(cell.children)
    words = [text.strip()] if cell.attributes.get("align") == "right" else [word for _, word in breakable_words(text)]
    return max(map(columns, words), default=0)


def _listed_rows(rows: Sequence[Sequence[Element]]) -> Iterator[Element]:
    """Yield a paragraph per row: its first cell, then each other cell after its heading."""
    has_heads = len(rows) > 1 and all(cell.name == "th" for cell in rows[0])
    heads = [prose_words(cell.children).strip() for cell in rows[0]] if has_heads else []
    for first, *others in rows[has_heads:]:
        parts: list[Node] = [Element("strong", {}, first.children)]
        for index, cell in enumerate(others, 1):
            head = heads[index] if index < len(heads) else ""
            if prose_words(cell.children).strip():
                parts += [LINE_BREAK, f"{head}: " if head else "", *cell.children]
        yield Element("p", {}, tuple(parts))
