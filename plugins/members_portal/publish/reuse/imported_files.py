"""The project's own Python files that the settings files may import: those beside them, and packages of these."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path


def imported_files(root: Path, settings: Collection[str]) -> list[Path]:
    """Return the Python files beside the settings files, and those of the folders there that any of these imports."""
    files = {file for file in root.glob("*.py") if file.is_file()}
    unread, known = [*files], set[str]()
    while unread:
        for name in {*_imported_names(unread.pop())} - known:
            known.add(name)
            found = {file for file in (root / name).rglob("*.py") if file.is_file()}
            unread += found - files
            files |= found
    return sorted(files - {root / name for name in settings})


def _imported_names(file: Path) -> Iterator[str]:
    """Yield the first names of the modules that a file imports; none of a file that is not Python."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
