"""Plain words: docstrings name a thing by its term instead of by a circumlocution (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST = 0.08  # of all docstrings
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_PERIPHRASIS = re.compile(
    r"\b(?:whom|whose|those (?:who|that)|nobody|somebody|whoever|whatever|as it was|than it"
    r"|what (?:is|was|it|they|has|had|an?|the|becomes|came|comes|must|may|can|goes|else|each|every|all|one|no|members?)"
    r"|who (?:is|was|has|had|are|gets?|may|reads?|can))\b",
    re.IGNORECASE,
)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it but for expressions, which have no docstrings."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield from statements(child)


def docstrings(folder: Path) -> Iterator[str]:
    """Yield every docstring of the Python files below a folder."""
    for path in folder.rglob("*.py"):
        if "node_modules" not in path.parts:
            for node in statements(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, _DOCUMENTED) and (text := ast.get_docstring(node)):
                    yield text


def reads_twice(text: str) -> bool:
    """Return whether a docstring has a phrase that usually stands for a missing term."""
    return bool(_PERIPHRASIS.search(text))


@pytest.mark.parametrize("folder", ["plugins", "tests"])
def test_few_docstrings_are_periphrasis(folder: str) -> None:
    texts = list(docstrings(ROOT / folder))
    share = sum(map(reads_twice, texts)) / len(texts)
    print(f"periphrasis_{folder}={share:.1%} of {len(texts)}")
    assert len(texts) > 500
    assert share < MOST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Say what becomes of what is known of those who left.", True),
        ("Return the fields of former members.", False),
        ("Refuse whoever is nobody.", True),
        ("Databases count as always changed.", False),
    ],
)
def test_a_periphrasis_is_recognised(text: str, expected: bool) -> None:
    assert reads_twice(text) == expected
