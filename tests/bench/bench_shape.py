"""The shape of the code: how long functions and modules are, how full folders are, how docstrings read."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.test_words import docstrings, reads_twice

ROOT = Path(__file__).parents[2]
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def functions(tree: ast.AST) -> Iterator[int]:
    """Yield the length of each function in lines."""
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION) and node.end_lineno:
            yield node.end_lineno - node.lineno + 1


def main() -> None:
    """Print the figures of plugins/ and tests/."""
    for name in ("plugins", "tests"):
        files = [path for path in (ROOT / name).rglob("*.py") if "node_modules" not in path.parts]
        modules = [len(path.read_text("utf-8").splitlines()) for path in files if path.stem != "__init__"]
        lengths = [length for path in files for length in functions(ast.parse(path.read_text("utf-8")))]
        folders = Counter(path.parent for path in files)
        texts = list(docstrings(ROOT / name))
        marked = sum(map(reads_twice, texts))
        print(f"{name}: {len(modules)} modules, median {median(modules):.0f} lines, longest {max(modules)}")
        print(f"  {len(lengths)} functions, median {median(lengths):.0f} lines, longest {max(lengths)}")
        print(f"  {len(folders)} folders, at most {max(folders.values())} modules in one")
        print(f"  {len(texts)} docstrings, {marked / len(texts):.1%} in periphrasis")


if __name__ == "__main__":
    main()
