"""Booking: convert a till's list of redemptions into ledger lines with member ids."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from members_portal.coupon.coupon_code import CouponOffer, format_coupon, read_characters
from members_portal.coupon.redemption import (
    OutsideSegments,
    OwnedRedemption,
    Redemption,
    RedemptionFinding,
    check_redemptions,
    find_members,
    without_segments,
)
from members_portal.loyalty.input.problem import InvalidInput, Problem, read_text, shown_path
from members_portal.publish.publish_error import PublishError
from members_portal.seal import BadCode, Secret

TILL_COLUMNS = ("date", "member", "kind", "points", "reference")  # of a till's list of redemptions


@dataclass(frozen=True)
class Booked:
    """The ledger lines of the valid redemptions, and the problems of the others by line of the list.

    `is_repeated`: the ledger already has all uses of the list.
    """

    lines: str
    findings: list[RedemptionFinding]
    is_repeated: bool = False


@dataclass(frozen=True)
class ListedUse:
    """A redemption of a till's list, with the points that the list states."""

    redemption: Redemption
    points: int


def book(
    file: Path,
    offers: Sequence[CouponOffer],
    roster: Collection[str],
    secret: Secret,
    ledger: Path | None = None,
    earlier: Collection[Redemption] = (),
    undone: Collection[Redemption] = (),
    *,
    today: date,
    outside: OutsideSegments = without_segments,
) -> Booked:
    """Return a till's list as CSV lines in the column order and separator of `ledger`.

    The member is that of the code, the points are those of the offer. Limits count the uses in `earlier`, the
    redemptions of the ledger, and those of the list that are booked. `undone` are redemptions of the ledger that
    reversals undid: they do not count towards limits, and are not booked again. A use with a finding produces no line.
    """
    listed = read_list(file)
    owned = find_members([use.redemption for use in listed], offers, roster, secret)
    repeated = _repeated(owned, earlier)
    undone_uses = _repeated([each for each in owned if each not in repeated], undone)
    new = [each for each in owned if each not in repeated and each not in undone_uses]
    findings = [
        *_other_points(listed, owned),
        *(_finding(each, "is already in the ledger: not booked again") for each in repeated),
        *(_finding(each, "was undone in the ledger: not booked again") for each in undone_uses),
        *(_finding(each, "is no code: book it by hand") for each in owned if _is_slug(each, offers)),
        *(_finding(each, f"is dated after today, {today}") for each in owned if each.redemption.day > today),
    ]
    faulty = {finding.line for finding in findings}
    left = [each.redemption for each in new if each.redemption.line not in faulty]
    findings += check_redemptions(left, offers, roster, secret, earlier=earlier, outside=outside, booked=False)
    faulty |= {finding.line for finding in findings}
    valid = [each for each in owned if each.redemption.member and each.redemption.line not in faulty]
    return Booked(_as_csv(valid, ledger), sorted(findings), bool(owned) and not new)


def _repeated(owned: Iterable[OwnedRedemption], earlier: Iterable[Redemption]) -> list[OwnedRedemption]:
    """Return the uses that the ledger has, each as often as there."""
    counts = Counter((use.day, use.member, _code(use.reference or "")) for use in earlier)
    found = []
    for each in owned:
        use = each.redemption
        if counts[use.day, use.member, use.reference or ""] > 0:
            counts[use.day, use.member, use.reference or ""] -= 1
            found.append(each)
    return found


def _other_points(listed: Iterable[ListedUse], owned: Iterable[OwnedRedemption]) -> Iterator[RedemptionFinding]:
    for use, each in zip(listed, owned, strict=True):
        if each.offer and each.redemption.member and use.points != each.offer.points:
            yield _finding(each, f"{use.points} points in the list; the offer costs {each.offer.points}")


def _finding(each: OwnedRedemption, problem: str) -> RedemptionFinding:
    return RedemptionFinding(
        each.redemption.line, each.redemption.member or "", each.offer.slug if each.offer else "", problem
    )


def _is_slug(each: OwnedRedemption, offers: Iterable[CouponOffer]) -> bool:
    return any(each.redemption.reference == offer.slug for offer in offers)


def _as_csv(owned: Sequence[OwnedRedemption], ledger: Path | None) -> str:
    """Return ledger lines; empty without any."""
    header, separator = _columns(ledger)
    if header and (missing := sorted({*TILL_COLUMNS} - {*header})):
        raise PublishError(f"{ledger} has no column {', '.join(missing)}, which redemptions need")
    text = StringIO()
    writer = csv.DictWriter(text, header or TILL_COLUMNS, restval="", delimiter=separator, lineterminator="\n")
    if owned and not header:
        writer.writeheader()
    writer.writerows(map(_line, owned))
    return text.getvalue()


def read_list(file: Path) -> list[ListedUse]:
    """Return the uses of a till's list; raise InvalidInput with all invalid lines, such as those with a member."""
    problems: list[Problem] = []
    rows = list(_numbered_rows(file, problems))
    if not problems and (not rows or tuple(rows[0][1]) != TILL_COLUMNS):
        problems.append(Problem(shown_path(file), 1, 1, "isn't a till's list", f"`{','.join(TILL_COLUMNS)}` first"))
        raise InvalidInput(problems)
    uses: list[ListedUse] = []
    for n, row in rows[1:]:
        try:
            day, member, kind, cost, reference = row
            if member or kind != "redemption" or int(cost) < 0:
                raise ValueError(kind)
            uses.append(ListedUse(Redemption(n, date.fromisoformat(day), None, _code(reference)), int(cost)))
        except ValueError:
            expected = "a day, no member, `redemption`, points, a code"
            problems.append(Problem(shown_path(file), n, 1, "isn't a line of a till", expected))
    if problems:
        raise InvalidInput(problems)
    return uses


def _numbered_rows(file: Path, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its first line; add a row that is not CSV to `problems`, and stop."""
    rows, n = csv.reader(StringIO(read_text(file), newline="")), 1
    try:
        for row in rows:
            yield n, row
            n = rows.line_num + 1
    except csv.Error as error:
        problems.append(Problem(shown_path(file), n, 1, f"can't be read as CSV: {error}", "cells of a till's list"))


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


def _line(each: OwnedRedemption) -> dict[str, str]:
    use, points = each.redemption, each.offer.points if each.offer else 0
    cells = (use.day.isoformat(), use.member or "", "redemption", str(points), use.reference or "")
    return dict(zip(TILL_COLUMNS, cells, strict=True))
