"""The command `portal`: its commands by module; a module is imported only when its command runs."""

import atexit
import gc
import logging
import os
import sys
from importlib import import_module
from typing import Any

import click

import members_portal
from members_portal.publish.command.command_group import CommandGroup
from members_portal.publish.command.terminal import reported
from members_portal.publish.console.interrupt import ENDING, end_by, handle_interrupts
from members_portal.publish.exit_code import INTERRUPTED, SIGNALLED
from members_portal.whole_file import PRIVATE_UMASK

WIDTH = 100  # of help, in columns; less on a narrower terminal
COLLECTED_AFTER = 200_000  # new objects between runs of the garbage collector: a command ends soon, and frees all
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


class Commands(CommandGroup):
    """A group that imports commands on demand: an unchanged publish must not wait for the other imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [*MODULES, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module and return the command; None for an unknown name."""
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        with reported(debug="--debug" in sys.argv):  # Ctrl-C during the imports is reported, too
            module = import_module(f"members_portal.publish.command.{MODULES[cmd_name]}")
        group: click.Group = module.app
        return group.get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; Ctrl-C outside its own code ends with the same exit code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None


@click.group(cls=Commands, context_settings={"max_content_width": WIDTH})
@click.version_option(
    members_portal.__version__, message="members-portal %(version)s", help="Print the version and exit."
)
def app() -> None:
    """Publish a members-only portal from markdown and member data."""


def main() -> None:
    """Run the command line; usage errors exit with 2."""
    logging.captureWarnings(True)
    gc.set_threshold(COLLECTED_AFTER)
    atexit.register(gc.disable)  # without it, Python searches all objects for cycles before it ends
    gc.freeze()  # the collector skips the imported modules: they stay to the end
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
