"""The places of settings: file, line and column at which a settings file assigns a key.

The file is parsed, not executed. Only plain assignments and dict literals have places.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from members_portal.loyalty.input.problem import shown_path

KeyPath = tuple[str, ...]  # such as ("PORTAL_SITE", "contact", "email")
Place = tuple[str, int, int]  # file, line and column; both from 1


def assigned_places(file: Path, importing: frozenset[Path] = frozenset()) -> dict[KeyPath, Place]:
    """Return the places of plain assignments and dict keys in a settings file and the files it imports with `*`.

    The last assignment counts. A file that can't be parsed has no places.
    """
    places: dict[KeyPath, Place] = {}
    try:
        lines = [] if file in importing else ast.parse(file.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return places
    for line in lines:
        if isinstance(line, ast.ImportFrom) and [name.name for name in line.names] == ["*"]:
            imported = file.parent / f"{(line.module or '').replace('.', '/')}.py"
            places |= assigned_places(imported, importing | {file})
        elif isinstance(line, ast.Assign | ast.AnnAssign) and line.value:
            for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
                if path := _target_path(target):
                    places = {other: place for other, place in places.items() if other[: len(path)] != path}
                    places[path] = (shown_path(file), target.lineno, target.col_offset + 1)
                    places |= _key_places(path, line.value, shown_path(file))
    return places


def _target_path(target: ast.expr) -> KeyPath:
    """Return the path that `NAME` or `NAME["key"]` assigns to; empty for another target."""
    match target:
        case ast.Name(id=name):
            return (name,)
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(key))) if path := _target_path(owner):
            return (*path, key)
    return ()


def _key_places(path: KeyPath, value: ast.expr, file: str) -> Iterator[tuple[KeyPath, Place]]:
    """Return the places of the keys of a dict literal, and of those in it."""
    for key, inner in zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ():
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield (*path, key.value), (file, key.lineno, key.col_offset + 1)
            yield from _key_places((*path, key.value), inner, file)
