"""The layout of the package: which package may import which, how large a folder may be, what a module may be called."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PACKAGE = PROJECT / "plugins" / "members_portal"
MAY_IMPORT = {  # by package, or by single module; a single module that is not listed imports none of the others
    "loyalty": set(),
    "form": {"loyalty"},
    "source": {"loopback", "loyalty", "work_record"},
    "portal": {
        *(
            "cache_entry",
            "clock",
            "form",
            "inbox",
            "loopback",
            "loyalty",
            "picture_file",
            "plain_words",
            "settings_file",
        ),
        *("source", "whole_file", "work_record", "workers"),
    },
    "newsletter": {"cache_entry", "loopback", "loyalty", "picture_file", "plain_words", "workers"},
    "seal": set(),
    "coupon": {"seal"},
    "answer": {"seal"},
    "inbox": {"answer", "form", "loopback", "loyalty", "source", "whole_file"},
    "wallet_pass": set(),
    "publish": {
        *("answer", "clock", "coupon", "form", "inbox", "loopback", "loyalty", "newsletter", "picture_file", "portal"),
        *("seal", "settings_file", "source", "wallet_pass", "whole_file", "work_record", "workers"),
    },
    "workers": set(),
    "work_record": {"cache_entry"},
}
FORBIDDEN_IN = {  # libraries that a package must not know
    "loyalty": {
        *("pelican", "jinja2", "markdown", "cryptography", "time"),
        *("socket", "urllib", "http", "requests", "psycopg", "sqlite3"),
    },
    "source": {"pelican", "jinja2", "markdown", "cryptography"},
    "portal": {"cryptography", "weasyprint"},
    "seal": {"pelican", "jinja2", "markdown", "yaml", "pydantic", "weasyprint"},
    "coupon": {"pelican", "jinja2", "markdown", "yaml", "pydantic", "weasyprint", "duckdb"},
    "answer": {"pelican", "jinja2", "markdown", "yaml", "pydantic", "weasyprint", "duckdb", "time"},
    "inbox": {"pelican", "jinja2", "markdown", "weasyprint", "duckdb", "time"},
    "wallet_pass": {"pelican", "jinja2", "markdown", "yaml", "pydantic", "weasyprint", "duckdb"},
    "publish": {"weasyprint"},
}
NOT_NOUNS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools"}
MOST_MODULES = 16
SPECIAL = {"__init__", "__main__"}
COMMANDS = PACKAGE / "publish" / "command"  # `app` of each module, and functions with the names of their commands


def packages() -> list[str]:
    """List our packages."""
    return sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists())


def single_modules() -> list[str]:
    """List our modules beside the packages."""
    return sorted(file.stem for file in PACKAGE.glob("*.py") if file.stem not in SPECIAL)


def modules(package: str = "") -> list[Path]:
    """List the modules of a package, or the single module of this name; without a name, all."""
    single = PACKAGE / f"{package}.py"
    return [single] if single.is_file() else sorted((PACKAGE / package).rglob("*.py"))


@cache
def imported(file: Path, root: Path = PACKAGE.parent) -> tuple[str, ...]:
    """Read the dotted names a module imports, wherever in it it does; relative ones made absolute."""
    return tuple(read_imports(file, root))


def read_imports(file: Path, root: Path) -> Iterator[str]:
    """Yield what a module imports."""
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
    return parts[1] if parts[0] == "members_portal" and len(parts) > 1 else None


def test_every_package_is_listed() -> None:
    assert set(packages()) <= set(MAY_IMPORT) <= {*packages(), *single_modules()}


@pytest.mark.parametrize("package", [*packages(), *single_modules()])
def test_imports_follow_the_direction(package: str) -> None:
    wrong = [
        f"{file.relative_to(PROJECT)} imports {name}"
        for file in modules(package)
        for name in imported(file)
        if (target := ours(name)) and target != package and target not in MAY_IMPORT.get(package, set())
    ]
    assert wrong == []


@pytest.mark.parametrize("package", sorted(FORBIDDEN_IN))
def test_a_package_does_not_import_the_libraries_of_another(package: str) -> None:
    wrong = [
        f"{file.relative_to(PROJECT)} imports {name}"
        for file in modules(package)
        for name in imported(file)
        if name.partition(".")[0] in FORBIDDEN_IN[package]
    ]
    assert wrong == []


def test_every_module_is_named_for_one_thing() -> None:
    assert [file for file in modules() if file.stem in NOT_NOUNS] == []


def test_no_folder_has_too_many_modules() -> None:
    counts = Counter(file.parent.relative_to(PACKAGE).as_posix() for file in modules())
    print(f"most_modules_in_a_folder={max(counts.values())}")
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


def test_no_module_name_occurs_twice() -> None:
    counts = Counter(file.stem for file in modules() if file.stem not in SPECIAL)
    assert [name for name, count in counts.items() if count > 1] == []


def public_names(file: Path) -> Iterator[str]:
    """List the public classes, functions and constants of a module."""
    for node in ast.parse(file.read_text("utf-8")).body:
        names: list[str] = []
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        yield from (name for name in names if not name.startswith("_"))


def test_no_public_name_has_two_meanings() -> None:
    found = Counter(
        name
        for file in modules()
        if file.stem not in SPECIAL and file.parent != COMMANDS
        for name in public_names(file)
    )
    assert [name for name, count in found.items() if count > 1] == []


def test_every_folder_lists_its_modules() -> None:
    for init in PACKAGE.rglob("__init__.py"):
        text = ast.get_docstring(ast.parse(init.read_text("utf-8"))) or ""
        here = {path.name for path in init.parent.glob("*.py")} - {f"{name}.py" for name in SPECIAL}
        here |= {f"{path.parent.name}" for path in init.parent.glob("*/__init__.py")}
        here = {name.removesuffix(".py") for name in here} if init.parent == PACKAGE else here
        assert {name for name in here if name not in text} == set(), init


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("import members_portal.seal", ["members_portal.seal"]),
        ("from members_portal import seal", ["members_portal.seal"]),
        ("from members_portal.seal.keys import x", ["members_portal.seal.keys.x"]),
        ("from ..seal import keys", ["members_portal.seal.keys"]),
        ("from .gate import x", ["members_portal.loyalty.gate.x"]),
        ("def f():\n    from members_portal.seal import x", ["members_portal.seal.x"]),
    ],
)
def test_no_spelling_of_an_import_is_overlooked(tmp_path: Path, line: str, names: list[str]) -> None:
    (tmp_path / "members_portal" / "loyalty").mkdir(parents=True)
    file = tmp_path / "members_portal" / "loyalty" / "x.py"
    file.write_text(line)
    assert list(imported(file, tmp_path)) == names
