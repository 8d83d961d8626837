"""The command `portal`: exit codes, output, errors, and secrets that it never prints."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from members_portal.publish.command.cli import app
from members_portal.seal import Secret, access_code
from tests.long_cases import quick_first
from tests.publish.project import DAY, MEMBERS, ROOT, SECRET, Project, Run, files_of

STAGES = ("load", "validate", "render", "letters", "seal", "gate", "flip")
PRIVATE = ("Torvald", "Ekdahl", "Ngozi", "Obiakor", "欧阳", "شيرين", "Argenteuil", "post.example", "Netmenders", SECRET)


def quiet_about_people(run: Run, project: Project) -> bool:
    return not any(text in run.text for text in (*PRIVATE, *map(project.code, MEMBERS)))


# Exit codes


def test_0_when_published_and_when_nothing_changed(unpublished: Project) -> None:
    first, second = unpublished.run("publish"), unpublished.portal("publish")
    assert (first.code, first.err, second.code, second.err) == (0, "", 0, "")
    assert quiet_about_people(first, unpublished)
    lines = [line.split()[1] for line in first.out.splitlines() if re.fullmatch(r"\d [a-z]+ \d+\.\d\d s", line)]
    assert lines == list(STAGES)
    assert "Nothing changed" in second.out


def test_1_when_something_cannot_be_done(project: Project) -> None:
    project.output.unlink()
    project.output.mkdir()
    run = project.portal("publish")
    assert run.code == 1
    assert "is not a link made by a publish; move it away first" in run.err
    assert list(project.output.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [("publish", "--date", "2026-02-30"), ("publish", "--dat", DAY), ("pulbish",), ("code",), ("publish", "now")],
    ids=" ".join,
)
def test_2_when_used_wrongly(arguments: tuple[str, ...], project: Project) -> None:
    run = project.portal(*arguments)
    assert run.code == 2
    assert "Traceback" not in run.text


def test_it_prints_the_version_that_is_installed(project: Project) -> None:
    run = project.portal("--version")
    assert (run.code, run.out, run.err) == (0, f"members-portal {version('members-portal')}\n", "")


@pytest.mark.long
def test_3_when_an_input_is_invalid(project: Project) -> None:
    before = files_of(project.release)
    project.edit("content/offers/wick-voucher.md", "Ends: 2026-11-23", "Ends: 2026-11-31")
    project.edit("members/members.yaml", "tier: pewter", "tier: pewtre")
    run = project.run("publish")
    assert run.code == 3
    assert re.search(r"^content/offers/wick-voucher\.md:9:7: ends: `2026-11-31` ", run.err, re.MULTILINE)
    assert re.search(r"^members/members\.yaml:22:9: .*`pewter`", run.err, re.MULTILINE)
    assert "2 problems; nothing was published." in run.err
    assert files_of(project.release) == before
    assert "Traceback" not in run.text
    assert quiet_about_people(run, project)


@pytest.mark.long
def test_4_when_the_release_would_leak(project: Project) -> None:
    before = files_of(project.release)
    style = project.own("theme") / "static" / "css" / "base.css"
    style.write_text(style.read_text("utf-8") + ".brass { color: #876011 }\n", "utf-8")
    run = project.portal("publish")
    assert run.code == 4
    assert "theme/css/base.css holds the name of the tier brass in clear" in run.err
    assert files_of(project.release) == before
    assert "Traceback" not in run.text


def test_5_when_another_publish_is_running(project: Project) -> None:
    with open(project.root / ".build" / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = project.portal("publish")
    assert run.code == 5
    assert "another publish is running here" in run.err
    assert project.publish().code == 0


def test_130_when_interrupted_before_or_after_the_code_of_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(app.commands, "interrupted", click.Command("interrupted", callback=interrupted))
    run = CliRunner().invoke(app, ["interrupted"])
    assert (run.exit_code, run.output) == (130, "")


# Errors


@pytest.mark.parametrize(
    ("arguments", "undone"),
    quick_first(
        [
            (("publish",), "1 problem; nothing was published."),
            (("rotate",), "1 problem; nothing was changed."),
            (("export", "statements.csv"), "1 problem; nothing was written."),
            (("check",), "1 problem"),
            (("code", "L-101"), "1 problem"),
            (("link", "L-101"), "1 problem"),
            (("coupon", "make", "L-101", "wick-voucher"), "1 problem"),
        ],
        2,
    ),
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_only_a_publish_states_that_nothing_was_published(
    arguments: tuple[str, ...], undone: str, project: Project
) -> None:
    with open(project.root / "members" / "programme.yaml", "a", encoding="utf-8") as programme:
        programme.write("colour: red\n")
    run = project.portal(*arguments)
    assert (run.code, run.err.splitlines()[-1]) == (3, undone)


def test_an_error_without_a_second_sentence_has_no_empty_line(harbour: Project) -> None:
    assert harbour.portal("code", "L-999").err == "error: no member has the id 'L-999'\n"


@pytest.mark.parametrize("command", quick_first(["code", "link", "statement", "letter"], 1))
def test_an_id_in_small_letters_suggests_the_member(command: str, harbour: Project) -> None:
    run = harbour.portal(command, "l 101")
    assert run.code == 1
    assert run.err.startswith("error: no member has the id 'l 101'")
    assert "(did you mean `L-101`?)" in run.err


def test_serve_without_a_release_names_the_remedy(unpublished: Project) -> None:
    run = unpublished.portal("serve", "--port", "0")
    assert (run.code, run.out) == (1, "")
    assert run.err == "error: output/ holds no release: run `portal publish` first\n"


def test_an_unexpected_error_is_one_line_and_with_debug_a_traceback(project: Project) -> None:
    with open(project.root / "publishconf.py", "a", encoding="utf-8") as conf:
        conf.write('\nMARKDOWN = {"extensions": ["absent"]}\n')
    short, long = project.portal("publish"), project.portal("publish", "--debug")
    assert short.code == 1
    assert "Traceback" not in short.text
    assert "--debug shows where this arose" in short.err
    assert "Traceback" in long.err


def test_wrong_settings_end_with_3_and_are_reported_together(project: Project) -> None:
    with open(project.root / "publishconf.py", "a", encoding="utf-8") as conf:
        conf.write("\nMARKDOWN = 3\nPORTAL_PRITN = {}\n")
    run = project.portal("publish")
    assert run.code == 3
    assert "publishconf.py:16:1: `MARKDOWN`: `3` doesn't fit" in run.err
    assert "publishconf.py:17:1: unknown setting `PORTAL_PRITN`" in run.err
    assert "(did you mean `PORTAL_PRINT`?)" in run.err


@pytest.mark.long
def test_an_address_below_a_shared_host_ends_with_3_and_nothing_is_published(project: Project) -> None:
    before = os.readlink(project.output)
    run = project.portal("publish", PORTAL_SITEURL="https://lamps.github.io/club")
    assert run.code == 3
    assert run.err.startswith(
        "PORTAL_SITEURL: `SITEURL`: other sites share the origin of `https://lamps.github.io/club` and can attack "
        "the portal, expected an address on a domain of its own, or `shared_origin: True` in PORTAL_SITE"
    )
    assert os.readlink(project.output) == before
    project.edit("pelicanconf.py", "PORTAL_SITE = {", 'PORTAL_SITE = {\n    "shared_origin": True,')
    run = project.portal("publish", PORTAL_SITEURL="https://lamps.github.io/club")
    assert (run.code, "Warning" in run.text) == (0, False), run.text


@pytest.mark.parametrize(
    ("arguments", "environ", "source"),
    quick_first(
        [
            (("check",), {"PORTAL_SITEURL": "lamps.example"}, "PORTAL_SITEURL"),
            (("publish",), {"PORTAL_SITEURL": "lamps.example"}, "PORTAL_SITEURL"),
            (("publish", "--siteurl", "lamps.example"), {"PORTAL_SITEURL": "https://other.example"}, "--siteurl"),
            (("link", "L-101", "--siteurl", "lamps.example"), {}, "--siteurl"),
        ],
        1,
    ),
)
def test_an_address_without_a_scheme_ends_with_3_and_names_its_option_or_variable(
    arguments: tuple[str, ...], environ: dict[str, str], source: str, project: Project
) -> None:
    before = os.readlink(project.output)
    run = project.portal(*arguments, **environ)
    expected = "an address such as https://club.example, or empty text (did you mean `https://lamps.example`?)"
    first = run.err.splitlines()[0]
    assert (run.code, first) == (3, f"{source}: `SITEURL`: `lamps.example` doesn't fit, expected {expected}")
    assert os.readlink(project.output) == before


@pytest.mark.long
def test_an_address_with_a_path_on_an_unknown_host_is_a_warning(project: Project) -> None:
    told = (
        "`SITEURL`: other sites may share the origin of `https://lamps.example/club` and attack the portal, "
        "expected an address on a domain of its own, or `shared_origin: True` in PORTAL_SITE\n"
    )
    run = project.portal("publish", PORTAL_SITEURL="https://lamps.example/club")
    assert (run.code, run.err, "Warnings: 1." in run.out) == (0, f"PORTAL_SITEURL: warning: {told}", True), run.text
    check = project.portal("check", PORTAL_SITEURL="https://lamps.example/club")
    assert (check.code, check.err) == (0, run.err)
    strict = project.portal("publish", "--strict", PORTAL_SITEURL="https://lamps.example/club")
    assert (strict.code, strict.err.splitlines()[0]) == (3, f"PORTAL_SITEURL: {told}".strip())


def test_members_in_a_database_that_is_not_there_end_with_1_and_without_its_password(project: Project) -> None:
    run = project.portal("publish", "--members", "postgresql://portal:hunter2@127.0.0.1:1/club")
    assert run.code == 1
    assert run.err.startswith("error: postgresql://portal@127.0.0.1:1/club: connection to server at")
    assert "hunter2" not in run.text


def test_no_secret_where_ci_is_set(project: Project) -> None:
    run = project.portal("publish", PORTAL_SECRET=None, CI="true")
    assert run.code == 1
    assert "PORTAL_SECRET is not set" in run.err
    assert not (project.root / ".portal").exists()


def test_a_secret_is_made_once_and_announced_without_being_told(unpublished: Project) -> None:
    first = unpublished.portal("code", "L-101", PORTAL_SECRET=None)
    again = unpublished.portal("code", "L-101", PORTAL_SECRET=None)
    file = unpublished.root / ".portal" / "secret"
    secret = file.read_text("ascii").strip()
    assert "Made the site secret in" in first.err
    assert again.err == ""
    assert first.out == again.out == access_code(Secret(bytes.fromhex(secret)), "L-101", 1) + "\n"
    assert secret not in first.text
    assert file.stat().st_mode & 0o777 == 0o600


# code, link, check, rotate


def test_code_prints_the_code_and_only_that(harbour: Project) -> None:
    assert harbour.portal("code", "L-104") == Run(0, harbour.code("L-104") + "\n", "")


def test_link_prints_the_address_that_signs_in(harbour: Project) -> None:
    code = harbour.code("L-101")
    made = harbour.portal("link", "L-101")
    assert made.out == f"https://club.strandandhitch.example/#{code}\n"
    assert (
        made.err == "Browsers keep this address in their history. On a shared device, type the access code instead.\n"
    )
    run = harbour.portal("link", "L-101", PORTAL_SITEURL="https://lamps.example/club/")
    assert run.out == f"https://lamps.example/club/#{code}\n"


@pytest.mark.parametrize("command", ["code", "link"])
def test_nobody_has_an_unknown_id(command: str, harbour: Project) -> None:
    run = harbour.portal(command, "L-999")
    assert (run.code, run.out) == (1, "")
    assert "no member has the id 'L-999'" in run.err


def test_check_counts_and_publishes_nothing(unpublished: Project) -> None:
    run = unpublished.portal("check", "--date", DAY)
    assert run == Run(0, "11 items and 6 members have no problems.\n", "")
    assert not unpublished.output.is_symlink()


def test_check_finds_what_publish_would(project: Project) -> None:
    project.edit("content/offers/wick-voucher.md", "Audience: members", "Audience: everyone")
    assert project.portal("check").code == 3


def test_rotate_says_what_to_do(project: Project) -> None:
    run = project.portal("rotate")
    assert run == Run(0, "generation is 2 now: commit programme.yaml and publish.\n", "")


def test_rotate_with_another_secret_than_the_release_changes_nothing(project: Project) -> None:
    programme = project.root / "members/programme.yaml"
    before = programme.read_bytes()
    run = project.portal("rotate", PORTAL_SECRET=SECRET[::-1])
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("error: PORTAL_SECRET is not the site secret of output, whose public key is ")
    assert run.err.endswith("\nNothing was changed.\n")
    assert programme.read_bytes() == before


def test_rotate_needs_no_secret(project: Project) -> None:
    assert project.portal("rotate", PORTAL_SECRET=None).code == 0
    assert not (project.root / ".portal").exists()


# Appearance


@pytest.mark.long
def test_a_table_tells_items_and_members_by_edition(unpublished: Project) -> None:
    out = unpublished.publish().out
    rows = {row[0]: row[1:] for line in out.splitlines() if (row := line.split())}
    assert rows["public"] == ["2"]
    assert rows["brass"] == ["7", "2"]
    assert rows["staff"] == ["10", "1"]
    assert re.search(r"^Release \d+: \d+ files, \d\.\d MB \(sealed: \d+ new, 0 reused, 0 removed\)", out, re.MULTILINE)
    assert "Deploy the folder output/" in out


def on_a_terminal(project: Project, *arguments: str, **environ: str) -> str:
    """Run `portal` on a pseudo-terminal; return its output."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "members_portal", *arguments]
    env = project.environ(TERM="xterm-256color", **environ)
    with subprocess.Popen(command, cwd=project.root, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 1 << 16):
                shown += piece
        except OSError:
            pass  # the other end of the terminal is closed
        assert process.wait() == 0, shown
    os.close(ours)
    return shown.decode()


@pytest.mark.long
def test_a_terminal_shows_a_bar_with_the_stages_and_no_lines(unpublished: Project) -> None:
    shown = on_a_terminal(unpublished, "publish")
    assert "\x1b[" in shown
    assert "━" in shown
    assert "/7" in shown
    assert not re.search(r"^\d [a-z]+ \d+\.\d\d s", shown, re.MULTILINE)


@pytest.mark.long
def test_no_color_is_honoured(unpublished: Project) -> None:
    shown = on_a_terminal(unpublished, "publish", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*(?:3[0-7]|38;)[0-9;]*m", shown)


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield all commands below a group, with their words."""
    if not hasattr(command, "list_commands"):
        yield path, command
        return
    context = command.context_class(command)
    for name in command.list_commands(context):
        yield from leaves(command.get_command(context, name), (*path, name))


def test_help_describes_every_option_and_argument_and_shows_no_value_for_a_flag() -> None:
    commands = dict(leaves(app))
    assert len(commands) > 15
    for words, command in commands.items():
        context = click.Context(command)
        for option in command.get_params(context):
            assert (option.help or "").endswith("."), (words, option.name)
            if getattr(option, "is_flag", False):
                assert option.get_help_record(context)[0] == ", ".join(option.opts), (words, option.name)


def test_help_names_every_command_and_says_what_it_does(harbour: Project) -> None:
    shown = harbour.portal("--help").out
    for command in ("publish", "check", "preview", "serve", "code", "link", "rotate"):
        assert re.search(rf"\b{command} +[A-Z]", shown), command


def test_the_installed_command_is_the_same() -> None:
    assert 'portal = "members_portal.publish.command.cli:main"' in (ROOT / "pyproject.toml").read_text("utf-8")


# Paths


@pytest.mark.long
def test_every_place_can_be_elsewhere(unpublished: Project, tmp_path: Path) -> None:
    (unpublished.root / "content").rename(tmp_path / "texts")
    (unpublished.root / "members").rename(tmp_path / "people")
    unpublished.publish(
        PORTAL_CONTENT=str(tmp_path / "texts"),
        PORTAL_MEMBERS=f"file://{tmp_path}/people",
        PORTAL_OUTPUT=str(tmp_path / "site"),
    )
    assert (tmp_path / "site").is_symlink()
    assert unpublished.open("L-101", tmp_path / "site").read("")
    assert not unpublished.output.is_symlink()


@pytest.mark.long
def test_two_outputs_have_releases_of_their_own(project: Project, tmp_path: Path) -> None:
    before = files_of(project.release)
    project.publish(PORTAL_OUTPUT=str(tmp_path / "other"), PORTAL_SITEURL="https://lamps.example/club")
    assert files_of(project.release) == before
    assert (tmp_path / "other").resolve().parent != project.release.parent
    assert b"/club/" in (tmp_path / "other" / "404.html").read_bytes()
    assert "Nothing changed" in project.publish().out
