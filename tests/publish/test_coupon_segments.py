"""Segments of offers: check, verify, book and the till decide alike, on the sample."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest

from members_portal.coupon.coupon_code import CouponOffer, coupon_code
from members_portal.coupon.redemption import RedemptionFinding
from members_portal.coupon.verdict import read_coupon
from members_portal.coupon.verification import verify_coupon
from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.member.member import Member
from members_portal.portal.inputs import Inputs
from members_portal.publish.till import coupon_segments
from members_portal.publish.till.coupon_segments import outside_segments
from members_portal.publish.till.till_data import ledger_findings, ledger_redemptions, may_use, till_offers
from members_portal.publish.till.till_list import book
from members_portal.seal import Secret
from members_portal.work_record import WorkRecord
from tests.long_cases import quick_first
from tests.portal.small_portal import PROJECT, sample_inputs

SECRET = Secret(bytes(range(3, 35)))
ON = date(2026, 11, 28)
BIRTHDAY, QUIET, FIRST = "a-bag-for-your-birthday", "we-kept-your-place", "the-first-parcel"
BORN_IN_NOVEMBER = {"M-1001", "M-1003", "M-1008", "M-1010", "M-1022", "M-1029", "S-02"}
RULE = "birthday month: true"
OUTSIDE = "used by a member in none of the offer's segments on that day"


def inputs_with(folder: Path, *lines: str, on: date = ON, rule: str = RULE) -> Inputs:
    """Return the inputs of the sample with more ledger lines, and another rule for the birthday's segment."""
    members = folder / "members"
    shutil.copytree(PROJECT / "members", members)
    with (members / "ledger.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    programme = members / "programme.yaml"
    programme.write_text(programme.read_text("utf-8").replace(RULE, rule), "utf-8")
    return sample_inputs(members, on, today=ON)


def findings(inputs: Inputs) -> list[str]:
    """Return member, offer and problem of each invalid redemption."""
    return [f"{one.member} {one.offer}: {one.problem}" for one in ledger_findings(inputs, SECRET)]


@pytest.mark.long
def test_two_birthday_bags_in_march_of_a_member_born_in_november_are_found(tmp_path: Path) -> None:
    march = (f"2026-03-{day},M-1001,redemption,,,0,{BIRTHDAY},," for day in (10, 12))
    assert findings(inputs_with(tmp_path, *march)) == [
        f"M-1001 {BIRTHDAY}: {OUTSIDE}",
        f"M-1001 {BIRTHDAY}: {OUTSIDE}",
        f"M-1001 {BIRTHDAY}: used twice in the year; once is allowed",
    ]


@pytest.mark.long
def test_one_birthday_bag_each_year_in_the_month_is_in_order(tmp_path: Path) -> None:
    code = coupon_code(SECRET, BIRTHDAY, "M-1001", 1)
    days = ["2026-11-01", "2026-11-30"]
    lines = [f"{day},M-1001,redemption,,,0,{code},," for day in days]
    assert findings(inputs_with(tmp_path / "once", lines[0])) == []
    assert findings(inputs_with(tmp_path / "twice", lines[0], lines[0].replace("-01,", "-20,"))) == [
        f"M-1001 {BIRTHDAY}: used twice in the year; once is allowed"
    ]


def outcomes(inputs: Inputs, slug: str, on: date = ON) -> tuple[dict[str, str], dict[str, str]]:
    """Return the outcomes of all members' codes for an offer at the till, and with `portal coupon verify`."""
    uses, roster = ledger_redemptions(inputs), [member.id for member in inputs.members]
    offers: tuple[CouponOffer, ...] = till_offers(inputs, SECRET, uses)
    codes = {member: coupon_code(SECRET, slug, member, 1) for member in roster}
    plain, rule = till_offers(inputs, SECRET), may_use(inputs)
    verdicts: dict[str, str] = {
        member: verify_coupon(SECRET, code, plain, on, roster, uses, rule).outcome for member, code in codes.items()
    }
    return {member: read_coupon(code, offers, on).outcome for member, code in codes.items()}, verdicts


def test_till_and_verify_know_the_members_born_this_month(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path, f"2026-11-25,M-1003,redemption,,,0,{BIRTHDAY},,")
    till, verified = outcomes(inputs, BIRTHDAY)
    assert till == verified
    assert {member for member, outcome in till.items() if outcome != "not-theirs"} == BORN_IN_NOVEMBER
    assert {member for member, outcome in till.items() if outcome == "used"} == {"M-1003"}


@pytest.mark.long
def test_a_used_birthday_bag_is_valid_again_in_the_next_year(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path, f"2025-11-25,M-1003,redemption,,,0,{BIRTHDAY},,")
    till, verified = outcomes(inputs, BIRTHDAY)
    assert (till["M-1003"], verified["M-1003"]) == ("valid", "valid")


@pytest.mark.parametrize("slug", quick_first([QUIET, FIRST], 1))
def test_till_and_verify_agree_with_the_pages_of_members(tmp_path: Path, slug: str) -> None:
    inputs = inputs_with(tmp_path)
    till, verified = outcomes(inputs, slug)
    (front,) = [item.front for item in inputs.library.items.values() if item.slug == slug]
    own = {member for member, keys in inputs.standings.segments.items() if {*keys} & {*front.segments}}  # type: ignore[attr-defined]
    assert till == verified
    assert {member for member, outcome in till.items() if outcome == "valid"} <= own != set()


@pytest.mark.long
def test_the_purchase_that_uses_an_offer_does_not_end_it_on_that_day(tmp_path: Path) -> None:
    quiet = next(id for id, keys in inputs_with(tmp_path / "plain").standings.segments.items() if "gone-quiet" in keys)
    use = f"redemption,,,0,{coupon_code(SECRET, QUIET, quiet, 1)},,"
    lines = [f"2026-11-24,{quiet},purchase,20.00,,,R-90001,filter,", f"2026-11-24,{quiet},{use}"]
    assert findings(inputs_with(tmp_path / "day", *lines)) == []
    assert outcomes(inputs_with(tmp_path / "no", *lines[:1], on=date(2026, 11, 24)), QUIET)[0][quiet] == "valid"
    assert outcomes(inputs_with(tmp_path / "later", *lines[:1]), QUIET)[0][quiet] == "not-theirs"
    later = lines[1].replace("11-24", "11-26")
    assert findings(inputs_with(tmp_path / "after", lines[0], later)) == [f"{quiet} {QUIET}: {OUTSIDE}"]


@pytest.mark.long
def test_a_later_refund_does_not_change_the_segments_of_an_earlier_day(tmp_path: Path) -> None:
    """The spend from 500 in ten days was there on the day of the use."""
    bought = "2026-05-01,M-1018,purchase,600.00,,,R-90002,,"
    use = f"2026-05-02,M-1018,redemption,,,0,{BIRTHDAY},,"
    back = "2026-05-10,M-1018,refund,200.00,,,R-90002,,"
    late = use.replace("05-02", "05-10")

    def found(name: str, *lines: str) -> list[str]:
        inputs = inputs_with(tmp_path / name, *lines, rule="spend: {days: 10, from: 500}")
        return [line for line in findings(inputs) if line.startswith("M-1018")]

    assert found("kept", bought, use) == found("returned", bought, use, back) == []
    assert found("late", bought, late) == []
    assert found("late-returned", bought, late, back) == [f"M-1018 {BIRTHDAY}: {OUTSIDE}"]


@pytest.mark.long
def test_a_list_books_uses_of_members_in_the_segment_only(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path)
    codes = [coupon_code(SECRET, BIRTHDAY, member, 1) for member in ("M-1001", "M-1005")]
    file = tmp_path / "till.csv"
    file.write_text("date,member,kind,points,reference\n" + "".join(f"2026-11-27,,redemption,0,{c}\n" for c in codes))
    roster = [member.id for member in inputs.members]
    offers, outside = till_offers(inputs, SECRET), outside_segments(inputs)
    booked = book(file, offers, roster, SECRET, today=ON, outside=outside)
    assert booked.lines.splitlines()[1:] == [f"2026-11-27,M-1001,redemption,0,{codes[0]}"]
    assert list(map(str, booked.findings)) == [f"line 3, member M-1005, {BIRTHDAY}: {OUTSIDE}"]


@pytest.mark.long
def test_a_segment_of_tiers_means_the_tier_on_the_day(tmp_path: Path) -> None:
    lines = [f"2026-0{month}-01,M-1018,redemption,,,0,{BIRTHDAY},," for month in (2, 6)]  # silver, then member
    found = findings(inputs_with(tmp_path / "a", lines[1], rule="tiers: [silver]"))
    assert f"M-1018 {BIRTHDAY}: {OUTSIDE}" in found
    found = findings(inputs_with(tmp_path / "b", lines[0], rule="tiers: [silver]"))
    assert not [line for line in found if line.startswith("M-1018")]


USE = f"2026-06-01,M-1018,redemption,,,0,{BIRTHDAY},,"


@pytest.fixture
def computed_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[date]]:
    """Return the function that lists the days for which a check of the redemptions runs the engine."""
    days: list[date] = []
    by_inputs: dict[int, list[RedemptionFinding]] = {}
    computed = coupon_segments._computed

    def counting(inputs: Inputs, members: list[Member], day: date) -> Iterable[Account]:
        days.append(day)
        return computed(inputs, members, day)

    def found(inputs: Inputs, code: bytes = b"") -> list[date]:
        record = WorkRecord(tmp_path / "work.sqlite", b"key")
        days.clear()
        problems = ledger_findings(inputs, SECRET, record, code)
        record.save()
        record.close()
        assert problems == by_inputs.setdefault(id(inputs), problems)  # the same with and without kept segments
        return list(days)

    monkeypatch.setattr(coupon_segments, "_computed", counting)
    return found


@pytest.mark.long
def test_segments_of_past_days_are_kept(tmp_path: Path, computed_days: Callable[..., list[date]]) -> None:
    inputs = inputs_with(tmp_path / "a", USE, rule="tiers: [silver]")
    first = computed_days(inputs)
    assert date(2026, 6, 1) in first
    assert computed_days(inputs) == []


@pytest.mark.long
def test_segments_of_other_code_are_not_used(tmp_path: Path, computed_days: Callable[..., list[date]]) -> None:
    inputs = inputs_with(tmp_path / "a", USE, rule="tiers: [silver]")
    assert computed_days(inputs) == computed_days(inputs, b"other code") != []


@pytest.mark.long
def test_segments_are_computed_again_after_a_change(tmp_path: Path, computed_days: Callable[..., list[date]]) -> None:
    first = computed_days(inputs_with(tmp_path / "a", USE, rule="tiers: [silver]"))
    other = "2026-05-30,M-1022,purchase,9.00,,,,,"  # of a member who used no offer
    assert computed_days(inputs_with(tmp_path / "b", USE, other, rule="tiers: [silver]")) == []
    own = other.replace("M-1022", "M-1018")
    assert computed_days(inputs_with(tmp_path / "c", USE, other, own, rule="tiers: [silver]")) == [date(2026, 6, 1)]
    assert computed_days(inputs_with(tmp_path / "d", USE, rule="tiers: [gold]")) == first
