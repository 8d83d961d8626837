"""The direction of the house: loyalty <- source <- portal, newsletter <- publish -> seal, and one noun per module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PLUGINS = PROJECT / "plugins"
MAY_IMPORT = {
    "loyalty": set(),
    "source": {"loyalty"},
    "portal": {"loyalty", "source"},
    "newsletter": {"loyalty"},
    "seal": set(),
    "publish": {"loyalty", "source", "portal", "newsletter", "seal"},
}
FORBIDDEN_IN = {  # what a part must not know of, besides the other parts
    "loyalty": {
        *("pelican", "jinja2", "markdown", "cryptography", "time"),
        *("socket", "urllib", "http", "requests", "psycopg", "sqlite3"),
    },
    "source": {"pelican", "jinja2", "markdown", "cryptography"},
    "portal": {"cryptography", "weasyprint"},
    "seal": {"pelican", "jinja2", "markdown", "yaml", "pydantic", "weasyprint"},
    "publish": {"weasyprint"},
}
NOT_NOUNS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools"}


def packages() -> list[str]:
    """List our packages."""
    return sorted(folder.name for folder in PLUGINS.iterdir() if (folder / "__init__.py").exists())


def modules(package: str) -> list[Path]:
    """List a package's modules."""
    return sorted((PLUGINS / package).rglob("*.py"))


def imported(file: Path, root: Path = PROJECT) -> Iterator[str]:
    """Read the dotted names a module imports, wherever in it it does; relative ones made absolute."""
    parents = file.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(parents[: len(parents) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (start, node.module)))
            yield from (f"{module}.{name.name}" for name in node.names)


def ours(name: str) -> str | None:
    """Return which of our packages a dotted name is in."""
    parts = name.split(".")
    return parts[1] if parts[0] == "plugins" and len(parts) > 1 else None


def test_every_package_has_its_place_in_the_house() -> None:
    assert set(packages()) <= set(MAY_IMPORT)
    assert {"loyalty", "source", "portal", "seal", "publish"} <= set(packages())


@pytest.mark.parametrize("package", packages())
def test_arrows_point_one_way(package: str) -> None:
    wrong = [
        f"{file.relative_to(PROJECT)} imports {name}"
        for file in modules(package)
        for name in imported(file)
        if (target := ours(name)) and target != package and target not in MAY_IMPORT[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", sorted(FORBIDDEN_IN))
def test_a_part_does_not_know_of_anothers_trade(package: str) -> None:
    wrong = [
        f"{file.relative_to(PROJECT)} imports {name}"
        for file in modules(package)
        for name in imported(file)
        if name.partition(".")[0] in FORBIDDEN_IN[package]
    ]
    assert wrong == []


def test_every_module_is_named_for_one_thing() -> None:
    assert [file for package in packages() for file in modules(package) if file.stem in NOT_NOUNS] == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("import plugins.seal", ["plugins.seal"]),
        ("from plugins import seal", ["plugins.seal"]),
        ("from plugins.seal.keys import x", ["plugins.seal.keys.x"]),
        ("from ..seal import keys", ["plugins.seal.keys"]),
        ("from .gate import x", ["plugins.loyalty.gate.x"]),
        ("def f():\n    from plugins.seal import x", ["plugins.seal.x"]),
    ],
)
def test_no_spelling_of_an_import_is_overlooked(tmp_path: Path, line: str, names: list[str]) -> None:
    (tmp_path / "plugins" / "loyalty").mkdir(parents=True)
    file = tmp_path / "plugins" / "loyalty" / "x.py"
    file.write_text(line)
    assert list(imported(file, tmp_path)) == names
