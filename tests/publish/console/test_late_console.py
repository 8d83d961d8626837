"""The console of a command prints the same text with rich and without it."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

from members_portal.publish.console.late_console import LateConsole

TEXTS = (
    *("plain", "", " spaces at both ends ", "a " * 300, "backslash \\ and \\[escaped]", ":smile: 12:30 'quoted'"),
    *(
        "[bold]marked[/bold] up",
        "an [unknown] tag",
        "a\ttab",
        "two\nlines",
        "bell\a and\rreturn",
        "\x1b[1mescape",
        "Zoë …",
    ),
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("markup", [None, False])
def test_a_log_has_what_rich_prints(monkeypatch: pytest.MonkeyPatch, text: str, markup: bool | None) -> None:
    expected, found = StringIO(), StringIO()
    Console(file=expected, highlight=False, soft_wrap=True, emoji=False).print(text, markup=markup)
    monkeypatch.setattr(sys, "stdout", found)
    LateConsole().print(text, markup=markup)
    assert found.getvalue() == expected.getvalue()


def test_a_table_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", found := StringIO())
    LateConsole(stderr=True).print(Table("name", box=None))
    assert found.getvalue().split() == ["name"]


@pytest.mark.parametrize(
    ("variable", "expected"), [({"FORCE_COLOR": "1"}, True), ({"TTY_COMPATIBLE": "1"}, True), ({}, False)]
)
def test_variables_make_a_log_a_terminal_as_for_rich(
    monkeypatch: pytest.MonkeyPatch, variable: dict[str, str], expected: bool
) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", StringIO())
    assert LateConsole().is_terminal == expected


def test_a_reader_that_has_gone_ends_the_command() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code = "from members_portal.publish.console.late_console import LateConsole\nLateConsole().print('gone')"
    done = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_plain_lines_of_a_log_do_not_import_rich() -> None:
    code = (
        "import sys\nfrom members_portal.publish.console.late_console import LateConsole\n"
        "LateConsole().print('plain')\nprint(LateConsole().is_terminal, 'rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "plain\nFalse False\n"


@pytest.mark.parametrize("stream", [1, 2])
def test_nothing_is_printed_to_a_stream_that_was_closed_before(stream: int) -> None:
    code = (
        "from members_portal.publish.console.late_console import LateConsole\n"
        f"console = LateConsole(stderr={stream == 2})\nconsole.print('plain')\nassert not console.is_terminal"
    )
    command = f'exec "$0" -c "$1" {stream}>&-'
    done = subprocess.run(["/bin/sh", "-c", command, sys.executable, code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
