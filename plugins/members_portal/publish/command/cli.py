"""The command `portal`: its commands by module; a module is imported only when its command runs."""

import gc
import logging
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

import members_portal
from members_portal.publish.command.terminal import reported
from members_portal.publish.console.interrupt import ENDING, end_by, handle_interrupts
from members_portal.publish.exit_code import INTERRUPTED, SIGNALLED
from members_portal.whole_file import PRIVATE_UMASK

if TYPE_CHECKING:
    from typer._click.core import Command, Context  # typer's private copy of click
    from typer.core import TyperOption

COLLECTED_AFTER = 100_000  # new objects between runs of the garbage collector: a command ends soon, and frees all
MODULES = {
    "publish": "publish",
    "check": "check",
    "verify": "verify",
    "preview": "preview",
    "serve": "preview",
    "code": "sign_in",
    "link": "sign_in",
    "coupon": "coupons",
    "letter": "print",
    "print": "print",
    "mail": "mail",
    "inbox": "inbox",
    "statement": "statements",
    "export": "statements",
    "rotate": "check",
    "fields": "check",
}


class Commands(TyperGroup):
    """A group that imports commands on demand: an unchanged publish must not wait for the other imports."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Return the names of all commands."""
        return [*MODULES, *super().list_commands(ctx)]

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """Import a command's module and return the command; None for an unknown name."""
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        with reported(debug="--debug" in sys.argv):  # Ctrl-C during the imports is reported, too
            module = import_module(f"members_portal.publish.command.{MODULES[cmd_name]}")
        command = get_group(module.app).get_command(ctx, cmd_name)
        if ctx:  # None where only the options of a command are asked for
            _show_no_type_of_help(command, ctx)
        return command

    def get_help_option(self, ctx: "Context") -> "TyperOption | None":
        """Return the option --help."""
        option = super().get_help_option(ctx)
        if option:
            option.metavar = ""
        return option


def _show_no_type_of_help(command: "Command | None", ctx: "Context") -> None:
    """Let --help of a command and the commands below it be shown as a flag, without a type."""
    option = command.get_help_option(ctx) if command else None
    if option:
        option.metavar = ""
    for each in getattr(command, "commands", {}).values():
        _show_no_type_of_help(each, ctx)


app = typer.Typer(
    cls=Commands,
    help="Publish a members-only portal from markdown and member data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    """Print the version and exit."""
    if asked:
        sys.stdout.write(f"members-portal {members_portal.__version__}\n")
        raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option("--version", metavar="", is_eager=True, callback=_print_version, help="Print the version and exit."),
]


@app.callback()
def portal(version: VersionOption = False) -> None:
    """Handle the options before the command."""


def main() -> None:
    """Run the command line; usage errors exit with 2."""
    logging.captureWarnings(True)
    gc.set_threshold(COLLECTED_AFTER)
    os.umask(PRIVATE_UMASK)  # everything that commands write is private; a release sets its own modes
    handle_interrupts()
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            # After Ctrl-C during an `exec` of text (dataclasses use it), Python would end by the signal, not with 130.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        if end.code in {SIGNALLED + number for number in ENDING}:
            end_by(int(end.code) - SIGNALLED)  # a supervisor sees that the signal has ended the process
        raise
