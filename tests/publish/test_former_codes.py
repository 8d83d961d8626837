"""Codes of former numbers: check, verify, book and the till treat them as the member's own, on the sample."""

from __future__ import annotations

import shutil
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from members_portal.coupon.coupon_code import coupon_code, coupon_number
from members_portal.coupon.redemption import NEITHER
from members_portal.coupon.verdict import read_coupon
from members_portal.coupon.verification import verify_coupon
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import make_context
from members_portal.publish.till.coupon_segments import outside_segments
from members_portal.publish.till.redemption_warning import redemption_warnings
from members_portal.publish.till.till_data import (
    ledger_findings,
    ledger_redemptions,
    may_use,
    till_offers,
    till_settings,
)
from members_portal.publish.till.till_list import book
from tests.long_cases import quick_and_long
from tests.portal.small_portal import PROJECT, sample_inputs
from tests.publish.test_coupon_segments import BIRTHDAY, SECRET

ON = date(2026, 11, 28)
WELCOME = "the-first-parcel"
OUTSIDE = "used by a member in none of the offer's segments on that day"
MEMBER, FORMER, OTHER_FORMER, STRANGER = "M-1001", "M-12", "M-40", "M-99"


def inputs_with(folder: Path, *lines: str) -> Inputs:
    """Return the inputs of the sample with more ledger lines; M-1001 was M-12 and M-40, M-1002 was M-22."""
    members = folder / "members"
    shutil.copytree(PROJECT / "members", members)
    people = members / "members.yaml"
    text = people.read_text("utf-8")
    for member, former in ((MEMBER, "M-12, M-40"), ("M-1002", "M-22")):
        assert text.count(f"- id: {member}\n") == 1
        text = text.replace(f"- id: {member}\n", f"- id: {member}\n  formerly: [{former}]\n")
    people.write_text(text, "utf-8")
    with (members / "ledger.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return sample_inputs(members, ON, today=ON)


def code(member: str) -> str:
    """Return the code for the birthday's offer, once a year, that was made for a member id."""
    return coupon_code(SECRET, BIRTHDAY, member, 1)


def use(day: str, member: str, text: str) -> str:
    return f"{day},{member},redemption,,,0,{text},,"


def check(inputs: Inputs) -> list[str]:
    return [f"{one.member} {one.offer}: {one.problem}" for one in ledger_findings(inputs, SECRET)]


def verify(inputs: Inputs, text: str) -> tuple[str, str | None]:
    """Return outcome and member of `portal coupon verify`."""
    offers, roster = till_offers(inputs, SECRET), [member.id for member in inputs.members]
    verdict = verify_coupon(SECRET, text, offers, ON, roster, ledger_redemptions(inputs), may_use(inputs))
    return verdict.outcome, verdict.member


def till(inputs: Inputs, text: str) -> str:
    """Return the outcome at the till."""
    return read_coupon(text, till_offers(inputs, SECRET, ledger_redemptions(inputs)), ON).outcome


def booked(folder: Path, inputs: Inputs, *texts: str) -> tuple[list[str], list[str]]:
    """Return the ledger lines and the findings of a till's list with these codes."""
    file = folder / "till.csv"
    file.write_text("date,member,kind,points,reference\n" + "".join(f"{ON},,redemption,0,{text}\n" for text in texts))
    roster, offers = [member.id for member in inputs.members], till_offers(inputs, SECRET)
    earlier, outside = ledger_redemptions(inputs), outside_segments(inputs)
    result = book(file, offers, roster, SECRET, None, earlier, today=ON, outside=outside)
    return result.lines.splitlines()[1:], list(map(str, result.findings))


@pytest.mark.parametrize("number", quick_and_long([MEMBER, FORMER, OTHER_FORMER], {FORMER}))
def test_a_code_of_a_former_number_is_the_members(tmp_path: Path, number: str) -> None:
    inputs = inputs_with(tmp_path)
    assert verify(inputs, code(number)) == ("valid", MEMBER)
    assert till(inputs, code(number)) == "valid"
    assert booked(tmp_path, inputs, code(number)) == ([f"{ON},{MEMBER},redemption,0,{code(number)}"], [])
    assert check(inputs_with(tmp_path / "used", use("2026-11-25", number, code(number)))) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("shown", "member", "reference"),
    list(product([MEMBER, FORMER, OTHER_FORMER], [FORMER, MEMBER], ["code", "slug"])),
)
def test_uses_under_all_numbers_count_together(tmp_path: Path, member: str, reference: str, shown: str) -> None:
    first = use("2026-11-25", member, code(member) if reference == "code" else BIRTHDAY)
    inputs = inputs_with(tmp_path, first)
    assert verify(inputs, code(shown)) == ("used", MEMBER)
    assert till(inputs, code(shown)) == "used"
    twice = "used twice in the year; once is allowed"
    assert booked(tmp_path, inputs, code(shown)) == ([], [f"line 2, member {MEMBER}, {BIRTHDAY}: {twice}"])
    both = inputs_with(tmp_path / "both", first, use("2026-11-27", shown, code(shown)))
    assert check(both) == [f"{MEMBER} {BIRTHDAY}: {twice}"]


def test_two_codes_of_one_member_in_a_list_are_one_use_too_many(tmp_path: Path) -> None:
    lines, findings = booked(tmp_path, inputs_with(tmp_path), code(FORMER), code(MEMBER))
    assert lines == [f"{ON},{MEMBER},redemption,0,{code(FORMER)}"]
    assert findings == [f"line 3, member {MEMBER}, {BIRTHDAY}: used twice in the year; once is allowed"]


@pytest.mark.long
def test_a_booked_former_code_is_not_booked_again(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path, use(str(ON), MEMBER, code(FORMER)))
    found = f"line 2, member {MEMBER}, {BIRTHDAY}: is already in the ledger: not booked again"
    assert booked(tmp_path, inputs, code(FORMER)) == ([], [found])


@pytest.mark.long
def test_the_segments_are_those_of_the_member(tmp_path: Path) -> None:
    """M-1002, once M-22, is born in another month."""
    inputs = inputs_with(tmp_path)
    assert [till(inputs, code(number)) for number in ("M-1002", "M-22")] == ["not-theirs", "not-theirs"]
    assert verify(inputs, code("M-22"))[0] == "not-theirs"
    assert booked(tmp_path, inputs, code("M-22")) == ([], [f"line 2, member M-1002, {BIRTHDAY}: {OUTSIDE}"])
    assert check(inputs_with(tmp_path / "used", use("2026-11-25", "M-22", code("M-22")))) == [
        f"M-1002 {BIRTHDAY}: {OUTSIDE}"
    ]


@pytest.mark.long
def test_a_number_of_nobody_is_a_stranger_and_of_another_member_is_reported(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path, use("2026-11-25", "M-1003", code(FORMER)), use("2026-11-26", MEMBER, code(STRANGER)))
    assert verify(inputs, code(STRANGER)) == ("stranger", None)
    assert check(inputs) == [
        f"{MEMBER} {BIRTHDAY}: no member on the roster has this code",
        f"M-1003 {BIRTHDAY}: the code was made for member {MEMBER}",
    ]


@pytest.mark.long
def test_a_faulty_use_under_a_former_number_is_named_by_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inputs = inputs_with(tmp_path, use("2026-11-25", MEMBER, BIRTHDAY), use("2026-11-27", FORMER, code(FORMER)))
    context = make_context({}, root=PROJECT, on=ON, today=ON, now=1, members=str(tmp_path / "members"))
    last = len((tmp_path / "members/ledger.csv").read_text("utf-8").splitlines())
    assert list(map(str, redemption_warnings(context, inputs, SECRET))) == [
        f"members/ledger.csv:{last}:{len('2026-11-27,M-12,redemption,,,0,') + 1}: warning: "
        f"member {MEMBER}, {BIRTHDAY}: used twice in the year; once is allowed"
    ]


@pytest.mark.long
def test_an_unknown_reference_suggests_an_offer_or_a_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inputs = inputs_with(
        tmp_path, use("2026-11-25", MEMBER, "A cup for eigthy"), use("2026-11-25", MEMBER, "Life boat")
    )
    context = make_context({}, root=PROJECT, on=ON, today=ON, now=1, members=str(tmp_path / "members"))
    assert [(found.what, found.hint) for found in redemption_warnings(context, inputs, SECRET)] == [
        (f"member {MEMBER}: {NEITHER}", "`a-cup-for-eighty`"),
        (f"member {MEMBER}: {NEITHER}", "`lifeboat`"),
    ]


@pytest.mark.long
def test_the_till_knows_former_numbers_of_members_with_a_use_only(tmp_path: Path) -> None:
    used = inputs_with(tmp_path, use("2026-11-25", "M-1003", BIRTHDAY), use("2026-11-25", FORMER, BIRTHDAY))
    offers = till_settings(used, SECRET, ledger_redemptions(used))["PORTAL_TILL"]["offers"]
    own, *former = (coupon_number(SECRET, BIRTHDAY, member) for member in (MEMBER, FORMER, OTHER_FORMER))
    found = {each["title"]: each["renumbered"] for each in offers}
    assert found["A bag for your birthday"] == dict.fromkeys(former, own)
    assert found["The tall kettle"] == {}
