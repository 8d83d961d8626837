"""README.md is short, plain and true: its commands, its first item, its links' targets are in test_docs.py."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from members_portal.portal.inputs import Inputs, load_inputs
from tests.markdown_page import MarkdownPage, count_words

ROOT = Path(__file__).parent.parent
MARKDOWN = runpy.run_path(str(ROOT / "pelicanconf.py"))["MARKDOWN"]
README = MarkdownPage(ROOT / "README.md")
MOST_BYTES, MOST_WORDS = 6500, 30


def test_it_is_short() -> None:
    size = len(README.text.encode())
    print(f"readme_bytes={size}")
    assert size <= MOST_BYTES


def test_no_sentence_is_long() -> None:
    assert [sentence for sentence in README.sentences if count_words(sentence) > MOST_WORDS] == []


def test_it_shows_pictures_and_the_two_commands() -> None:
    assert {".github/portal.jpg", ".github/print.jpg"} <= set(README.links)
    assert re.findall(r"^make (\S+)", README.shell.partition("\n\n")[0], re.MULTILINE)[:2] == ["publish", "test"]


def with_first_item(folder: Path) -> tuple[str, Inputs]:
    """Add the README's first item to a copy of the sample, and check it as a publish does."""
    (place,) = re.findall(r"Save this as `content/([^`]+)`", README.text)
    (item,) = README.blocks("markdown")
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    (content / place).write_text(item, "utf-8")
    on = date(2026, 11, 28)
    return place, load_inputs(content, ROOT / "members", on, MARKDOWN, language="en-IE", today=on)


def test_its_first_item_is_what_it_says(tmp_path: Path) -> None:
    place, inputs = with_first_item(tmp_path)
    item = inputs.library.items[place]
    ladder = inputs.programme.ladder
    assert item.audience.readers == {*ladder[ladder.index("gold") :], "staff"}
    assert item.front.teaser
    assert item.front.publish is not None
    assert item.front.publish <= inputs.on


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
    commands = (["make", "publish"], ["make", "publish"], [".venv/bin/portal", "check"], ["make", "code", "ID=M-1001"])
    assert {" ".join(command) for command in commands} <= set(re.sub(r" +\n", "\n", README.shell).splitlines())
    first, second, check, code = (
        subprocess.run(command, cwd=clone, env=environ, capture_output=True, text=True, check=False)
        for command in commands
    )
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Deploy the folder output/ to any static host; `make preview` opens it here." in first.stdout
    assert "Made the site secret in" in first.stderr
    assert (clone / "output/portal.json").is_file()
    assert second.returncode == 0, second.stdout + second.stderr
    assert "othing" in second.stdout.partition("Deploy")[0]  # nothing has changed
    assert (check.returncode, check.stderr) == (0, "")
    assert re.fullmatch(r"(?:[0-9A-Z]{3}-){8}[0-9A-Z]{3}\n", code.stdout)
