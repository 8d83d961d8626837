"""How the scripts are written and loaded; `make lint` checks what one file shows, this what takes several."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.js.lantern import SCRIPTS

THEME = SCRIPTS.parents[1]
CHECKS = Path(__file__).parent / "checks"
TEXTS = {path.name: path.read_text("utf-8") for path in sorted(SCRIPTS.glob("*.js"))}

TAGS = {"param", "returns", "template"}
NAMED = re.compile(r"^(?:async )?function (\w+)|^(?:const|let) (\w+)", re.MULTILINE)
FUNCTION = re.compile(r"^(?:async )?function (\w+)\(([^)]*)\)", re.MULTILINE)
DOCUMENTED = re.compile(r"^/\*\*\s((?:(?!\*/).)*)\*/\n(?:async )?function (\w+)", re.DOTALL | re.MULTILINE)
SENTENCE = re.compile(r"[A-Z][^.]*(?:\.\w[^.]*)*\.")


IMPORTED = re.compile(r"'theme/js/([\w-]+\.js)'")


def loaded_by(template: str) -> list[str]:
    """List the scripts that a template loads, in their order; those of several bundles once."""
    loaded = re.findall(
        r"asset\('js/((?:bundle/)?[\w-]+\.js)'\)", (THEME / "templates" / "blocks" / template).read_text()
    )
    names = [name for path in loaded for name in scripts_of(path)]
    return list(dict.fromkeys(names))


def scripts_of(path: str) -> list[str]:
    """List the scripts in a bundle; a script that is none stands for itself."""
    return IMPORTED.findall((SCRIPTS / path).read_text("utf-8")) if path.startswith("bundle/") else [path]


def loaded_by_the_worker() -> list[str]:
    """List the worker's scripts, in their order."""
    listed = re.search(r"importScripts\((.*?)\);", TEXTS["sw.js"], re.DOTALL)
    assert listed
    return ["sw.js", *IMPORTED.findall(listed[1])]


LOADED = {
    "worker.json": loaded_by_the_worker(),
    "sign-in.json": loaded_by("sign-in-scripts.html"),
    "members.json": loaded_by("edition-head.html"),
}


def test_every_script_is_loaded() -> None:
    assert {name for names in LOADED.values() for name in names} == set(TEXTS)


@pytest.mark.parametrize("project", LOADED)
def test_scripts_that_are_loaded_together_have_their_types_checked_together(project: str) -> None:
    files = json.loads((CHECKS / project).read_text())["files"]
    assert [Path(file).name for file in files if file.endswith(".js")] == LOADED[project]


@pytest.mark.parametrize("project", LOADED)
def test_scripts_that_are_loaded_together_give_no_name_twice(project: str) -> None:
    names = [function or value for text in LOADED[project] for function, value in NAMED.findall(TEXTS[text])]
    assert sorted(names) == sorted(set(names))


def test_every_name_is_used() -> None:
    everything = "\n".join(TEXTS.values())
    code = re.sub(r"/\*.*?\*/", "", everything, flags=re.DOTALL)
    names = {function or value for function, value in NAMED.findall(everything)}
    assert {name for name in names if len(re.findall(rf"\b{name}\b", code)) < 2} == set()


@pytest.mark.parametrize("name", TEXTS)
def test_a_script_begins_with_its_purpose(name: str) -> None:
    assert re.match(r"/\* [A-Z].*?\. \*/\n'use strict';\n\n", TEXTS[name], re.DOTALL)


@pytest.mark.parametrize("name", TEXTS)
def test_every_function_says_what_it_does_and_takes(name: str) -> None:
    text = TEXTS[name]
    comments = {function: comment for comment, function in DOCUMENTED.findall(text)}
    for function, parameters in FUNCTION.findall(text):
        comment = comments.get(function, "")
        lines = [line.strip(" *") for line in comment.strip().splitlines()]
        assert SENTENCE.fullmatch(lines[0] if lines else ""), function
        tags = [line.split()[0].removeprefix("@") for line in lines[1:]]
        assert set(tags) <= TAGS, function
        assert bool(parameters) == ("param" in tags), function
