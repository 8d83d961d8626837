"""README.md tells the truth about commands, options, exit codes, keys and files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import typer.main

from plugins.portal.item import KINDS, Front
from plugins.publish import errors
from plugins.publish.cli import app
from plugins.publish.desk import Desk, set_desk
from plugins.publish.press import STAGES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
SHELL = re.sub(r"#.*", "", "".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)))
CODE = "\n".join([SHELL, *re.findall(r"`([^`\n]+)`", README)])
COMMANDS = typer.main.get_command(app).commands
INTERNAL = {"moved"}  # a condition of other targets


def make_help() -> dict[str, str]:
    """Ask bare `make` for its targets."""
    text = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^  make ([a-z-]+) +(\S.*)$", text, re.MULTILINE))


def table(heading: str) -> list[list[str]]:
    """Read the cells of the table that begins with a heading row."""
    lines = README.partition(f"\n{heading}\n")[2].splitlines()
    rows = [line for line in lines[: lines.index("")] if not line.startswith("|--")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in rows]


def test_help_lists_every_target() -> None:
    (targets,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(make_help()) == set(targets.split()) - INTERNAL


def test_every_make_target_it_names_exists() -> None:
    named = {word for line in re.findall(r"\bmake ([a-z][a-z -]*)", CODE) for word in line.split()}
    assert {"publish", "test", "preview", "lint", "test-long"} <= named
    assert named <= set(make_help())


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"\bportal ([a-z]+)", CODE))
    assert {"check", "link", "rotate"} <= named
    assert named <= set(COMMANDS)


def option_names(command: str) -> set[str]:
    return {name for option in COMMANDS[command].params for name in option.opts}


def test_every_option_in_its_table_exists() -> None:
    named = {option.strip("`") for _, option, _ in table("| variable | option | |") if option}
    assert named == option_names("publish") - {"--debug"}


@pytest.mark.parametrize("variable", re.findall(r"^\| `(PORTAL_[A-Z]+)` \| `", README, re.MULTILINE))
def test_every_variable_in_its_table_changes_something(variable: str) -> None:
    assert desk({variable: "elsewhere"}) != desk({})


def desk(environ: dict[str, str]) -> Desk:
    today = date(2026, 11, 21)
    settled = set_desk(environ, root=ROOT, on=None, today=today, now=0)
    return Desk(**{**vars(settled), "environ": {}})


def test_it_says_every_exit_code() -> None:
    (line,) = re.findall(r"^Exit codes: (.*?)\n\n", README, re.MULTILINE | re.DOTALL)
    named = [int(number) for number in re.findall(r"(?:^|, )(\d+) ", " ".join(line.split()))]
    assert named == [
        errors.OK,
        errors.ERROR,
        errors.USAGE,
        errors.INVALID,
        errors.LEAK,
        errors.LOCKED,
        errors.INTERRUPTED,
    ]


def test_it_names_the_stages() -> None:
    assert [row[0] for row in table("| stage | |")] == [f"{n} {stage}" for n, stage in enumerate(STAGES, 1)]


def test_it_names_the_kinds_of_item() -> None:
    named = re.findall(r"^`(promise/ .*)`\. ", README, re.MULTILINE)
    assert [set(line.split()) for line in named] == [{f"{kind.folder}/" for kind in KINDS}]


def test_every_key_of_front_matter_it_names_exists() -> None:
    rows = table("| key | what it does |")
    named = {key.split(":")[0] for row in rows for key in re.findall(r"`([^`]+)`", row[0])}
    assert {name.lower() for name in named} <= set(Front.model_fields)
    for kind, keys in re.findall(r"(?:an?) (offer|event|promise) `([A-Za-z\s]+)`", README):
        (fields,) = [one.front.model_fields for one in KINDS if one.name == kind]
        assert {key.lower() for key in keys.split()} <= set(fields), kind


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", re.sub(r"```.*?```", "", README, flags=re.DOTALL)))
def test_every_file_it_links_exists(link: str) -> None:
    assert (ROOT / link).exists()


def test_every_folder_it_names_exists() -> None:
    (block,) = re.findall(r"## Where things are\n\n```\n(.*?)```", README, re.DOTALL)
    named = re.findall(r"(?:^|  )([a-z/]+/)", block, re.MULTILINE)
    assert {"content/", "members/", "theme/", "plugins/seal/", "tests/"} <= set(named)
    assert [folder for folder in named if not (ROOT / folder).is_dir()] == []


@pytest.mark.long
def test_a_fresh_clone_publishes_with_one_command(tmp_path: Path) -> None:
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    clone = tmp_path / "clone"
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():  # and not deleted just now
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    (tmp_path / "home").mkdir()
    settings = ("PORTAL_", "VIRTUAL_ENV", "CI")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    environ["HOME"] = str(tmp_path / "home")
    first, second = (
        subprocess.run(["make", "publish"], cwd=clone, env=environ, capture_output=True, text=True, check=False)
        for _ in range(2)
    )
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Deploy the folder output/ to any static host; `make preview` opens it here." in first.stdout
    assert "Made the site secret in" in first.stderr
    assert (clone / "output/portal.json").is_file()
    assert second.returncode == 0, second.stdout + second.stderr
    assert "othing" in second.stdout.partition("Deploy")[0]  # nothing has changed
