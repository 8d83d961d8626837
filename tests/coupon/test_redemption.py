"""Redemptions: each kind of problem is reported in its line, and a valid list gives no finding."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from members_portal.coupon.coupon_code import (
    CouponOffer,
    coupon_code,
    coupon_signature,
    format_coupon,
    till_key,
    with_check,
)
from members_portal.coupon.redemption import (
    Redemption,
    check_redemptions,
    find_members,
    with_uses,
)
from members_portal.coupon.verification import describe, verify_coupon
from tests.seal.small_site import secret_of

SECRET = secret_of("till")
ROSTER = ["M-1", "M-2", "M-3"]
ON = date(2026, 11, 21)
LARGE, LARGEST = 3_000, 100_000  # redemptions: 0.3 s and 10 s; minutes and hours if each were held against all others


def offer(slug: str, **more: object) -> CouponOffer:
    key, name = till_key(SECRET, slug, 1)
    plain = CouponOffer(slug, name, key, "A title", "5 %", "", "", date(2026, 11, 1), date(2026, 11, 30), 1, None, 0)
    return replace(plain, **more)  # type: ignore[arg-type]


KETTLE, CUP, SEATS = offer("kettle"), offer("cup", limit=2), offer("seats", capacity=2)
OFFERS = (KETTLE, CUP, SEATS)


def code(slug: str, member: str) -> str:
    return coupon_code(SECRET, slug, member, 1)


def lines(*uses: tuple[str, str | None, str | None]) -> list[Redemption]:
    """Number redemptions, given as day of the month, member and reference."""
    return [
        Redemption(n, date(2026, 11, 1) + timedelta(int(day) - 1), member, text)
        for n, (day, member, text) in enumerate(uses, 1)
    ]


def found(*uses: tuple[str, str | None, str | None]) -> list[str]:
    return [str(finding) for finding in check_redemptions(lines(*uses), OFFERS, ROSTER, SECRET, {"reef-fund"})]


def test_valid_redemptions_give_no_finding() -> None:
    uses = [
        ("1", "M-1", code("kettle", "M-1")),
        ("30", "M-2", code("kettle", "M-2").lower().replace("-", "")),
        ("21", None, code("cup", "M-1")),
        ("21", "M-1", code("cup", "M-1")),
        ("22", "M-2", "seats"),
        ("23", "M-3", "seats"),
        ("2", "M-1", "reef-fund"),
        ("2", "M-1", None),
        ("2", "M-1", ""),
    ]
    assert found(*uses) == []


WRONG: dict[str, tuple[list[tuple[str, str | None, str | None]], list[str]]] = {
    "a code used twice": (
        [("3", "M-1", code("kettle", "M-1")), ("9", None, code("kettle", "M-1"))],
        ["line 2, kettle: used twice; once is allowed"],
    ),
    "a code used once, and its offer without a code": (
        [("3", "M-1", "kettle"), ("9", "M-1", code("kettle", "M-1"))],
        ["line 2, member M-1, kettle: used twice; once is allowed"],
    ),
    "oftener than the limit, each time": (
        [("3", "M-1", code("cup", "M-1"))] * 4,
        [
            "line 3, member M-1, cup: used 3 times; twice is allowed",
            "line 4, member M-1, cup: used 4 times; twice is allowed",
        ],
    ),
    "the later day is the second use, wherever it stands": (
        [("9", "M-1", code("kettle", "M-1")), ("3", "M-1", code("kettle", "M-1"))],
        ["line 1, member M-1, kettle: used twice; once is allowed"],
    ),
    "before it starts": (
        [("0", "M-1", code("kettle", "M-1"))],
        ["line 1, member M-1, kettle: used 1 day before the offer starts"],
    ),
    "after it ended": (
        [("33", "M-1", code("kettle", "M-1"))],
        ["line 1, member M-1, kettle: used 3 days after the offer ended"],
    ),
    "by somebody else": (
        [("3", "M-2", code("kettle", "M-1"))],
        ["line 1, member M-2, kettle: the code was made for member M-1"],
    ),
    "by somebody else, and by the member": (
        [("3", "M-2", code("kettle", "M-1")), ("4", "M-1", code("kettle", "M-1"))],
        [
            "line 1, member M-2, kettle: the code was made for member M-1",
            "line 2, member M-1, kettle: used twice; once is allowed",
        ],
    ),
    "of somebody who has left": (
        [("3", None, code("kettle", "M-9"))],
        ["line 1, kettle: no member on the roster has this code"],
    ),
    "made with a till's key": (
        [("3", None, format_coupon(with_check("G0THERE5" + coupon_signature(KETTLE.key, "G0THERE5"))))],
        ["line 1, kettle: no member on the roster has this code"],
    ),
    "of an offer nobody knows": (
        [("3", "M-1", code("no-such-offer", "M-1"))],
        ["line 1, member M-1: a coupon code that was not made here"],
    ),
    "mistyped": (
        [("3", "M-1", code("kettle", "M-1")[:-1] + "?"), ("3", "M-1", with_check("0" * 14)[:15] + "1")],
        [
            "line 1, member M-1: the reference is neither a coupon code, nor an offer, nor a cause",
            "line 2, member M-1: a mistyped coupon code",
        ],
    ),
    "more than there were": (
        [("3", "M-1", code("seats", "M-1")), ("3", "M-2", "seats"), ("4", None, code("seats", "M-3"))],
        ["line 3, seats: use number 3 in all; 2 are allowed"],
    ),
}


@pytest.mark.parametrize(("uses", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found(uses: list[tuple[str, str | None, str | None]], expected: list[str]) -> None:
    assert found(*uses) == expected


def test_findings_hold_no_code() -> None:
    for uses, _ in WRONG.values():
        for finding in found(*uses):
            assert not any(text and text in finding for _, _, text in uses if text and len(text) >= 16)


@pytest.mark.parametrize("count", [LARGE, pytest.param(LARGEST, marks=pytest.mark.long)])
def test_many_redemptions_are_checked(count: int) -> None:
    chance = random.Random(7)
    roster = [f"M-{n}" for n in range(count)]
    offers = [offer(f"offer-{n}", limit=2) for n in range(10)]
    uses = [
        Redemption(n, ON, member if n % 2 else None, code(f"offer-{chance.randrange(10)}", member))
        for n, member in enumerate(roster)
    ]
    twice = [replace(use, line=use.line + count) for use in uses[:100] for _ in range(2)]
    findings = check_redemptions([*uses, *twice], offers, roster, SECRET)
    assert {finding.line for finding in findings} == {use.line for use in twice}
    assert len(findings) == 100


# With the roster


def verdict(text: str, *uses: tuple[str, str | None, str | None], on: date = ON, allowed: bool = True) -> str:
    given = verify_coupon(SECRET, text, OFFERS, on, ROSTER, lines(*uses), lambda _offer, _member: allowed)
    return describe(given)


def test_a_verdict_is_one_clear_line() -> None:
    kettle, cup, seats = (code(slug, "M-1") for slug in ("kettle", "cup", "seats"))
    assert verdict(kettle) == "valid: kettle, member M-1; the offer ends on 2026-11-30"
    assert verdict(cup, ("3", "M-1", "cup")) == "valid: cup, member M-1; the offer ends on 2026-11-30; used once of 2"
    assert verdict(kettle, on=date(2026, 10, 31)) == "not yet: kettle, member M-1, from 2026-11-01"
    assert verdict(kettle, on=date(2026, 12, 1)) == "over: kettle, member M-1, until 2026-11-30"
    assert verdict(kettle, ("3", None, kettle)) == "already used: kettle, member M-1, on 2026-11-03; once is allowed"
    assert verdict(seats, ("3", "M-2", "seats"), ("3", "M-3", "seats")) == "all given: seats, member M-1, there were 2"
    assert verdict(code("kettle", "M-9")) == "not ours: kettle, but no member on the roster has this code"
    denied = "not for this member on this day: kettle, member M-1, by the offer's audience or segments"
    assert verdict(kettle, allowed=False) == denied
    assert verdict(code("other", "M-1")) == "not ours: no offer here has this code"
    assert verdict(kettle + "0") == "mistyped: this is not a valid coupon code"
    wrong = with_check("0" * 14)[:15] + "1"
    assert verdict(wrong) == "mistyped: this is not a valid coupon code; look at group 4"


def test_uses_in_the_ledger_reach_the_till_as_numbers_and_days() -> None:
    uses = lines(("3", "M-1", code("kettle", "M-1")), ("4", "M-2", "kettle"), ("5", None, "nonsense"))
    (kettle, cup, _) = with_uses(SECRET, OFFERS, uses)
    assert kettle.used == tuple(
        sorted(
            (
                code("kettle", "M-1").replace("-", "")[:8] + " 2026-11-03",
                code("kettle", "M-2").replace("-", "")[:8] + " 2026-11-04",
            )
        )
    )
    assert cup.used == ()


def test_the_member_of_a_redemption_is_that_of_its_code() -> None:
    cup = code("cup", "M-2")
    uses = lines(("3", None, cup), ("3", "M-1", cup), ("3", None, code("cup", "M-9")), ("3", None, "x"))
    owned = find_members(uses, OFFERS, ROSTER, SECRET)
    assert [one.offer.slug if one.offer else "" for one in owned] == ["cup", "cup", "cup", ""]
    assert [one.redemption.member for one in owned] == ["M-2", "M-2", None, None]


# Versions of the till keys


def test_a_new_version_ends_codes_and_keeps_their_uses() -> None:
    old = code("cup", "M-2")
    key, name = till_key(SECRET, "cup", 3)
    cup = replace(CUP, key=key, version=3)
    assert name == CUP.id
    new = coupon_code(SECRET, "cup", "M-2", 3)
    assert new != old
    assert verify_coupon(SECRET, new, [cup], ON, ROSTER).outcome == "valid"
    for text in (old, coupon_code(SECRET, "cup", "M-2", 2)):
        verdict = verify_coupon(SECRET, text, [cup], ON, ROSTER)
        said = "withdrawn: cup, the till keys were renewed; the member's pages show the new code"
        assert (verdict.outcome, describe(verdict)) == ("withdrawn", said)
    uses = lines(("3", "M-2", old), ("4", "M-2", new), ("5", "M-2", coupon_code(SECRET, "cup", "M-2", 2)))
    (counted,) = with_uses(SECRET, [cup], uses)
    number = old.replace("-", "")[:8]
    assert counted.used == tuple(f"{number} 2026-11-0{day}" for day in (3, 4, 5))
    assert [str(finding) for finding in check_redemptions(uses, [cup], ROSTER, SECRET)] == [
        "line 3, member M-2, cup: used 3 times; twice is allowed"
    ]


def test_a_key_of_a_later_version_is_unknown() -> None:
    made = coupon_code(SECRET, "cup", "M-2", 2)
    assert verify_coupon(SECRET, made, [CUP], ON, ROSTER).outcome == "unknown"
