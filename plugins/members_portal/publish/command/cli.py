"""The command `portal`. Thin: settles where and when, calls the press, shows what came of it."""

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

import members_portal
from members_portal.publish.command.coupons import coupon
from members_portal.publish.command.interrupt import heed_interrupts
from members_portal.publish.command.mail import mail
from members_portal.publish.command.print import letter, print_run
from members_portal.publish.command.statements import export, statement
from members_portal.publish.command.terminal import (
    DateOption,
    DebugOption,
    MemberArgument,
    PlaceOption,
    PortOption,
    context_for,
    context_now,
    errors,
    find_member,
    message,
    people_of,
    reported,
    screen,
    secret_for,
    show_dropped,
    show_fields,
    shown,
)
from members_portal.publish.publish_error import EXPECTED, INTERRUPTED
from members_portal.seal import access_code, sign_in_address

app = typer.Typer(
    help="Publish a members-only portal from markdown and member data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    """Print the version, and end the command."""
    if asked:
        sys.stdout.write(f"members-portal {members_portal.__version__}\n")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and exit.")
]


@app.callback()
def portal(version: VersionOption = False) -> None:
    """Take the options that go before a command."""


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
        from members_portal.publish.command.progress import show_summary, shown_stages
        from members_portal.publish.pipeline import publish as run_press

        context = context_for(on, content=content, members=members, output=output, siteurl=siteurl)
        secret = secret_for(context)
        with shown_stages(screen) as stages:
            published = run_press(context, secret, stages)
        show_summary(screen, published)
        show_dropped(published.dropped)
        screen.print(f"Deploy the folder {shown(context.output)}/ to any static host; `make preview` opens it here.")


@app.command()
def check(
    content: PlaceOption = None, members: PlaceOption = None, on: DateOption = None, debug: DebugOption = False
) -> None:
    """Check every input (stages 1 and 2) and publish nothing."""
    with reported(debug):
        from members_portal.publish.pipeline import validate

        _, inputs = validate(context_for(on, content=content, members=members))
        screen.print(f"{len(inputs.library.items)} items and {len(inputs.members)} members are as they should be.")
        show_dropped(inputs.dropped)


@app.command()
def preview(
    content: PlaceOption = None,
    members: PlaceOption = None,
    port: PortOption = 8000,
    pdf: Annotated[bool, typer.Option("--pdf", help="Newsletters as PDF, too: seconds at each change of one.")] = False,
    on: DateOption = None,
    debug: DebugOption = False,
) -> None:
    """Publish into a preview, serve it on this machine, and publish again at every change."""
    with reported(debug):
        from members_portal.publish import preview as previewing
        from members_portal.publish.command.progress import Stages, show_summary
        from members_portal.publish.pipeline import publish as run_press
        from members_portal.publish.pipeline import validate

        given = context_for(on, content=content, members=members)
        secret, context = secret_for(given), previewing.preview_context(given, port, pdfs=pdf)

        def republish() -> None:
            try:
                show_summary(screen, run_press(context_now(context), secret, Stages.silent()))
            except EXPECTED as error:
                errors.print(message(error), markup=False)

        republish()
        root = previewing.start_server(context, port)
        with suppress(*EXPECTED):  # what is wrong has just been said, and may be put right while the preview runs
            _, inputs = validate(context)
            for edition, link in previewing.sample_links(inputs.programme, inputs.members, secret, root):
                screen.print(f"{edition:10} {link}", soft_wrap=True)
        screen.print(f"Serving {root} until Ctrl-C; every change to content, members or theme is published.")
        previewing.watch_inputs(context, republish)


@app.command()
def serve(output: PlaceOption = None, port: PortOption = 8000, debug: DebugOption = False) -> None:
    """Serve the release in force as a static host would."""
    with reported(debug):
        from members_portal.publish.preview import site_prefix
        from members_portal.publish.static_server import serve as make_server

        context = context_for(output=output)
        prefix = site_prefix(context)
        server = make_server(lambda: context.output, prefix, port=port)
        screen.print(f"Serving {shown(context.output)}/ at http://127.0.0.1:{port}{prefix} until Ctrl-C.")
        server.serve_forever()


@app.command()
def code(member_id: MemberArgument, members: PlaceOption = None, debug: DebugOption = False) -> None:
    """Print a member's access code, and only that."""
    with reported(debug):
        context = context_for(members=members)
        member = find_member(context, member_id)
        sys.stdout.write(access_code(secret_for(context), member.id, member.code_version) + "\n")


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

    from members_portal.publish.pelican_run import pelican_settings

    with reported(debug):
        context = context_for(members=members, siteurl=siteurl)
        member = find_member(context, member_id)
        root = pelican_settings(context)["SITEURL"]
        secret_code = access_code(secret_for(context), member.id, member.code_version)
        address = sign_in_address(root, secret_code)
        if qr:
            segno.make_qr(address, error="m").save(str(qr), border=4, scale=4)
        sys.stdout.write(address + "\n")


app.add_typer(coupon, name="coupon")
app.command()(letter)
app.command(name="print")(print_run)
app.command()(mail)
app.command()(statement)
app.command()(export)


@app.command()
def rotate(members: PlaceOption = None, debug: DebugOption = False) -> None:
    """Re-key every sealed file from the next publish on; members' codes stay."""
    with reported(debug):
        from members_portal.publish.rotation import rotate as raise_generation

        generation = raise_generation(context_for(members=members).members)
        screen.print(f"generation is {generation} now: commit programme.yaml and publish.")


@app.command(name="fields")
def list_fields(members: PlaceOption = None, debug: DebugOption = False) -> None:
    """Say what becomes of each thing that is known of members, and which columns are not read at all."""
    with reported(debug):
        from members_portal.portal.personal_data import fields

        people = people_of(context_for(members=members))
        show_fields(fields(people.members))
        show_dropped(people.dropped)


def main() -> None:
    """Run the command; wrong usage exits 2."""
    logging.captureWarnings(True)
    heed_interrupts()
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            # If Ctrl-C came during an `exec` of text, as dataclasses do, Python would end by the signal, not by 130.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise
