"""A page of the documentation, as its tests read it: links, anchors, tables, commands, sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`[^`\n]*\]\([^`\n]*`")  # a link that is shown, not made
ENDS = re.compile(r"(?<=[.!?])\s+")


class MarkdownPage:
    """One markdown file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """The text without fenced blocks."""
        return FENCED.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """List the fenced blocks of a language."""
        return [block for name, block in FENCED.findall(self.text) if name == language]

    @property
    def shell(self) -> str:
        """The shell commands, without comments."""
        return re.sub(r"#.*", "", "".join(self.blocks("sh")))

    @property
    def code(self) -> list[str]:
        """The texts in code type, and the lines of shell commands."""
        return [*re.findall(r"`([^`\n]+)`", self.prose), *self.shell.splitlines()]

    @cached_property
    def anchors(self) -> set[str]:
        """The anchors that GitHub gives the headings; repeated ones are numbered."""
        seen, found = Counter[str](), set()
        for heading in re.findall(r"^#+ (.*)$", self.prose, re.MULTILINE):
            anchor = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
            found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1
        return found

    @property
    def links(self) -> list[str]:
        """The targets of links and images that are no web addresses."""
        return [link for link in LINK.findall(QUOTED.sub("", self.prose)) if not re.match(r"[a-z]+:", link)]

    def table(self, heading: str) -> list[list[str]]:
        """Read the cells of the table that begins with a heading row."""
        table = self.text.partition(f"\n{heading}\n")[2].partition("\n\n")[0]
        rows = [line for line in table.splitlines() if not line.startswith("|--")]
        return [[cell.strip() for cell in line.split("|")[1:-1]] for line in rows]

    @property
    def sentences(self) -> Iterator[str]:
        """Give each sentence; a heading, a list item and a cell of a table end one too."""
        text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", self.prose)
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
        text = re.sub(r"^\|[-|]+\|$|^#+ ", "\n", text, flags=re.MULTILINE)
        text = re.sub(r"^ *(?:[-*]|\d+\.) |\|", "\n\n", text, flags=re.MULTILINE)
        for part in re.split(r"\n\s*\n", text):
            yield from (sentence for sentence in ENDS.split(" ".join(part.split())) if sentence)


def count_words(sentence: str) -> int:
    """Count the words of a sentence; a text in code type is one."""
    return len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", re.sub(r"`[^`]*`", "code", sentence)))
