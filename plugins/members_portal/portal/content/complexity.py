"""Complexity: a limit on the nesting and the size of a text, so that converting it takes bounded work.

Markdown looks for the end of each open bracket in the rest of its block: 4,000 of them took 15 seconds.
"""

import re

MOST_CHARACTERS = 200_000  # of one body: about 100 printed pages
MOST_OPEN = 500  # brackets of one kind that are open at once in a block
MOST_OPEN_TEXT = 4_000_000  # sum over all blocks of open brackets times characters: three seconds
MOST_SIGNS = 100_000_000  # sum over all blocks of the square of the signs of markup: 10,000 in one block
MOST_ABBREVIATED = 20_000_000  # abbreviations times characters: each abbreviation is looked for in the whole text
MOST_DOTTED = 2_000_000  # sum over all words of full stops times characters: each may begin an e-mail address
MOST_UNCLOSED = 1_000  # elements open at once in HTML

_BLOCK = re.compile(r"\n[ \t>]*\n")
_SIGN = re.compile(r"[\[<*_`\\=#&~\n]")
_DOTTED = re.compile(r"[-+.\w]{1000,}")
_ABBREVIATION = re.compile(r"^\*\[[^\]\n]*\]:", re.MULTILINE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def complexity_fault(text: str) -> str:
    """Return why a markdown text is too much work; empty for any usual text."""
    if len(text) > MOST_CHARACTERS:
        return f"the text has {len(text)} characters, at most {MOST_CHARACTERS} are read"
    blocks = _BLOCK.split(text)
    depths = [max(_depth(block, pair) for pair in ("[]", "()", "<>")) for block in blocks]
    if max(depths) > MOST_OPEN:
        return f"{max(depths)} brackets are open at once, at most {MOST_OPEN} are read"
    if sum(depth * len(block) for depth, block in zip(depths, blocks, strict=True)) > MOST_OPEN_TEXT:
        return "too many brackets are open in the text"
    if sum(len(_SIGN.findall(block)) ** 2 for block in blocks) > MOST_SIGNS:
        return "a paragraph has too many signs of markup"
    if sum(word.count(".") * len(word) for word in _DOTTED.findall(text)) > MOST_DOTTED:
        return "a word has too many full stops"
    if len(_ABBREVIATION.findall(text)) * len(text) > MOST_ABBREVIATED:
        return "the text has too many abbreviations"
    return ""


def _depth(block: str, pair: str) -> int:
    """Return the largest number of brackets that are open at once."""
    if block.count(pair[0]) <= 1:
        return block.count(pair[0])
    depth = most = 0
    for sign in re.findall(f"[{re.escape(pair)}]", block):
        depth = depth + 1 if sign == pair[0] else max(0, depth - 1)
        most = max(most, depth)
    return most


def nesting_fault(html: str) -> str:
    """Return why HTML is nested too deeply to be parsed; empty for any usual HTML."""
    depth = most = 0
    for end, name in _TAG.findall(html):
        if name.lower() not in _VOID:
            depth += -1 if end else 1
            most = max(most, depth)
    return f"{most} elements are open at once, at most {MOST_UNCLOSED} are read" if most > MOST_UNCLOSED else ""
