"""Members: names in many scripts, references, and values that must be unique."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.member.member import Birthday, check_members
from members_portal.source.folder import Folder
from tests.loyalty.small_club import MAYA, maya, members_of, programme_of

NOBODY = "{id: M-2, given name: Rui, formal name: Mr Costa, joined: 2021-05-30"


def refusal(folder: Path, *entries: str) -> list[str]:
    """Read members and return their problems, without the file name."""
    with pytest.raises(InvalidInput) as caught:
        members_of(folder, *entries)
    return [str(problem).partition("members.yaml:")[2] for problem in caught.value.problems]


def test_little_need_be_known_of_a_member(tmp_path: Path) -> None:
    (member,) = members_of(tmp_path, "{id: 7, given name: Cher, formal name: Cher, joined: 2024-02-29, tier: member}")
    assert (member.id, member.full_name, member.called, member.edition) == ("7", "Cher", "Cher", "member")
    assert (member.joined, member.birthday, member.address, member.code_version) == (date(2024, 2, 29), None, None, 1)


def test_no_is_norway_and_a_member_may_be_called_null(tmp_path: Path) -> None:
    member = maya(tmp_path, "address: {lines: 1 Main St, postcode: 0123, city: Bø, country: NO}")
    assert member.address is not None
    assert (member.address.country, member.address.postcode) == ("NO", "0123")
    (member,) = members_of(tmp_path, MAYA.replace("Okafor,", "Null,", 1))
    assert member.full_name == "Maya Null"


@pytest.mark.parametrize(("salutation", "called"), [("first-name", "Maya"), ("formal", "Ms Okafor")])
def test_a_member_is_called_as_he_or_she_asked(tmp_path: Path, salutation: str, called: str) -> None:
    assert maya(tmp_path, f"salutation: {salutation}").called == called


@pytest.mark.parametrize(
    ("given", "family", "more", "full_name"),
    [
        ("Maya", "Okafor", "", "Maya Okafor"),
        ("Zsófia", "Kötélverő", "language: hu", "Kötélverő Zsófia"),
        ("若溪", "欧阳", "language: zh-Hans", "欧阳若溪"),
        ("민준", "김", "language: ko", "김민준"),
        ("さくら", "長谷部川", "language: ja", "長谷部川 さくら"),
        ("Wei", "Zhang", "language: zh", "Zhang Wei"),
        ("Zsófia", "Kötélverő", "language: hu, name order: given-first", "Zsófia Kötélverő"),
        ("Ravi", "Kumar", "language: en-IN, name order: family-first", "Kumar Ravi"),
        ("Suharti", '""', "language: hu", "Suharti"),
    ],
)
def test_the_family_name_is_first_where_the_language_puts_it(
    tmp_path: Path, given: str, family: str, more: str, full_name: str
) -> None:
    names = f"given name: {given}, family name: {family}{', ' if more else ''}{more}"
    (member,) = members_of(tmp_path, MAYA.replace("given name: Maya, family name: Okafor", names))
    assert member.full_name == full_name


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("Maya", "ltr"),
        ("ליאור", "rtl"),
        ("مريم", "rtl"),
        ("«مريم»", "rtl"),
        ("山田", "ltr"),
        ("1234", "ltr"),
        ("7 ליאור", "rtl"),
    ],
)
def test_a_names_direction_is_that_of_its_first_letter(tmp_path: Path, name: str, direction: str) -> None:
    (member,) = members_of(tmp_path, MAYA.replace("given name: Maya, family name: Okafor", f'given name: "{name}"'))
    assert member.dir == direction


@pytest.mark.parametrize(
    ("more", "edition"),
    [
        (", tier: gold}", "gold"),
        (", staff: true}", "staff"),
        (", staff: yes, tier: gold}", "staff"),
        (", staff: NO, tier: gold}", "gold"),
    ],
)
def test_staff_read_their_own_edition(tmp_path: Path, more: str, edition: str) -> None:
    assert members_of(tmp_path, NOBODY + more)[0].edition == edition


@pytest.mark.parametrize(
    ("written", "birthday"),
    [
        ("02-29", Birthday(2, 29)),
        ("1984-02-29", Birthday(2, 29, 1984)),
        ("1979-06-24", Birthday(6, 24, 1979)),
        ("12-31", Birthday(12, 31)),
    ],
)
def test_a_birthday_needs_no_year(tmp_path: Path, written: str, birthday: Birthday) -> None:
    assert maya(tmp_path, f"birthday: {written}").birthday == birthday


@pytest.mark.parametrize(
    "written",
    ["02-30", "1985-02-29", "00-01", "13-01", "2-9", "24.6.1979", "0000-01-01", "[06, 24]", "{month: 6, day: 24}"],
)
def test_a_day_that_never_was_is_no_birthday(tmp_path: Path, written: str) -> None:
    (problem,) = refusal(tmp_path, f"{MAYA[:-1]}, birthday: {written}}}")
    assert problem.endswith("doesn't fit, expected a day that exists, as MM-DD or YYYY-MM-DD")


@given(st.dates())
def test_every_day_there_is_may_be_a_birthday(tmp_path_factory: pytest.TempPathFactory, day: date) -> None:
    folder = tmp_path_factory.getbasetemp() / "birthdays"
    assert maya(folder, f"birthday: {day}").birthday == Birthday(day.month, day.day, day.year)
    assert maya(folder, f"birthday: {day:%m-%d}").birthday == Birthday(day.month, day.day)


def test_references_are_checked_against_the_programme_all_at_once(tmp_path: Path) -> None:
    wrong = "tier: glod, account manager: inez, interests: [tea, filter, expresso], consent: {fax: no}}"
    assert refusal(tmp_path, MAYA.replace("tier: gold}", wrong)) == [
        "1:102: unknown tier `glod`, expected member, silver, gold (did you mean `gold`?)",
        "1:125: unknown account manager `inez`, expected ines (did you mean `ines`?)",
        "1:143: unknown interest `tea`, expected espresso, filter, decaf",
        "1:156: unknown interest `expresso`, expected espresso, filter, decaf (did you mean `espresso`?)",
        "1:177: unknown channel `fax`, expected post, email",
    ]


def test_a_key_customer_has_an_account_manager(tmp_path: Path) -> None:
    assert maya(tmp_path, "key customer: true, account manager: ines").key_customer
    assert refusal(tmp_path, f"{MAYA[:-1]}, key customer: true}}") == [
        "1:122: a key customer has no account manager, expected `account manager:`"
    ]


def test_a_member_has_a_tier_unless_staff(tmp_path: Path) -> None:
    assert refusal(tmp_path, NOBODY + "}") == ["1:3: `tier` is missing, expected member, silver, gold"]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("id: M-1", "id: M-1", True),
        ("id: M-1", "id: m-1", True),
        ("id: M-1", 'id: " M-1 "', True),
        ("id: M-1", "id: M-10", False),
        ("id: 01", "id: 1", False),
        ("id: M-1, email: a@b.example", "id: M-2, email: A@B.Example", False),
        ("id: M-1, email: ''", "id: M-2", True),
        ("id: M-1", "id: M-2", False),
    ],
)
def test_no_two_members_share_an_id(tmp_path: Path, first: str, second: str, found: bool) -> None:
    rest = "given name: Maya, formal name: Ms O, joined: 2021-05-30, tier: gold"
    entries = [f"{{{first}, {rest}}}", f"{{{second}, {rest}}}"]
    if found:
        assert len(refusal(tmp_path, *entries)) == 1
    else:
        assert len(members_of(tmp_path, *entries)) == 2


@pytest.mark.parametrize(("second", "warned"), [("A@B.Example", True), ("a@b.example", True), ("c@b.example", False)])
def test_a_shared_e_mail_address_is_a_warning(tmp_path: Path, second: str, warned: bool) -> None:
    rest = "given name: Maya, formal name: Ms O, joined: 2021-05-30, tier: gold}"
    (tmp_path / "members.yaml").write_text(
        f"- {{id: M-1, email: a@b.example, {rest}\n- {{id: M-2, email: {second}, {rest}\n", "utf-8"
    )
    problems: list[Problem] = []
    members = check_members(Folder(tmp_path).members(problems, {}), programme_of(tmp_path), problems)
    assert [member.email for member in members] == ["a@b.example", second]
    what = "this email is used twice (first on line 1)"
    assert [(each.line, each.what, each.degree) for each in problems] == [(2, what, "warning")] * warned


SPELLINGS = [
    ("a@straße.example", "A@XN--STRAE-OQA.example", True),
    ("a@straße.example", "a@STRAẞE.example", True),
    ("a@straße.example", "a@strasse.example", False),
    ("a@βόλος.example", "a@ΒΌΛΟΣ.example", True),
    ("a@βόλος.example", "a@βόλοσ.example", False),
    ("a@i❤.example", "A@I❤.example", True),
]


@pytest.mark.parametrize(("first", "second", "warned"), SPELLINGS)
def test_spellings_of_one_e_mail_address_are_one(tmp_path: Path, first: str, second: str, warned: bool) -> None:
    rest = "given name: Maya, formal name: Ms O, joined: 2021-05-30, tier: gold}"
    (tmp_path / "members.yaml").write_text(
        f"- {{id: M-1, email: {first}, {rest}\n- {{id: M-2, email: {second}, {rest}\n", "utf-8"
    )
    problems: list[Problem] = []
    check_members(Folder(tmp_path).members(problems, {}), programme_of(tmp_path), problems)
    assert [problem.line for problem in problems] == [2] * warned


ADDRESS, NAME = "an e-mail address that can't be written to", "a name with a line break or a control character in it"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("email: a%b@x.example", ""),
        ("email: 'a#b?@x.example'", ""),
        ("email: ines@käse.example", ""),
        ("""email: '"quoted local"@x.example'""", ADDRESS),
        ("""email: '"a@b"@x.example'""", ADDRESS),
        ("email: a..b@x.example", ADDRESS),
        ("email: ü@x.example", ADDRESS),
        ("email: a@b..example", ADDRESS),
        ('email: "a\\u200b@x.example"', ADDRESS),
        (f"email: {'a' * 250}@x.example", ADDRESS),
        ("email: <a@x.example>", ADDRESS),
        ('email: a@x.example, family name: "Bell\\u0007"', NAME),
        ('email: a@x.example, family name: "Be\\u2028ll"', NAME),
    ],
)
def test_one_member_is_left_out_of_mail_and_nobody_else_stops(tmp_path: Path, entry: str, fault: str) -> None:
    rest = "given name: Maya, formal name: Ms O, joined: 2021-05-30, tier: gold"
    entries = [f"{{id: M-1, {rest}, consent: {{email: true}}, {entry}}}", f"{{id: M-2, {rest}, {entry}}}"]
    (tmp_path / "members.yaml").write_text("".join(f"- {each}\n" for each in entries), "utf-8")
    problems: list[Problem] = []
    assert len(check_members(Folder(tmp_path).members(problems, {}), programme_of(tmp_path), problems)) == 2
    found = [(each.line, each.what, each.degree) for each in problems if "twice" not in each.what]
    assert found == [(1, f"no e-mail to member M-1, who has {fault}", "left out")] * bool(fault)


@pytest.mark.parametrize("email", ["maya", "maya@post", "maya at post.example", "a@b@x.example", '"a b"c@x.example'])
def test_a_text_that_is_no_address_is_an_error(tmp_path: Path, email: str) -> None:
    (problem,) = refusal(tmp_path, f"{NOBODY}, tier: gold, email: '{email}'}}")
    assert problem.endswith("email: the value doesn't fit, expected an e-mail address")


def test_consent_that_is_not_given_is_none(tmp_path: Path) -> None:
    assert maya(tmp_path, "consent: {post: yes}").consent == {"post": True}
    assert maya(tmp_path, "language: pt-BR").consent == {}


def test_a_former_number_is_of_one_member_and_of_nobody_now(tmp_path: Path) -> None:
    entries = [MAYA.replace("M-1,", "M-1, formerly: [M-2, M-12],"), f"{NOBODY}, tier: gold, formerly: [M-12]}}"]
    assert [problem.partition(": ")[2] for problem in refusal(tmp_path, *entries)] == [
        "this number belongs to a member, expected a former number of this member alone",
        "this number is used twice, expected a former number of this member alone",
    ]


def test_tiers_given_have_known_tiers_and_days_in_order(tmp_path: Path) -> None:
    given = "{tier: gold, from: 2026-01-01}, {tier: Gold, from: 2026-02-01}, {tier: gold, from: 2026-01-01}"
    assert [problem.partition(": ")[2] for problem in refusal(tmp_path, f"{NOBODY}, tiers given: [{given}]}}")] == [
        "`tier` is missing, expected member, silver, gold",
        "unknown tier `Gold`, expected member, silver, gold (did you mean `gold`?)",
        "two tiers by hand from 2026-01-01, expected another first day for each",
    ]
    given = "{tier: gold, from: 2026-03-01, until: 2026-02-28}, {tier: gold, until: 2026-02-28}"
    entry = MAYA.replace("tier: gold", f"tier: gold, tiers given: [{given}]")
    assert [problem.partition(": ")[2] for problem in refusal(tmp_path, entry)] == [
        "ends before it begins, expected a day from 2026-03-01 on",
        "`from` is missing",
    ]


def test_a_tier_by_hand_has_a_first_and_a_last_day_in_order(tmp_path: Path) -> None:
    entries = [
        MAYA.replace("tier: gold", "tier: gold, tier from: 2026-03-01, tier until: 2026-02-28"),
        f"{NOBODY}, tier from: 2026-03-01}}",
    ]
    told = [problem.partition(": ")[2] for problem in refusal(tmp_path, *entries)]
    assert told[0] == "`tier until` before `tier from`, expected a day on or after `tier from`"
    assert "`tier from` without a `tier`, expected both, or neither" in told
