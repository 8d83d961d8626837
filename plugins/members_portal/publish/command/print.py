"""The commands `portal letter` and `portal print`."""

import webbrowser
from collections.abc import Sequence
from datetime import date

import click

from members_portal.loyalty.input.problem import Problem
from members_portal.publish.command.site_secret import known_secret, secret_for
from members_portal.publish.command.terminal import (
    context_for,
    errors,
    issue_argument,
    issue_options,
    member_argument,
    reported,
    screen,
    show_number,
    show_warnings,
    shown,
    text_option,
)
from members_portal.publish.console.letters_progress import letters_shown
from members_portal.publish.issue.ended_items import ended_items
from members_portal.publish.issue.print_files import issue_to_print, write_letter, write_print_run
from members_portal.publish.reuse.work_place import work_place
from members_portal.publish.validation import validate

app = click.Group()


class Listing:
    """Shows warnings, and keeps them for the number in the summary."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []

    def __call__(self, warnings: Sequence[Problem]) -> None:
        show_warnings(warnings)
        self.listed += warnings


@app.command()
@member_argument
@text_option("--issue", "ISSUE", "The newsletter's file name, without .md. Default: the newest.")
@click.option("--open", "open_it", is_flag=True, help="Open the letter in a viewer.")
@issue_options
def letter(
    member_id: str,
    issue: str | None,
    open_it: bool,
    on: date | None,
    content: str | None,
    members: str | None,
    siteurl: str | None,
    strict: bool,
    debug: bool,
) -> None:
    """Write a member's letter as a PDF, even if none is posted to the member."""
    with reported(debug, "Nothing was printed."):
        context = context_for(on, strict=strict, content=content, members=members, siteurl=siteurl)
        known, show = known_secret(context), Listing()
        with work_place(context, known) as place:
            inputs = validate(context, known, place)
            show((*inputs.warnings, *ended_items(issue_to_print(inputs, issue), inputs, coupons=True)))
            file, reason = write_letter(context, inputs, secret_for(context), member_id, issue, show, place)
        screen.print(str(shown(file)), markup=False)
        show_number(show.listed)
        if reason:
            errors.print(f"Not posted: {reason}.", markup=False)
        if open_it and not webbrowser.open(file.resolve().as_uri()):
            errors.print("No viewer was found: open the file yourself.")


@app.command(name="print")
@issue_argument
@issue_options
def print_run(
    issue: str,
    on: date | None,
    content: str | None,
    members: str | None,
    siteurl: str | None,
    strict: bool,
    debug: bool,
) -> None:
    """Write the print run of an issue: all letters in one checked PDF, in .build/print/ISSUE/."""
    with reported(debug, "Nothing was printed."):
        context = context_for(on, strict=strict, content=content, members=members, siteurl=siteurl)
        inputs = validate(context, known_secret(context))
        show = Listing()
        show((*inputs.warnings, *ended_items(issue_to_print(inputs, issue), inputs, coupons=True)))
        with letters_shown(screen) as progress:
            folder, summary = write_print_run(context, inputs, secret_for(context), issue, progress, show)
        screen.print(summary, markup=False)
        show_number(show.listed)
        screen.print(f"The run is in {shown(folder)}/. Look at proofs.pdf and sign summary.pdf before it is printed.")
