"""The commands `portal code` and `portal link`: a member's access code and sign-in address."""

import sys
from pathlib import Path

import click

from members_portal.publish.command.member_lookup import find_member
from members_portal.publish.command.site_secret import secret_for
from members_portal.publish.command.terminal import (
    context_for,
    debug_option,
    member_argument,
    members_option,
    reported,
    siteurl_option,
)
from members_portal.publish.publish_error import PublishError
from members_portal.seal import access_code, sign_in_address
from members_portal.whole_file import replaced_file

app = click.Group()

NOTE = "Browsers keep this address in their history. On a shared device, type the access code instead.\n"
PICTURES = (".svg", ".png", ".pdf")


@app.command()
@member_argument
@members_option
@debug_option
def code(
    member_id: str,
    members: str | None,
    debug: bool,
) -> None:
    """Print only a member's access code."""
    with reported(debug):
        context = context_for(members=members)
        member = find_member(context, member_id)
        sys.stdout.write(access_code(secret_for(context), member.id, member.code_version) + "\n")


@app.command()
@member_argument
@members_option
@siteurl_option
@click.option(
    "--qr",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the address as a QR code: .svg, .png or .pdf.",
)
@debug_option
def link(
    member_id: str,
    members: str | None,
    siteurl: str | None,
    qr: Path | None,
    debug: bool,
) -> None:
    """Print a member's sign-in address, as in the QR code of a letter. Browsers keep it in their history."""
    with reported(debug):
        from members_portal.publish.pelican_run import site_settings  # imported late: `portal code` needs no Pelican

        context = context_for(members=members, siteurl=siteurl)
        member = find_member(context, member_id)
        root = site_settings(context).url
        secret_code = access_code(secret_for(context), member.id, member.code_version)
        address = sign_in_address(root, secret_code)
        if qr:
            _write_qr(address, qr)
        sys.stdout.write(address + "\n")
        sys.stderr.write(NOTE)


def _write_qr(address: str, file: Path) -> None:
    """Write an address as a QR code, with mode 0600 also in place of a file that others could read."""
    if file.suffix not in PICTURES:
        raise PublishError(f"--qr: {str(file)!r} is no picture, expected a name that ends in {', '.join(PICTURES)}")
    import segno  # imported late: only --qr needs it

    with replaced_file(file) as draft, open(draft, "xb") as out:
        segno.make_qr(address, error="m").save(out, kind=file.suffix.removeprefix("."), border=4, scale=4)
