"""Warnings of a publish: listed with file and line, counted in the summary, and errors with `--strict`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.long_cases import quick_and_long
from tests.publish.project import Project, files_of, lay_in_fonts
from tests.publish.running_preview import Preview

WARNING = re.compile(r"members/members.yaml:\d+:\d+: warning: this email is used twice \(first on line \d+\)")
COUNT = "Warnings: 1"


@pytest.fixture
def shared_mailbox(harbour: Project, tmp_path: Path) -> Project:
    """Return a published project of which two members have one e-mail address."""
    project = Project.copy(harbour, tmp_path / "portal", tree=True)
    file = project.root / "members/members.yaml"
    one, two, *_ = re.findall(r"email: (\S+@[^\s,}]+)", file.read_text("utf-8"))
    project.edit("members/members.yaml", two, one)
    return project


@pytest.mark.long
def test_a_publish_lists_and_counts_warnings(shared_mailbox: Project) -> None:
    run = shared_mailbox.publish()
    assert WARNING.search(run.err)
    assert COUNT in run.out


@pytest.mark.long
def test_an_unchanged_publish_counts_them_too(shared_mailbox: Project) -> None:
    shared_mailbox.publish()
    run = shared_mailbox.publish()
    assert "Nothing changed" in run.out
    assert f"{COUNT}; `portal check` lists them" in run.out


@pytest.mark.parametrize("published", quick_and_long([False, True], {False}))
def test_a_strict_publish_refuses_warnings(shared_mailbox: Project, published: bool) -> None:
    if published:
        shared_mailbox.publish()
    before = files_of(shared_mailbox.release)
    run = shared_mailbox.portal("publish", "--strict")
    assert run.code == 3
    assert WARNING.sub("", run.err) == run.err  # an error now, and no warning
    assert "this email is used twice" in run.err
    assert "1 problem; nothing was published." in run.err
    assert files_of(shared_mailbox.release) == before


def test_a_strict_publish_without_warnings_is_a_publish(harbour: Project, tmp_path: Path) -> None:
    project = Project.copy(harbour, tmp_path / "portal", tree=True)
    run = project.portal("publish", "--strict")
    assert run.code == 0
    assert "Warnings" not in run.out


OTHERS = [("letter", "L-101"), ("print", "letter-one"), ("mail", "letter-one")]
SLOW_OTHERS = [pytest.param(command, marks=pytest.mark.long) for command in OTHERS]


@pytest.mark.parametrize("command", [*SLOW_OTHERS[:-1], OTHERS[-1]])
def test_other_commands_list_them_and_refuse_them_when_strict(
    shared_mailbox: Project, command: tuple[str, str]
) -> None:
    assert WARNING.search(shared_mailbox.portal(*command).err)
    strict = shared_mailbox.portal(*command, "--strict")
    assert (strict.code, WARNING.search(strict.err)) == (3, None)
    assert "this email is used twice" in strict.err


@pytest.mark.long
def test_a_preview_lists_and_counts_them(shared_mailbox: Project, cut_fonts: Path) -> None:
    lay_in_fonts(cut_fonts, shared_mailbox.root / ".build" / "preview")
    preview = Preview(shared_mailbox)
    _, err = preview.stop()
    assert WARNING.search(err)
    assert [line for line in preview.lines if line.startswith(COUNT)]


@pytest.mark.parametrize("command", [pytest.param(("letter", "L-102"), marks=pytest.mark.long), OTHERS[-1]])
def test_the_summary_of_other_commands_counts_them(shared_mailbox: Project, command: tuple[str, str]) -> None:
    run = shared_mailbox.portal(*command)
    assert (run.code, f"{COUNT}. With --strict they are errors." in run.out) == (0, True), run.text


FAULTS = {
    "[ledger](../reports/lost.md)": "there is no content/reports/lost.md",
    "![Lamp](../images/lost.jpg)": "there is no content/images/lost.jpg",
    "# Heading": "a second main heading",
}


@pytest.mark.parametrize("command", [("check",), *SLOW_OTHERS])
def test_every_command_reports_links_pictures_and_texts(
    harbour: Project, tmp_path: Path, command: tuple[str, ...]
) -> None:
    project = Project.copy(harbour, tmp_path / "portal")
    file = project.root / "content/newsletters/letter-one.md"
    file.write_text("\n\n".join([file.read_text("utf-8"), *FAULTS]), "utf-8")
    run = project.portal(*command)
    *problems, total = [line for line in run.err.splitlines() if not line.startswith("Nothing")]
    assert (run.code, len(problems)) == (3, len(FAULTS)), run.text
    for message in FAULTS.values():
        assert message in run.err
    assert total.startswith("2 problems, 1 warning")
