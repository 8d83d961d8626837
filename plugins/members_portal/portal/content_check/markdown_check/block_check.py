"""Block check: lists, tables and code fences that readers see as text, and cells of tables that are lost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content_check.markdown_check.source_text import SourceText

BLANK_BEFORE = "a blank line before it"
NO_HEADER = ("a table without a header row is shown as text", "headings in the first row, `|---|---|` below them")
LOST_CELL = ("a cell beyond the header row isn't published", "no more cells than the header row has")
OPEN_FENCE = ("a code fence isn't closed", "the same signs in a line below the code")
_PREFIX = re.compile(r"[ \t]*(?P<quote>(?:>[ \t]?)*)[ \t]*")
_ALONE = re.compile(r"#|!!!|(?:=+|-+)[ \t]*$")  # headings and admonitions: the next line begins a block
_ITEM = re.compile(r"(?:(?P<bullet>[-*+])|[0-9]{1,3}\.)[ \t]+(?!\[[ xX]\] )(?P<words>\S.*)")
_SHOWN_ITEM = re.compile(r"^[ \t]*(?:(?P<bullet>[-*+])|[0-9]{1,3}\.)[ \t]+(?P<words>\S.*)", re.MULTILINE)
_SHOWN_ROW = re.compile(r"^[ \t]*(?:\|.*\||(?=.*\|)[|: \t\u2013\u2014-]+)$", re.MULTILINE)
_SHOWN_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_RULE = re.compile(r"(?=.*\|)\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_ROW = re.compile(r"\|.*\|")
_PIPE = re.compile(r"(?<!\\)\|")


class BlockLine(NamedTuple):
    """A line of a block without indentation and signs of a quote; `at` is its index in the text."""

    at: int
    indent: int
    words: str


Block = Sequence[BlockLine]
BlockFault = tuple[int, str, str]  # index, problem, expected


def block_problems(source: SourceText) -> Iterator[Problem]:
    """Yield a warning for each block that is shown as text, and for each lost cell."""
    found: list[BlockFault] = []
    if _SHOWN_FENCE.search(source.readable):
        found += [(at, *OPEN_FENCE) for at in source.open_fences]
    lists, tables = _ListCheck(source.readable), _TableCheck(source)
    if lists.shown or "|" in source.text:
        for block in _blocks(source):
            found += [*lists.faults(block), *tables.faults(block)]
    for at, what, expected in sorted(found):
        yield source.warning(at, what, expected)


def _blocks(source: SourceText) -> Iterator[Block]:
    """Split a text into blocks: lines without a blank line, a heading or another depth of quotes between them."""
    block: list[BlockLine] = []
    at, depth = 0, 0
    for written, whole in zip(source.text.split("\n"), source.document.body.split("\n"), strict=True):
        prefix = _PREFIX.match(written)
        assert prefix is not None  # noqa: S101 - every part of the pattern is optional
        words, quotes = written[prefix.end() : len(whole.rstrip())], prefix["quote"].count(">")
        if block and (not words or quotes != depth or _ALONE.match(block[-1].words)):
            yield block
            block = []
        if words:
            block.append(BlockLine(at + prefix.end(), prefix.end(), words))
        at, depth = at + len(written) + 1, quotes
    if block:
        yield block


class _ListCheck:
    """The check of lists. `shown` holds the parts of lists that readers see as text: their sign and first word."""

    def __init__(self, readable: str) -> None:
        self.shown = {_key(found) for found in _SHOWN_ITEM.finditer(readable)}

    def faults(self, block: Block) -> Iterator[BlockFault]:
        """Yield the first part of a list that follows other text."""
        parts = [_ITEM.match(line.words) for line in block] if self.shown else []
        for index, part in enumerate(parts[1:], 1):
            before = parts[index - 1]
            if part is None or _key(part) not in self.shown or (before and _sign(before) == _sign(part)):
                continue
            run = sum(1 for other in parts[index:] if other and _sign(other) == _sign(part))
            above = block[index - 1]
            if run > 1 or before or above.words.endswith(":") or above.indent > block[index].indent:
                yield block[index].at, "a list is shown as text", _expected(block, index, in_list=bool(parts[0]))
                return


def _sign(part: re.Match[str]) -> str:
    return part["bullet"] or "1"


def _key(part: re.Match[str]) -> tuple[str, str]:
    word = re.search(r"\w+", part["words"])
    return _sign(part), word[0] if word else ""


def _expected(block: Block, index: int, *, in_list: bool) -> str:
    if block[0].words.startswith("<"):
        return "`<ul>`, or no HTML around it"
    above, indent = block[index - 1], block[index].indent
    if not in_list:
        return "four spaces before a paragraph in a list" if above.indent > indent else BLANK_BEFORE
    return "four spaces before a list in a list" if indent > block[0].indent else BLANK_BEFORE


@dataclass(frozen=True)
class _TableCheck:
    """The check of tables: a table is a block of a header row, a line of dashes and rows."""

    source: SourceText

    def faults(self, block: Block) -> Iterator[BlockFault]:
        """Yield why a table is shown as text, or its lost cells."""
        rules = [index for index, line in enumerate(block) if _RULE.fullmatch(line.words)]
        if not rules:
            is_table = len(block) > 1 and all(_ROW.fullmatch(line.words) for line in block)
            yield from self._shown(block[0].at, *NO_HEADER) if is_table else ()
            return
        rule = rules[0]
        if rule == 0 or "|" not in block[rule - 1].words:
            yield from self._shown(block[rule].at, *NO_HEADER)
        elif rule > 1:
            yield from self._shown(block[rule - 1].at, "a table is shown as text", BLANK_BEFORE)
        else:
            yield from self._row_faults(block)

    def _shown(self, at: int, what: str, expected: str) -> Iterator[BlockFault]:
        if _SHOWN_ROW.search(self.source.readable):
            yield at, what, expected

    def _row_faults(self, block: Block) -> Iterator[BlockFault]:
        """Compare the number of cells of each row with that of the header row."""
        header = block[0].words
        bordered = header.startswith("|") or header.endswith("|")
        count, dashes = len(_cells(block[0], bordered)), len(_cells(block[1], bordered))
        if count != dashes:
            what = f"a table is shown as text: its header row has {count} cells, the line below has {dashes}"
            yield from self._shown(block[0].at, what, f"`{'|---' * count}|`")
            return
        for row in block[2:]:
            beyond = [at for at, end in _cells(row, bordered)[count:] if self.source.document.body[at:end].strip()]
            if beyond:
                yield beyond[0], *LOST_CELL


def _cells(row: BlockLine, bordered: bool) -> list[tuple[int, int]]:
    """Return start and end of each cell of a row; `bordered` tells whether pipes at its ends are borders."""
    start, end = row.at, row.at + len(row.words)
    pipes = [row.at + found.start() for found in _PIPE.finditer(row.words)]
    if bordered and pipes and pipes[0] == start:
        start = pipes.pop(0) + 1
    if bordered and pipes and pipes[-1] == end - 1:
        end = pipes.pop()
    edges = [start - 1, *pipes, end]
    return [(left + 1, right) for left, right in pairwise(edges)]
