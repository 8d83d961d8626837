"""Settings files, parsed without executing them: importing Pelican is slow.

A file has a place (line and column) for each key that it assigns plainly or in a dict literal. TIMEZONE, PORTAL_TODAY,
PORTAL_PUBLIC_KEY and the files of PORTAL_PASSES are read from here, before anything else is.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

KeyPath = tuple[str, ...]  # such as ("PORTAL_SITE", "contact", "email")
Place = tuple[Path, int, int]  # file, line and column; both from 1

KEY_SIZE = 32  # bytes of an Ed25519 public key
WRITTEN_KEY = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_SIZE}}}")
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # Python also reads weeks, and dates without hyphens


def zone_of(text: str) -> ZoneInfo:
    """Return the time zone of TIMEZONE; raise ValueError for an unknown one."""
    try:
        return ZoneInfo(text)
    except (OSError, KeyError) as error:  # a path, a folder, an unknown name
        raise ValueError(f"no time zone is called {text!r}") from error


def day_of(text: str) -> date:
    """Return the day of PORTAL_TODAY, written YYYY-MM-DD; raise ValueError for any other text."""
    if not WRITTEN_DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a day")
    return date.fromisoformat(text)


def public_key_of(text: str) -> bytes:
    """Return the key of PORTAL_PUBLIC_KEY; raise ValueError for any other text."""
    if not WRITTEN_KEY.fullmatch(text):
        raise ValueError(f"{text!r} is no public key")
    return bytes.fromhex(text)


def assigned_text(file: Path, name: str) -> str | None:
    """Return the last string that a settings file assigns to a name; None without one."""
    values = [line.value for line in _lines(file) if isinstance(line, ast.Assign) and _names(line) == [name]]
    texts = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return texts[-1] if texts else None


def _lines(file: Path) -> list[ast.stmt]:
    """Parse a file; return nothing for an unreadable one, which Pelican reports."""
    try:
        return ast.parse(file.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return []


def _names(line: ast.Assign) -> list[str]:
    return [target.id for target in line.targets if isinstance(target, ast.Name)]


def assigned_literals(file: Path, name: str) -> list[str] | None:
    """Return the strings that a settings file assigns to a name, also in dicts and lists; none where it is not used.

    Return None if the file uses the name in any other way, or assigns more than plain values.
    """
    texts: list[str] = []
    for line in _lines(file):
        if name not in {node.id for node in ast.walk(line) if isinstance(node, ast.Name)}:
            continue
        if not (isinstance(line, ast.Assign) and _names(line) == [name]):
            return None
        try:
            ast.literal_eval(line.value)
        except ValueError:
            return None
        constants = (node.value for node in ast.walk(line.value) if isinstance(node, ast.Constant))
        texts += (value for value in constants if isinstance(value, str))
    return texts


def assigned_places(file: Path, importing: frozenset[Path] = frozenset()) -> dict[KeyPath, Place]:
    """Return the places of plain assignments and dict keys in a settings file and the files it imports with `*`.

    The last assignment counts. A file that can't be parsed has no places.
    """
    places: dict[KeyPath, Place] = {}
    for line in [] if file in importing else _lines(file):
        if isinstance(line, ast.ImportFrom) and [name.name for name in line.names] == ["*"]:
            imported = file.parent / f"{(line.module or '').replace('.', '/')}.py"
            places |= assigned_places(imported, importing | {file})
        elif isinstance(line, ast.Assign | ast.AnnAssign) and line.value:
            for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
                if path := _target_path(target):
                    places = {other: place for other, place in places.items() if other[: len(path)] != path}
                    places[path] = (file, target.lineno, target.col_offset + 1)
                    places |= _key_places(path, line.value, file)
    return places


def _target_path(target: ast.expr) -> KeyPath:
    """Return the path that `NAME` or `NAME["key"]` assigns to; empty for another target."""
    match target:
        case ast.Name(id=name):
            return (name,)
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(key))) if path := _target_path(owner):
            return (*path, key)
    return ()


def _key_places(path: KeyPath, value: ast.expr, file: Path) -> Iterator[tuple[KeyPath, Place]]:
    """Return the places of the keys of a dict literal, and of those in it."""
    for key, inner in zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ():
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield (*path, key.value), (file, key.lineno, key.col_offset + 1)
            yield from _key_places((*path, key.value), inner, file)
