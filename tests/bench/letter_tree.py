"""Letters as Typst is given them: the very HTML that WeasyPrint lays out, as a tree in JSON.

A node is a text, or tag, class and children, with `src`, `href` or `style` where it has one; `letter.typ` draws it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

EMPTY = {"br", "img", "meta", "link", "hr", "wbr"}
SKIPPED = {"head", "style", "title", "svg"}
BLANK = re.compile(r"\s+")

Node = dict[str, Any]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[Node] = [node("root", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = node(tag, dict(attrs))
        self.open[-1]["children"].append(made)
        if tag not in EMPTY:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if any(each["tag"] == tag for each in self.open[1:]):
            while self.open.pop()["tag"] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1]["children"].append(BLANK.sub(" ", data))


def node(tag: str, attributes: dict[str, str | None]) -> Node:
    """Make a node without children."""
    made: Node = {"tag": tag, "class": (attributes.get("class") or "").split(), "children": []}
    return made | {name: source(attributes[name] or "") for name in ("src", "href", "style") if name in attributes}


def source(address: str) -> str:
    """Turn an address into a path below the project's folder, or into the picture itself."""
    for scheme, folder in (("content:", "/content/"), ("theme:", "/theme/print/")):
        address = address.replace(scheme, folder)
    return unquote(address.partition(",")[2]) if address.startswith("data:image/svg+xml") else address


def tree(html: str) -> list[Any]:
    """Read the body of a document, or a part of one."""
    parser = _Tree()
    parser.feed(html)
    parser.close()
    return list(pruned(parser.open[0])["children"])


def pruned(parent: Node) -> Node:
    """Leave out what isn't drawn."""
    kept = [child for child in parent["children"] if isinstance(child, str) or child["tag"] not in SKIPPED]
    return {**parent, "children": [child if isinstance(child, str) else pruned(child) for child in kept]}


def pages_of(document: str) -> list[Any]:
    """Read what is in the `main` of a document."""
    waiting = tree(document)
    for each in waiting:
        if isinstance(each, dict):
            if each["tag"] == "main":
                return list(each["children"])
            waiting += each["children"]
    raise ValueError("a document without main")
