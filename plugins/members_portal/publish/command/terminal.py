"""The terminal: shared options, consoles for output and errors, error messages and exit codes."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from members_portal import clock
from members_portal.loyalty.input.problem import InvalidInput, Problem, count_warnings, counted
from members_portal.loyalty.period import YEARS
from members_portal.publish.console.interrupt import Terminated
from members_portal.publish.console.late_console import LateConsole
from members_portal.publish.context import BUILD, PublishContext, make_context
from members_portal.publish.exit_code import INTERRUPTED, SIGNALLED, exit_code
from members_portal.publish.fault_place import placed_error
from members_portal.publish.publish_error import EXPECTED_ERRORS, file_written
from members_portal.publish.site_day import site_day, site_zone
from members_portal.whole_file import make_private

_Command = TypeVar("_Command", bound=Callable[..., Any])
screen = LateConsole()
errors = LateConsole(stderr=True)


def a_date(text: str) -> date:
    """Parse a date of the command line."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a day, expected YYYY-MM-DD") from None
    if day.year not in YEARS:
        raise click.BadParameter(f"{text!r} is too far off, expected a day from {YEARS[0]} to {YEARS[-1]}")
    return day


class WholeNumber(click.IntRange):
    """A whole number between limits."""

    name = "whole number"


def flag(name: str, help_text: str) -> Callable[[_Command], _Command]:
    """Return an option without a value."""
    return click.option(name, is_flag=True, help=help_text)


def text_option(name: str, metavar: str, help_text: str) -> Callable[[_Command], _Command]:
    """Return an option with a text; `help_text` states the default."""
    return click.option(name, metavar=metavar, help=help_text)


_DATE = "The day to work for. Default: PORTAL_TODAY, or the present day."
_CONTENT = "The folder of texts. Default: PORTAL_CONTENT, or content/."
_MEMBERS = "Members and ledger: a folder or the address of a database. Default: PORTAL_MEMBERS, or members/."
_OUTPUT = "The link to the current release. Default: PORTAL_OUTPUT, or output/."
_SITEURL = "The portal's address. Default: PORTAL_SITEURL, or SITEURL of publishconf.py."
_PORT = "Port on 127.0.0.1; 0: any free port."

date_option = click.option("--date", "on", type=a_date, metavar="YYYY-MM-DD", help=_DATE)
content_option = text_option("--content", "FOLDER", _CONTENT)
members_option = text_option("--members", "PLACE", _MEMBERS)
output_option = text_option("--output", "LINK", _OUTPUT)
siteurl_option = text_option("--siteurl", "ADDRESS", _SITEURL)
strict_option = flag("--strict", "Treat warnings as errors.")
debug_option = flag("--debug", "Show the traceback of an error.")
issue_argument = click.argument("issue", metavar="ISSUE", help="The newsletter's file name, without .md.")
member_argument = click.argument("member_id", metavar="ID", help="The member's id.")
port_option = click.option(
    "--port", type=WholeNumber(0, 65535), default=8000, show_default=True, metavar="PORT", help=_PORT
)


def _all_of(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Return several options as one decorator; help lists them in this order."""

    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


input_options = _all_of(content_option, members_option, date_option, debug_option)
issue_options = _all_of(date_option, content_option, members_option, siteurl_option, strict_option, debug_option)
UNPUBLISHED = "Nothing was published."
WHOLE = "the release in force is whole"


@contextmanager
def reported(debug: bool, undone: str = "", left: str = WHOLE) -> Iterator[None]:
    """Turn errors into messages and exit codes; with --debug raise them for a traceback.

    `undone`: the sentence after the message that states what the command has not done. `left`: the state after a
    signal.
    """
    try:
        yield
    except (click.exceptions.Exit, click.Abort, click.BadParameter):
        raise
    except Terminated as end:
        errors.print(f"terminated; {left}")
        raise click.exceptions.Exit(SIGNALLED + end.number) from None
    except KeyboardInterrupt:
        errors.print(f"interrupted; {left}")
        raise click.exceptions.Exit(INTERRUPTED) from None
    except Exception as error:
        if debug:
            raise
        placed = placed_error(error, Path.cwd())
        errors.print(message(placed, undone), markup=False)
        raise click.exceptions.Exit(exit_code(placed)) from None


def message(error: Exception, undone: str = "") -> str:
    """Return the message for an error."""
    if isinstance(error, InvalidInput):
        rest = f"; {undone[0].lower()}{undone[1:]}" if undone else ""
        return f"{error}\n{counted(error.problems)}{rest}"
    if isinstance(error, EXPECTED_ERRORS):
        file = file_written(error) if isinstance(error, OSError) and not error.filename else ""
        return f"error: {error}{f': {file}' if file else ''}\n{undone}".rstrip("\n")
    return f"error: {type(error).__name__}: {error}\n{undone} (--debug shows where this arose.)".replace("\n ", "\n")


def context_for(on: date | None = None, *, strict: bool = False, **given: str | None) -> PublishContext:
    """Return the context, from the command line, the environment, the settings and the clock.

    The day is `on`, otherwise PORTAL_TODAY of the settings, otherwise the present day in the site's time zone.
    """
    root = Path.cwd()
    if (root / BUILD).is_dir():
        make_private(root / BUILD)  # an earlier version may have left it readable
    stated = site_day(root)
    today = stated or clock.today(site_zone(root))
    context = make_context(os.environ, root=root, on=on or stated, today=today, now=clock.timestamp(), **given)
    return replace(context, strict=strict)


def show_warnings(warnings: Sequence[Problem]) -> None:
    """Print warnings with file and line, on stderr."""
    for warning in warnings:
        errors.print(str(warning), markup=False)


def show_number(warnings: Iterable[Problem]) -> None:
    """Print the number of warnings as a line of a summary, if there are any."""
    if number := count_warnings(warnings):
        screen.print(warned(number))


def warned(number: int, note: str = "") -> str:
    """Return the line of a summary with the number of warnings."""
    return f"Warnings: {number}{note}. With --strict they are errors."


def in_words(number: int, word: str, words: str = "") -> str:
    """Return a number with its word, in the plural unless it is 1."""
    return f"{number} {word if number == 1 else words or word + 's'}"


def show_dropped(dropped: Mapping[str, tuple[str, ...]]) -> None:
    """Print the columns that were not read, in one line."""
    if dropped:
        listed = "; ".join(f"{', '.join(columns)} of {name}" for name, columns in dropped.items())
        screen.print(f"Columns that are not used, and were not read: {listed}", markup=False)


def context_now(context: PublishContext) -> PublishContext:
    """Return a context with the present time: a preview may run past midnight."""
    today = context.today if context.is_dated else clock.today(site_zone(context.root))
    return replace(context, now=clock.timestamp(), today=today, on=context.on if context.is_dated else today)


def shown(path: Path) -> Path:
    """Return a path for messages: relative to the working folder if below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
