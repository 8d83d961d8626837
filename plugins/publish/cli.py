"""The command `portal`. Thin: settles where and when, calls the press, shows what came of it."""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from plugins.loyalty.problem import InvalidInput
from plugins.publish.desk import Desk, set_desk
from plugins.publish.errors import EXPECTED, INTERRUPTED, PublishError, exit_code, file_written
from plugins.seal import Secret, access_code, load_secret, sign_in_address

if TYPE_CHECKING:
    from plugins.loyalty.member import Member

app = typer.Typer(
    help="Publish a members-only portal from markdown and member data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
screen = Console(highlight=False, soft_wrap=True, emoji=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def a_date(text: str) -> date:
    """Read a date of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day, expected YYYY-MM-DD") from None


DateOption = Annotated[date | None, typer.Option("--date", parser=a_date, metavar="YYYY-MM-DD", help="As of this day.")]
PlaceOption = Annotated[str | None, typer.Option(show_default=False)]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show where in the program an error arose.")]
MemberArgument = Annotated[str, typer.Argument(metavar="ID", help="The member's id in members.yaml.")]
PortOption = Annotated[int, typer.Option(help="Port on 127.0.0.1.")]


@contextmanager
def reported(debug: bool) -> Iterator[None]:
    """Turn every error into a message and its exit code; with --debug let it show where it arose."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except KeyboardInterrupt:
        errors.print("interrupted; the release in force is whole")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if debug:
            raise
        errors.print(_message(error), markup=False)
        raise typer.Exit(exit_code(error)) from None


def _message(error: Exception) -> str:
    if isinstance(error, InvalidInput):
        count = len(error.problems)
        return f"{error}\n{count} problem{'s' if count > 1 else ''}; nothing was published."
    if isinstance(error, EXPECTED):
        file = file_written(error) if isinstance(error, OSError) and not error.filename else ""
        return f"error: {error}{f': {file}' if file else ''}\nNothing was published."
    return f"error: {type(error).__name__}: {error}\nNothing was published. (--debug shows where this arose.)"


def desk_for(on: date | None = None, **given: str | None) -> Desk:
    """Settle places and moments from the command line, the environment and the clock."""
    today = datetime.now().astimezone().date()
    return set_desk(os.environ, root=Path.cwd(), on=on, today=today, now=int(time.time()), **given)


def secret_for(desk: Desk) -> Secret:
    """Load the site secret; say so when it was made just now."""

    def announce(path: Path) -> None:
        errors.print(f"Made the site secret in {path}. Keep a copy in a safe place: without it every code changes.")

    return load_secret(desk.environ, desk.root / ".portal", announce=announce)


def find_member(desk: Desk, member_id: str) -> "Member":
    """Return a member by id; raise PublishError."""
    from plugins.loyalty.member import load_members
    from plugins.loyalty.programme import load_programme

    members = load_members(desk.members, load_programme(desk.members))
    found = next((member for member in members if member.id == member_id), None)
    if found is None:
        raise PublishError(f"no member has the id {member_id!r}")
    return found


@app.command()
def publish(
    content: PlaceOption = None,
    members: PlaceOption = None,
    output: PlaceOption = None,
    siteurl: PlaceOption = None,
    on: DateOption = None,
    debug: DebugOption = False,
) -> None:
    """Render, seal, check and put in force a release of the whole portal."""
    with reported(debug):
        from plugins.publish.press import publish as run_press
        from plugins.publish.progress import show_summary, shown_stages

        desk = desk_for(on, content=content, members=members, output=output, siteurl=siteurl)
        secret = secret_for(desk)
        with shown_stages(screen) as stages:
            published = run_press(desk, secret, stages)
        show_summary(screen, published)
        screen.print(f"Deploy the folder {_shown(desk.output)}/ to any static host; `make preview` opens it here.")


@app.command()
def check(
    content: PlaceOption = None, members: PlaceOption = None, on: DateOption = None, debug: DebugOption = False
) -> None:
    """Check every input (stages 1 and 2) and publish nothing."""
    with reported(debug):
        from plugins.publish.press import validate

        _, inputs = validate(desk_for(on, content=content, members=members))
        screen.print(f"{len(inputs.library.items)} items and {len(inputs.members)} members are as they should be.")


@app.command()
def preview(
    content: PlaceOption = None,
    members: PlaceOption = None,
    port: PortOption = 8000,
    on: DateOption = None,
    debug: DebugOption = False,
) -> None:
    """Publish into a preview, serve it on this machine, and publish again at every change."""
    with reported(debug):
        from plugins.loyalty.member import load_members
        from plugins.loyalty.programme import load_programme
        from plugins.publish import preview as previewing
        from plugins.publish.press import publish as run_press
        from plugins.publish.progress import Stages, show_summary

        given = desk_for(on, content=content, members=members)
        secret, desk = secret_for(given), previewing.preview_desk(given, port)

        def republish() -> None:
            try:
                show_summary(screen, run_press(desk_now(desk), secret, Stages.silent()))
            except EXPECTED as error:
                errors.print(_message(error), markup=False)

        republish()
        root = previewing.start_server(desk, port)
        programme = load_programme(desk.members)
        for edition, link in previewing.sample_links(programme, load_members(desk.members, programme), secret, root):
            screen.print(f"{edition:10} {link}", soft_wrap=True)
        screen.print(f"Serving {root} until Ctrl-C; every change to content, members or theme is published.")
        previewing.watch_inputs(desk, republish)


def desk_now(desk: Desk) -> Desk:
    """Return a desk with the clock read again."""
    from dataclasses import replace

    return replace(desk, now=int(time.time()))


@app.command()
def serve(output: PlaceOption = None, port: PortOption = 8000, debug: DebugOption = False) -> None:
    """Serve the release in force as a static host would."""
    with reported(debug):
        from plugins.publish.preview import site_prefix
        from plugins.publish.server import serve as make_server

        desk = desk_for(output=output)
        prefix = site_prefix(desk)
        server = make_server(lambda: desk.output, prefix, port=port)
        screen.print(f"Serving {_shown(desk.output)}/ at http://127.0.0.1:{port}{prefix} until Ctrl-C.")
        server.serve_forever()


@app.command()
def code(member_id: MemberArgument, members: PlaceOption = None, debug: DebugOption = False) -> None:
    """Print a member's access code, and only that."""
    with reported(debug):
        desk = desk_for(members=members)
        member = find_member(desk, member_id)
        sys.stdout.write(access_code(secret_for(desk), member.id, member.code_version) + "\n")


@app.command()
def link(
    member_id: MemberArgument,
    members: PlaceOption = None,
    siteurl: PlaceOption = None,
    qr: Annotated[Path | None, typer.Option(help="Write it as a QR code too (.svg, .png, .pdf).")] = None,
    debug: DebugOption = False,
) -> None:
    """Print the address that signs a member in (what the QR code of a letter holds)."""
    import segno

    from plugins.publish.render import pelican_settings

    with reported(debug):
        desk = desk_for(members=members, siteurl=siteurl)
        member = find_member(desk, member_id)
        root = pelican_settings(desk)["SITEURL"]
        secret_code = access_code(secret_for(desk), member.id, member.code_version)
        address = sign_in_address(root, secret_code)
        if qr:
            segno.make_qr(address, error="m").save(str(qr), border=4, scale=4)
        sys.stdout.write(address + "\n")


@app.command()
def rotate(members: PlaceOption = None, debug: DebugOption = False) -> None:
    """Re-key every sealed file from the next publish on; members' codes stay."""
    with reported(debug):
        from plugins.publish.rotation import rotate as raise_generation

        generation = raise_generation(desk_for(members=members).members)
        screen.print(f"generation is {generation} now: commit programme.yaml and publish.")


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def main() -> None:
    """Run the command; wrong usage exits 2."""
    logging.captureWarnings(True)
    app()


