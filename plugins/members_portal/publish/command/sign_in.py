"""The commands `portal code` and `portal link`: a member's access code and sign-in address."""

import sys
from pathlib import Path
from typing import Annotated

import segno
import typer

from members_portal.publish.command.member_lookup import find_member
from members_portal.publish.command.terminal import (
    DebugOption,
    MemberArgument,
    PlaceOption,
    context_for,
    reported,
    secret_for,
)
from members_portal.publish.pelican_run import site_settings
from members_portal.seal import access_code, sign_in_address

app = typer.Typer()


@app.command()
def code(member_id: MemberArgument, members: PlaceOption = None, debug: DebugOption = False) -> None:
    """Print only a member's access code."""
    with reported(debug):
        context = context_for(members=members)
        member = find_member(context, member_id)
        sys.stdout.write(access_code(secret_for(context), member.id, member.code_version) + "\n")


@app.command()
def link(
    member_id: MemberArgument,
    members: PlaceOption = None,
    siteurl: PlaceOption = None,
    qr: Annotated[Path | None, typer.Option(help="Also write it as a QR code (.svg, .png, .pdf).")] = None,
    debug: DebugOption = False,
) -> None:
    """Print a member's sign-in address, as in the QR code of a letter. It stays in the history of the browser."""
    with reported(debug):
        context = context_for(members=members, siteurl=siteurl)
        member = find_member(context, member_id)
        root = site_settings(context).url
        secret_code = access_code(secret_for(context), member.id, member.code_version)
        address = sign_in_address(root, secret_code)
        if qr:
            segno.make_qr(address, error="m").save(str(qr), border=4, scale=4)
        sys.stdout.write(address + "\n")
        sys.stderr.write("The browser that opens it keeps it in its history. On a shared device, sign in by code.\n")
