"""Copies in a drawing: how often `<use>`, patterns, masks, markers and filters draw its elements again.

A short file can draw a part twice in a part that is drawn twice, and so on: after 27 levels a program draws 100 million
elements. The number of elements is computed from the references, and nothing is drawn. An element of a cycle counts
once: programs draw none of it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

MOST_COPIES = 200_000  # elements drawn again; a scatter plot of 50,000 points has 50,000
MOST_SELECTED = 1_000_000  # references that style rules give to elements

_DRAWN_ONCE = frozenset({"linearGradient", "radialGradient", "solidcolor", "stop"})  # colours: nothing is drawn again
_ANIMATIONS = frozenset({"animate", "animateMotion", "animateTransform", "set"})
_NO_COPY = frozenset({"a", "mpath"})  # elements whose `href` draws nothing
_TARGET = re.compile(r"url\([ \t\r\n]*[\"']?[ \t\r\n]*#([^\"')]*)", re.IGNORECASE | re.ASCII)
_DECLARATION = re.compile("[;{}]")
_VERTEX = re.compile(r"[A-Za-z]|\d*\.\d+|\d+", re.ASCII)
_ANYTHING = frozenset("*[:")  # in a selector: it may select any element
ANY = "*"

OWN, PAINT, MARKER = "own", "paint", "marker"  # drawn for an element, for each one inside, at each vertex inside
DrawingReference = tuple[str, str]  # one of these, and the id


@dataclass
class Copies:
    """The elements of a drawing in their order, and the references between them."""

    parents: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    names: dict[int, tuple[str, ...]] = field(default_factory=dict)  # id and classes
    vertices: dict[int, int] = field(default_factory=dict)
    references: dict[int, list[DrawingReference]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    animated: list[tuple[str, DrawingReference]] = field(default_factory=list)  # id of the animated element
    open: list[int] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        """Add an element; it is open until `end`."""
        index = len(self.parents)
        self.parents.append(self.open[-1] if self.open else -1)
        self.tags.append(tag)
        self.lines.append(line)
        self.open.append(index)
        local = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        if "id" in local or "class" in local:
            self.names[index] = (local.get("id", ""), *local.get("class", "").split())
        if "id" in local:
            self.ids[local["id"]][1:] = [index]  # programs take the first or the last element of an id
        if shape := local.get("d") or local.get("points"):
            self.vertices[index] = len(_VERTEX.findall(shape))
        hrefs = [_id(value) for name, value in attributes.items() if name.rpartition(" ")[2] == "href"]
        found = [one for name, value in local.items() if "(" in value for one in references(value, name)]
        if tag in _ANIMATIONS:
            self.animated += [(target, one) for target in hrefs for one in found]
        elif tag not in _NO_COPY:
            found += [(OWN, target) for target in hrefs]
        if found:
            self.references[index] = found

    def end(self) -> None:
        """Close the open element."""
        self.open.pop()

    def too_many(self, styles: Iterable[str]) -> int:
        """Return the line of the element that exceeds MOST_COPIES; 0 when none does."""
        for target, reference in self.animated:
            for index in self.ids.get(target, ()):
                self.references[index].append(reference)
        rules = [rule for css in styles if "(" in css for rule in _rules(css)]
        return self._apply(rules) or (_heaviest(self) if self._is_referenced() else 0)

    def _is_referenced(self) -> bool:
        return any(one[1] in self.ids for found in self.references.values() for one in found)

    def _apply(self, rules: list[tuple[frozenset[str], list[DrawingReference]]]) -> int:
        """Add the references of style rules to all elements that they may select; return the line of too many."""
        by_name: dict[str, list[DrawingReference]] = defaultdict(list)
        for names, found in rules:
            for name in {ANY} if _ANYTHING & names else names:
                by_name[name] += found
        left = MOST_SELECTED
        for index in range(len(self.parents)) if by_name else ():
            for name in {ANY, self.tags[index], *self.names.get(index, ())} & by_name.keys():
                left -= len(by_name[name])
                if left < 0:
                    return self.lines[index]
                self.references[index] = [*self.references[index], *by_name[name]]
        return 0

    def targets(self, reference: DrawingReference) -> list[int]:
        """Return the elements of an id that are drawn again."""
        return [index for index in self.ids.get(reference[1], ()) if self.tags[index] not in _DRAWN_ONCE]


def references(value: str, name: str) -> Iterator[DrawingReference]:
    """Yield the references of an attribute, or of the declarations of a style."""
    for part in _DECLARATION.split(value):
        place = _TARGET.sub("", part) if name == "style" else name
        for found in _TARGET.finditer(part):
            yield MARKER if "marker" in place else PAINT if "fill" in place or "stroke" in place else OWN, _id(found[1])


def _id(address: str) -> str:
    """Return the id that an address names, as browsers read it."""
    return unquote(re.sub("[\t\r\n]", "", address).strip().removeprefix("#"))


def _rules(css: str) -> Iterator[tuple[frozenset[str], list[DrawingReference]]]:
    """Yield names and signs of the selectors of each rule with references; rules in other rules count as one."""
    import tinycss2  # most drawings have no styles

    nodes = list(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
    while nodes:
        node = nodes.pop()
        if node.type == "at-rule" and node.lower_at_keyword.endswith("keyframes"):
            yield frozenset(ANY), list(references(tinycss2.serialize(node.content or []), "style"))
        elif node.type == "at-rule" and node.content:
            nodes += tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        elif node.type == "qualified-rule":
            found = list(references(tinycss2.serialize(node.content), "style"))
            nested = node.content if any(part.type == "{} block" for part in node.content) else []
            if found:
                yield frozenset(_names([*node.prelude, *nested])), found


def _names(tokens: Iterable[Any]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("ident", "hash", "literal"):
            yield token.value
        elif token.type == "[] block":
            yield "["
        elif token.type == "{} block":
            yield from _names(token.content)


def _heaviest(copies: Copies) -> int:
    """Return the line of the first element that draws too many others; depth first, without recursion."""
    children: dict[int, list[int]] = defaultdict(list)
    for index, parent in enumerate(copies.parents):
        children[parent].append(index)
    most = MOST_COPIES + len(copies.parents)
    weights: dict[int, tuple[int, int]] = {}  # elements drawn, and their vertices
    opened, stack = set[int](), [0]
    while stack:
        index = stack[-1]
        if index in weights:
            stack.pop()
        elif index not in opened:
            opened.add(index)
            targets = [one for reference in copies.references.get(index, ()) for one in copies.targets(reference)]
            stack += [one for one in (*children.get(index, ()), *targets) if one not in opened]
        else:
            weights[index] = _weight(copies, index, children.get(index, []), weights)
            if weights[index][0] > most:
                return copies.lines[index]
            stack.pop()
    return 0


def _weight(copies: Copies, index: int, children: list[int], weights: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Return how many elements one element draws, and how many vertices they have."""
    found = [
        (kind, *max((weights.get(one, (0, 0)) for one in copies.targets((kind, name))), default=(0, 0)))
        for kind, name in copies.references.get(index, ())
    ]
    inside = [weights.get(one, (0, 0)) for one in children] + [
        (drawn, points) for kind, drawn, points in found if kind == OWN
    ]
    drawn = 1 + sum(one[0] for one in inside)
    points = copies.vertices.get(index, 2) + sum(one[1] for one in inside)
    times = {PAINT: drawn, MARKER: points, OWN: 0}
    return drawn + sum(times[kind] * weight for kind, weight, _ in found), points
