"""Edits of members.yaml as text: one value set, or one member added. All else stays byte for byte.

After an edit the text is parsed again: it must have the intended values and no others.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from members_portal.inbox.inbox_error import NotEditable
from members_portal.loyalty.input.located_yaml import normal_key, parse_yaml
from members_portal.loyalty.input.problem import InvalidInput

YAML_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # of YAML
PLAIN_SCALAR = re.compile(r"[A-Za-z][\w.@-]*(?: [\w.@-]+)*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}", re.ASCII)
QUOTED = frozenset({"no", "yes", "on", "off", "y", "n", "null"})  # other programs read more than texts in them
BY_HAND = "the text of members.yaml can't be changed safely here, expected this change by hand"

Keys = tuple[str, ...]


def set_member(text: str, member_id: str, value: Mapping[str, Any]) -> str:
    """Set values of a member; `value` has the shape of members.yaml. Raise NotEditable."""
    members = _members_of(text)
    index = next(
        (n for n, member in enumerate(members) if isinstance(member, dict) and member.get("id") == member_id), -1
    )
    if index < 0:
        raise NotEditable(f"members.yaml has no member {member_id}")
    changed = text
    expected = copy.deepcopy(members)
    for path, leaf in _leaves(value):
        changed = _set(changed, index, path, leaf)
        _put(expected[index], path, leaf)
    return _checked(changed, expected)


def add_member(text: str, value: Mapping[str, Any]) -> str:
    """Add a member at the end; raise NotEditable."""
    members = _members_of(text)
    root = _compose(text)
    if not isinstance(root, yaml.SequenceNode) or root.flow_style or not members:
        raise NotEditable(BY_HAND)
    newline = "\r\n" if "\r\n" in text else "\n"
    dash = " " * root.start_mark.column
    lines = [f"{key.replace('_', ' ')}: {_flow(each)}" for key, each in value.items()]
    entry = newline.join([f"{dash}- {lines[0]}", *(f"{dash}  {line}" for line in lines[1:])])
    gap = newline if _is_spaced(text, root) else ""
    return _checked(f"{text.rstrip()}{newline}{gap}{entry}{newline}", [*members, dict(value)])


def _members_of(text: str) -> list[Any]:
    found = parse_yaml(text, "members.yaml", private=True).value
    if not isinstance(found, list):
        raise NotEditable(BY_HAND)
    return found


def _checked(text: str, expected: list[Any]) -> str:
    try:
        if _members_of(text) == expected:
            return text
    except InvalidInput:
        pass
    raise NotEditable(BY_HAND)


def _leaves(value: Mapping[str, Any], path: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    for key, each in value.items():
        if isinstance(each, Mapping):
            yield from _leaves(each, (*path, key))
        else:
            yield (*path, key), each


def _put(target: dict[str, Any], path: Keys, leaf: Any) -> None:
    for key in path[:-1]:
        if not isinstance(target.get(key), dict):
            target[key] = {}
        target = target[key]
    target[path[-1]] = leaf


def _set(text: str, index: int, path: Keys, leaf: Any) -> str:
    root = _compose(text)
    if not isinstance(root, yaml.SequenceNode) or not isinstance(node := root.value[index], yaml.MappingNode):
        raise NotEditable(BY_HAND)
    while True:
        found = next((pair for pair in node.value if normal_key(pair[0].value) == path[0]), None)
        if found is None:
            return _insert(text, node, path[0], _nested(path[1:], leaf))
        if len(path) == 1 or not isinstance(found[1], yaml.MappingNode):
            return _replace(text, found[1], _nested(path[1:], leaf))
        node, path = found[1], path[1:]


def _nested(path: Keys, leaf: Any) -> Any:
    return {path[0]: _nested(path[1:], leaf)} if path else leaf


def _replace(text: str, node: yaml.Node, value: Any) -> str:
    start, end = _offset(text, node.start_mark), _end(text, node)
    space = " " if text[start - 1 : start] == ":" else ""
    return f"{text[:start]}{space}{_flow(value)}{text[end:]}"


def _insert(text: str, node: yaml.MappingNode, key: str, value: Any) -> str:
    """Insert a key at the end of a mapping."""
    pair = f"{key.replace('_', ' ')}: {_flow(value)}"
    if not node.value:
        raise NotEditable(BY_HAND)
    end = _end(text, node.value[-1][1])
    if node.flow_style:
        return f"{text[:end]}, {pair}{text[end:]}"
    line_end = YAML_LINE_END.search(text, end)
    place = line_end.start() if line_end else len(text)
    newline = line_end[0] if line_end else "\n"
    indent = " " * node.value[0][0].start_mark.column
    return f"{text[:place]}{newline}{indent}{pair}{text[place:]}"


def _end(text: str, node: yaml.Node) -> int:
    """Return the end of a node: the parser sees the end of a block only at the next token."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    end = _offset(text, node.end_mark)
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        return len(text[:end].rstrip())
    return end


def _offset(text: str, mark: Any) -> int:
    """Return the index of a mark in a text."""
    at = 0
    for _ in range(mark.line):
        found = YAML_LINE_END.search(text, at)
        at = found.end() if found else len(text)
    return at + int(mark.column)


def _is_spaced(text: str, root: yaml.SequenceNode) -> bool:
    """Tell whether an empty line is before the last member."""
    before = text[: _offset(text, root.value[-1].start_mark)]
    return len(YAML_LINE_END.findall(before[len(before.rstrip(" -\r\n")) :])) > 1


def _flow(value: Any) -> str:
    """Write a value in flow style; a text that may mean something else in quotes."""
    if isinstance(value, Mapping):
        pairs = [f"{key.replace('_', ' ')}: {_flow(each)}" for key, each in value.items()]
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    is_plain = PLAIN_SCALAR.fullmatch(value) and value.lower() not in QUOTED
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _compose(text: str) -> yaml.Node | None:
    found: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    return found
