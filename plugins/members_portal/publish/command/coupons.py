"""The commands `portal coupon …`: make and verify codes, book and check redemptions."""

import sys
from datetime import date
from pathlib import Path

import click

from members_portal.coupon import verification
from members_portal.coupon.coupon_code import coupon_code
from members_portal.coupon.redemption import RedemptionFinding
from members_portal.loyalty.input.problem import Problem, check_degree, counted, shown_path
from members_portal.publish.command.command_group import CommandGroup
from members_portal.publish.command.site_secret import secret_for
from members_portal.publish.command.terminal import (
    content_option,
    context_for,
    date_option,
    debug_option,
    errors,
    in_words,
    input_options,
    member_argument,
    members_option,
    reported,
    show_warnings,
    strict_option,
)
from members_portal.publish.publish_error import PublishError
from members_portal.publish.till import till_data as till
from members_portal.publish.till.coupon_segments import outside_segments
from members_portal.publish.till.redemption_warning import redemption_warnings
from members_portal.publish.till.till_list import book
from members_portal.publish.validation import validate

app = click.Group()


@app.group(cls=CommandGroup)
def coupon() -> None:
    """Make and verify members' coupon codes, book and check redemptions."""


@coupon.command("verify")
@click.argument("code", metavar="CODE", help="The code, or - to read it from standard input.")
@input_options
def verify_coupon(
    code: str,
    content: str | None,
    members: str | None,
    on: date | None,
    debug: bool,
) -> None:
    """Verify a code. Exit code 0: the code can be used; 1: it can't."""
    with reported(debug):
        context = context_for(on, content=content, members=members)
        secret = secret_for(context)
        inputs = validate(context, secret, redemptions=False)
        text = sys.stdin.read() if code == "-" else code
        offers, roster = till.till_offers(inputs, secret), [member.id for member in inputs.members]
        uses, rule = till.ledger_redemptions(inputs), till.may_use(inputs)
        verdict = verification.verify_coupon(secret, text, offers, context.on, roster, uses, rule)
        sys.stdout.write(verification.describe(verdict) + "\n")
        raise click.exceptions.Exit(0 if verdict.outcome == "valid" else 1)


@coupon.command("make")
@member_argument
@click.argument("offer", metavar="OFFER", help="The offer's file in content/offers/, without .md.")
@input_options
def make_coupon(
    member_id: str,
    offer: str,
    content: str | None,
    members: str | None,
    on: date | None,
    debug: bool,
) -> None:
    """Print only a member's code for an offer."""
    with reported(debug):
        context = context_for(on, content=content, members=members)
        secret = secret_for(context)
        inputs = validate(context, secret, redemptions=False)
        found = till.find_coupon_offer(till.coupon_offers(inputs, secret), offer)
        till.check_may_use(inputs, found.slug, member_id)
        sys.stdout.write(coupon_code(secret, found.slug, member_id, found.version) + "\n")


@coupon.command("check")
@content_option
@members_option
@date_option
@strict_option
@debug_option
def check_coupons(
    content: str | None,
    members: str | None,
    on: date | None,
    strict: bool,
    debug: bool,
) -> None:
    """List the invalid redemptions of the ledger, as warnings."""
    with reported(debug):
        context = context_for(on, content=content, members=members)
        secret = secret_for(context)
        inputs = validate(context, secret, redemptions=False)
        warnings = check_degree(redemption_warnings(context, inputs, secret), strict=strict)
        show_warnings(warnings)
        number = len(till.ledger_redemptions(inputs))
        has = "has" if number == 1 else "have"
        state = f"{has} {counted(warnings)}" if warnings else f"{has} no problems"
        sys.stdout.write(f"{in_words(number, 'redemption')} {state}.\n")


@coupon.command("book")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE", help="A list downloaded at the till.")
@content_option
@members_option
@debug_option
def book_coupons(
    file: Path,
    content: str | None,
    members: str | None,
    debug: bool,
) -> None:
    """Print the valid uses of a till's list as lines for members/ledger.csv; exit code 1 when others are invalid."""
    with reported(debug, "Nothing was booked."):
        context = context_for(content=content, members=members)
        secret = secret_for(context)
        inputs = validate(context, secret, redemptions=False)
        roster = [member.id for member in inputs.members]
        ledger, earlier = context.members / "ledger.csv", till.ledger_redemptions(inputs)
        undone = [use for use in till.booked_redemptions(inputs) if use not in earlier]
        offers = till.coupon_offers(inputs, secret)
        outside = outside_segments(inputs)
        booked = book(file, offers, roster, secret, ledger, earlier, undone, today=context.on, outside=outside)
        if booked.is_repeated:
            raise PublishError(f"{file} is already booked: the ledger has all its uses")
        sys.stdout.write(booked.lines)
        for finding in booked.findings:
            errors.print(str(_left_out(file, finding)), markup=False)
        raise click.exceptions.Exit(1 if booked.findings else 0)


def _left_out(file: Path, finding: RedemptionFinding) -> Problem:
    """Return the problem of a use that is not booked."""
    return Problem(shown_path(file), finding.line, 1, finding.words, degree="left out")
