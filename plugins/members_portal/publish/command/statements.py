"""The commands `portal statement` and `portal export`."""

import sys
from datetime import date
from pathlib import Path

import click
from rich.table import Table

from members_portal.loyalty.statement.statement import Statement
from members_portal.publish.command.site_secret import known_secret, secret_for
from members_portal.publish.command.terminal import (
    content_option,
    context_for,
    date_option,
    debug_option,
    flag,
    member_argument,
    members_option,
    reported,
    screen,
    shown,
)
from members_portal.publish.statement_export import as_json, statement_of
from members_portal.publish.statement_export import export as write
from members_portal.publish.validation import validate

app = click.Group()

MOST_LINES = 12  # lines of activity, newest first; --json prints all


@app.command()
@member_argument
@date_option
@flag("--json", "Print the whole record as JSON.")
@content_option
@members_option
@debug_option
def statement(
    member_id: str,
    on: date | None,
    json: bool,
    content: str | None,
    members: str | None,
    debug: bool,
) -> None:
    """Print a member's statement as of a day: the same record as on the member's pages."""
    with reported(debug):
        context = context_for(on, content=content, members=members)
        inputs = validate(context, known_secret(context), links=False, redemptions=False)
        found = statement_of(inputs, secret_for(context), member_id)
        if json:
            sys.stdout.write(as_json(found) + "\n")
        else:
            _show(found)


@app.command()
@click.argument(
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="The file to write. An existing file is replaced. Only this user can read it.",
)
@date_option
@content_option
@members_option
@debug_option
def export(
    file: Path,
    on: date | None,
    content: str | None,
    members: str | None,
    debug: bool,
) -> None:
    """Write all statements as CSV for mail merge, one row per member. The file holds personal data."""
    with reported(debug, "Nothing was written."):
        context = context_for(on, content=content, members=members)
        inputs = validate(context, known_secret(context), links=False, redemptions=False)
        rows = write(inputs, secret_for(context), file)
        screen.print(f"{rows} statements in {shown(file)}.")


def _show(found: Statement) -> None:
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name, value in _facts(found):
        facts.add_row(name, value)
    lines = Table("day", "what", "amount", "points", "why", box=None, pad_edge=False, header_style="bold")
    for column in (2, 3):
        lines.columns[column].justify = "right"
    for line in found.activity[:MOST_LINES]:
        amount = "" if line.amount is None else str(line.amount)
        pending = f", pending until {line.pending_until}" if line.pending_until else ""
        lines.add_row(str(line.day), line.kind, amount, f"{line.points:+}", line.why + pending)
    screen.print(f"[bold]{found.member}[/bold] as of {found.as_of}")
    screen.print(facts)
    if found.activity:
        screen.print()
        screen.print(lines)
    if (older := len(found.activity) - MOST_LINES) > 0:
        screen.print(f"and {older} older: --json prints all")


def _facts(found: Statement) -> list[tuple[str, str]]:
    balance, progress, rebate, money = found.balance, found.progress, found.rebate, found.currency
    unit = money if progress.basis == "spend" else progress.basis
    soon = ", ".join(f"{each.points} within {each.within_days} days" for each in found.expiring if each.points)
    facts = [
        (found.points_name, f"{balance.total} ({balance.active} to spend, {balance.pending} pending)"),
        ("of", f"{balance.earned} earned, {balance.spent} spent, {balance.returned} returned, "
               f"{balance.taken} taken, {balance.expired} expired"),
        ("expiring", soon),
        ("tier", f"{progress.name}{', by hand' if progress.by_hand else ''}, {progress.figure} {unit}"),
    ]  # fmt: skip
    for word, goal in (("to reach", progress.next), ("to keep", progress.keep)):
        if goal and goal.missing:
            facts.append((word, f"{goal.name}: {goal.missing} {unit} more{f' by {goal.by}' if goal.by else ''}"))
    if rebate:
        more = f"; {rebate.next.missing} more by {rebate.next.by} for {rebate.next.percent} %" if rebate.next else ""
        facts.append(("rebate", f"{rebate.earned} {money} ({rebate.percent} % of {rebate.spend}){more}"))
    facts += [
        ("next order", _next_order(found)),
        ("segments", ", ".join(found.segments)),
    ]
    facts += [("offer", f"{offer.title} ({offer.why}) {offer.coupon or ''}") for offer in found.offers]
    return [(name, value) for name, value in facts if value]


def _next_order(found: Statement) -> str:
    day = found.rhythm.next
    if day is None:
        return ""
    return f"{'expected' if day >= found.as_of else 'was expected'} on {day}"
