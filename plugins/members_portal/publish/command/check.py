"""The commands `portal check`, `portal fields` and `portal rotate`."""

from collections.abc import Iterable
from datetime import date

import click
from rich.table import Table

from members_portal.loyalty.input.problem import counted
from members_portal.portal.personal_data import Field, fields
from members_portal.publish.command.member_lookup import people_of
from members_portal.publish.command.site_secret import checked_secret, fitting_secret
from members_portal.publish.command.terminal import (
    content_option,
    context_for,
    date_option,
    debug_option,
    errors,
    in_words,
    members_option,
    reported,
    screen,
    show_dropped,
    show_warnings,
    strict_option,
)
from members_portal.publish.member_pass.pass_settings import read_pass_settings
from members_portal.publish.rotation import rotate as raise_generation
from members_portal.publish.stages import check_paper
from members_portal.publish.tripwire.loss_check import foresee_losses
from members_portal.publish.validation import validate

app = click.Group()


@app.command()
@content_option
@members_option
@date_option
@strict_option
@debug_option
def check(
    content: str | None,
    members: str | None,
    on: date | None,
    strict: bool,
    debug: bool,
) -> None:
    """Check all inputs without publishing."""
    with reported(debug):
        context = context_for(on, strict=strict, content=content, members=members)
        secret = fitting_secret(context)
        inputs = validate(context, secret)
        losses = foresee_losses(context, secret, inputs)
        passes = read_pass_settings(context, inputs.site)
        warnings = check_paper(context, inputs, secret, (*inputs.warnings, *losses.warnings, *passes.warnings))
        show_warnings(warnings)
        if losses.loss:
            errors.print(f"\n{losses.loss.table}\n", markup=False)
        state = f"have {number}" if (number := counted(warnings)) else "have no problems"
        items, people = in_words(len(inputs.library.items), "item"), in_words(len(inputs.members), "member")
        screen.print(f"{items} and {people} {state}.")
        show_dropped(inputs.dropped)


@app.command(name="fields")
@members_option
@debug_option
def list_fields(
    members: str | None,
    debug: bool,
) -> None:
    """List where each field of members goes, and the columns that are not read."""
    with reported(debug):
        people = people_of(context_for(members=members))
        show_fields(fields(people.members))
        show_dropped(people.dropped)


@app.command()
@members_option
@debug_option
def rotate(
    members: str | None,
    debug: bool,
) -> None:
    """Raise the generation: from the next publish on, each sealed file has a new key. Access codes stay."""
    with reported(debug, "Nothing was changed."):
        context = context_for(members=members)
        checked_secret(context)
        generation = raise_generation(context.members)
        screen.print(f"generation is {generation} now: commit programme.yaml and publish.")


def show_fields(found: Iterable[Field]) -> None:
    """Print a table of members' fields: name, number of members, use."""
    table = Table("field", box=None, pad_edge=False, header_style="bold")
    table.add_column("members", justify="right")
    table.add_column("where it goes")
    for field in found:
        table.add_row(field.name, str(field.members), field.use.value)
    screen.print(table)
