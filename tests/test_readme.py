"""README.md tells the truth about commands, options, exit codes, keys and files."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import typer.main

from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.message import read_sender
from members_portal.newsletter.post.address_window import WINDOWS, Window
from members_portal.newsletter.preflight.inspection import BLEED, SAMPLE
from members_portal.newsletter.preflight.qr_reading import DPI, PROGRAM
from members_portal.newsletter.press import print_run, run_manifest
from members_portal.portal.content.item import KINDS, Front, Newsletter
from members_portal.publish import publish_error
from members_portal.publish.command.cli import app
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.issue import email_run, print_files
from members_portal.publish.issue.print_settings import print_settings
from members_portal.publish.pipeline import STAGES
from tests.newsletter import specimen

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
SHELL = re.sub(r"#.*", "", "".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)))
CODE = "\n".join([SHELL, *re.findall(r"`([^`\n]+)`", README)])
COMMANDS = typer.main.get_command(app).commands
INTERNAL = {"moved"}  # a condition of other targets
HANDED_OVER = {f"PORTAL_{name}" for name in ("CACHE", "COUPONS", "INPUTS", "LETTERS", "TILL")}  # set by the press alone
SOURCES = [*(ROOT / "plugins").rglob("*.py"), ROOT / "pelicanconf.py", ROOT / "publishconf.py"]


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


def test_every_option_in_its_commands_exists() -> None:
    lines = re.findall(r"\bportal ([a-z]+)([^|\n]*)", SHELL)
    used = {command: set[str]() for command, _ in lines}
    for command, rest in lines:
        used[command] |= set(re.findall(r"--[a-z-]+", rest))
    assert used["mail"] == {"--per-edition", "--send"}
    assert used["letter"] == {"--open", "--issue"}
    assert {command: names - option_names(command) for command, names in used.items() if names} == {
        command: set() for command, names in used.items() if names
    }


def test_every_option_in_its_table_exists() -> None:
    named = {option.strip("`") for _, option, _ in table("| variable | option | |") if option}
    assert named == option_names("publish") - {"--debug"}


@pytest.mark.parametrize("variable", re.findall(r"^\| `(PORTAL_[A-Z]+)` \| `", README, re.MULTILINE))
def test_every_variable_in_its_table_changes_something(variable: str) -> None:
    assert context({variable: "elsewhere"}) != context({})


def test_it_names_every_setting_there_is_and_no_other() -> None:
    source = "\n".join(file.read_text("utf-8") for file in SOURCES)
    places = {f"PORTAL_{name.upper()}" for name in re.findall(r'\bchoose\("([a-z]+)"', source)}
    there = places | set(re.findall(r"\bPORTAL_[A-Z_]*[A-Z]\b", source))
    assert set(re.findall(r"\bPORTAL_[A-Z_]*[A-Z]\b", README)) == there - HANDED_OVER


def test_letters_are_left_out_and_made_elsewhere_by_the_variables_it_names() -> None:
    rows = {variable.strip("`"): said for variable, option, said in table("| variable | option | |") if not option}
    assert rows["PORTAL_PDF"].startswith("`no`")
    assert not context({"PORTAL_PDF": "no"}).pdfs
    assert make_context({"PORTAL_EXECUTOR": "tcp://x"}, root=ROOT, on=None, today=date.min, now=0).executor == "tcp://x"


def context(environ: dict[str, str]) -> PublishContext:
    today = date(2026, 11, 21)
    settled = make_context(environ, root=ROOT, on=None, today=today, now=0)
    return PublishContext(**{**vars(settled), "environ": {}})


def test_it_says_every_exit_code() -> None:
    (line,) = re.findall(r"^Exit codes: (.*?)\n\n", README, re.MULTILINE | re.DOTALL)
    named = [int(number) for number in re.findall(r"(?:^|, )(\d+) ", " ".join(line.split()))]
    assert named == [
        publish_error.OK,
        publish_error.ERROR,
        publish_error.USAGE,
        publish_error.INVALID,
        publish_error.LEAK,
        publish_error.LOCKED,
        publish_error.INTERRUPTED,
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


def test_every_key_of_a_newsletter_it_names_exists_and_no_other() -> None:
    rows = table("| key of a newsletter | what it does |")
    named = {key.rstrip(":").lower() for row in rows for key in re.findall(r"`([^`]+)`", row[0])}
    assert named == set(Newsletter.model_fields) - set(Front.model_fields)


def test_every_member_and_issue_its_commands_name_is_in_the_sample() -> None:
    members = (ROOT / "members" / "members.yaml").read_text("utf-8")
    assert [name for name in re.findall(r"\b[MS]-\d+\b", SHELL) if f"id: {name}\n" not in members] == []
    issues = re.findall(r"(?:--issue|portal print|portal mail) ([a-z0-9-]+)", SHELL)
    assert [name for name in issues if not (ROOT / "content" / "newsletters" / f"{name}.md").is_file()] == []


def test_it_names_every_file_of_a_print_run() -> None:
    sources = [Path(module.__file__).read_text("utf-8") for module in (print_files, print_run)]
    written = {name for source in sources for name in re.findall(r'"([a-z-]+\.(?:pdf|csv|txt))"', source)}
    assert {row[0].strip("`") for row in table("| file of a run | |")} == written


def test_it_names_every_column_of_run_csv_in_order() -> None:
    said = README.partition("A row of `run.csv` has ")[2].partition("Cells that")[0]
    named = [word for word in re.findall(r"`([a-z_0-9]+)`", said) if word in run_manifest.COLUMNS]
    assert [word for word in dict.fromkeys(named) if word not in ("letter", "seed")] == list(run_manifest.COLUMNS)


def test_what_it_says_of_a_run_in_numbers_is_so() -> None:
    assert f"with {BLEED:g} mm of bleed" in README
    assert f"read at {DPI} dpi (all of them up to {SAMPLE} letters, then {SAMPLE})" in README.replace("\n", " ")
    assert f"takes `{PROGRAM}`" in README
    assert print_run.PROOFS == 12
    assert "up to twelve letters" in README


def test_it_names_every_key_of_print_settings() -> None:
    settings = runpy.run_path(str(ROOT / "pelicanconf.py"))
    print_settings(settings)  # refuses a key that means nothing
    assert {row[0].strip("`") for row in table("| key of `PORTAL_PRINT` | |")} == set(settings["PORTAL_PRINT"])


def test_its_windows_are_those_there_are() -> None:
    rows = table("| window | paper | envelope, and its window | folded, from the top | lines |")
    assert {row[0].strip("`"): (row[1], row[3], row[4]) for row in rows} == {
        name: (window.paper, folds(window), str(window.lines)) for name, window in WINDOWS.items()
    }


def folds(window: Window) -> str:
    """Say where a sheet is folded, as the README does."""
    said = f"at {' and '.join(f'{fold:g}' for fold in window.folds)} mm"
    return f"{said} (4 and 8 in)" if window.paper == "Letter" else said


def test_every_key_of_mail_settings_it_names_is_one() -> None:
    (said,) = re.findall(r"`PORTAL_MAIL` in pelicanconf\.py \| `\{(.*?)\}`, both", README)
    named = re.findall(r'"([a-z]+)": "([^"]+)"', said)
    assert [key for key, _ in named] == ["from", "unsubscribe"]
    assert read_sender(dict(named), specimen.house()).unsubscribe
    with pytest.raises(MailError, match="expected `from` or `unsubscribe`"):
        read_sender({"reply": "x"}, specimen.house())
    assert f"`{email_run.LIST}`" in README


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", re.sub(r"```.*?```", "", README, flags=re.DOTALL)))
def test_every_file_it_links_exists(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("anchor", re.findall(r"\]\(#([^)]+)\)", README))
def test_every_heading_it_links_exists(anchor: str) -> None:
    headings = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    assert anchor in [re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def test_every_folder_it_names_exists() -> None:
    (block,) = re.findall(r"## Where things are\n\n```\n(.*?)```", README, re.DOTALL)
    named = re.findall(r"(?:^|  )([a-z_/]+/)", block, re.MULTILINE)
    packages = (file.parent for file in (ROOT / "plugins/members_portal").glob("*/__init__.py"))
    plugins = {f"{package.relative_to(ROOT).as_posix()}/" for package in packages}
    assert {"content/", "members/", "theme/", "theme/print/", "theme/mail/", "tests/", *plugins} <= set(named)
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
