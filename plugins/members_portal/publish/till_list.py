"""Booking: convert a till's list of redemptions into ledger lines with member ids."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from members_portal.coupon.coupon_code import CouponOffer, format_coupon, read_characters
from members_portal.coupon.redemption import Redemption, RedemptionFinding, check_redemptions, fill_in_members
from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.publish.publish_error import PublishError
from members_portal.seal import BadCode, Secret

TILL_COLUMNS = ("date", "member", "kind", "points", "reference")  # of a till's list of redemptions


@dataclass(frozen=True)
class Booked:
    """The ledger lines, and the invalid redemptions by line of the list. Unknown codes produce no ledger line."""

    lines: str
    findings: list[RedemptionFinding]


def book(
    file: Path, offers: Sequence[CouponOffer], roster: Collection[str], secret: Secret, ledger: Path | None = None
) -> Booked:
    """Fill in the members of a till's list; return CSV lines in the column order and separator of `ledger`."""
    points, uses = read_list(file)
    filled = fill_in_members(uses, offers, roster, secret)
    findings = check_redemptions(filled, offers, roster, secret)
    header, separator = _columns(ledger)
    if header and (missing := sorted({*TILL_COLUMNS} - {*header})):
        raise PublishError(f"{ledger} has no column {', '.join(missing)}, which redemptions need")
    text = StringIO()
    writer = csv.DictWriter(text, header or TILL_COLUMNS, restval="", delimiter=separator, lineterminator="\n")
    if not header:
        writer.writeheader()
    for use in filled:
        if use.member:
            writer.writerow(_line(use, points[use.line]))
    return Booked(text.getvalue(), findings)


def read_list(file: Path) -> tuple[dict[int, int], list[Redemption]]:
    """Return the points (by line) and redemptions of a till's list; raise InvalidInput with all invalid lines."""
    with open(file, encoding="utf-8-sig", newline="") as text:
        rows = list(csv.reader(text))
    problems: list[Problem] = []
    if not rows or tuple(rows[0]) != TILL_COLUMNS:
        raise InvalidInput(
            [Problem(shown_path(file), 1, 1, "isn't a till's list", f"`{','.join(TILL_COLUMNS)}` first")]
        )
    points: dict[int, int] = {}
    uses: list[Redemption] = []
    for n, row in enumerate(rows[1:], 2):
        try:
            day, member, kind, cost, reference = row
            if kind != "redemption" or int(cost) < 0:
                raise ValueError(kind)
            uses.append(Redemption(n, date.fromisoformat(day), member or None, _code(reference)))
            points[n] = int(cost)
        except ValueError:
            expected = "a day, no member, `redemption`, points, a code"
            problems.append(Problem(shown_path(file), n, 1, "isn't a line of a till", expected))
    if problems:
        raise InvalidInput(problems)
    return points, uses


def _code(reference: str) -> str:
    """Return the canonical form of a code; other texts unchanged."""
    try:
        return format_coupon(read_characters(reference))
    except BadCode:
        return reference


def _columns(ledger: Path | None) -> tuple[list[str], str]:
    """Return the header and the separator of a ledger; an empty header when there is no ledger yet."""
    if ledger is None or not ledger.is_file():
        return [], ","
    with open(ledger, encoding="utf-8-sig", newline="") as file:
        first = file.readline()
    separator = ";" if first.count(";") > first.count(",") else ","
    return next(csv.reader([first], delimiter=separator), []), separator


def _line(use: Redemption, points: int) -> dict[str, str]:
    cells = (use.day.isoformat(), use.member or "", "redemption", str(points), use.reference or "")
    return dict(zip(TILL_COLUMNS, cells, strict=True))
