"""Changes and joins: what waits, and what approving writes into the file of members."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from members_portal.answer.referral_code import referral_code
from members_portal.seal import Secret
from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.long_cases import quick_first
from tests.publish.project import SECRET, noon

CHANGE = Letter(
    "forms/your-details",
    {
        "phone": "+47 20 91 777",
        "address": "7 Ropewalk\n5004 Bergen\nNorway",
        "consent-email": "Yes",
        "interests": ["Blown glass"],
    },
    "L-101",
)
NEW = {"given-name": "Liv", "family-name": "Dahl", "email": "liv@dahl.example", "consent": ["E-mail"], "interests": []}
ADDED = (
    "L-107 added to members.yaml.\n"
    "Without an address no letter can go out. Next: add it, or publish and tell the access code: portal code L-107.\n"
)


def join(**more: object) -> Letter:
    values = {name.replace("_", "-"): value for name, value in more.items() if name != "by"}
    return Letter("forms/join", {**NEW, **values}, by=str(more["by"]) if "by" in more else None)


def test_a_change_waits_as_a_diff_and_is_written_with_everything_else_as_it_was(quay: Quay) -> None:
    members = quay.root / "members" / "members.yaml"
    before = members.read_text("utf-8")
    quay.take(CHANGE)
    assert [(row["field"], row["before"], row["after"]) for row in quay.rows("changes.csv")] == [
        ("phone", "'+47 20 91 611", "'+47 20 91 777"),
        ("address lines", "4 Netmenders Stair", "7 Ropewalk"),
        ("postcode", "5003", "5004"),
        ("interests", "oil", "glass"),
        ("consent", "post", "post email"),
    ]
    assert quay.run("list").out == (
        f"{CHANGE.number}  change of L-101: phone, address lines, postcode, interests, consent\n1 decision to make.\n"
    )
    run = quay.run("approve", CHANGE.number)
    assert (run.code, run.out) == (
        0,
        "L-101: phone, address lines, postcode, interests, consent changed in members.yaml.\n",
    )
    changed = (
        before.replace('"+47 20 91 611"', '"+47 20 91 777"', 1)
        .replace("interests: [oil]", "interests: [glass]", 1)
        .replace('{lines: [4 Netmenders Stair], postcode: "5003"', '{lines: ["7 Ropewalk"], postcode: "5004"', 1)
        .replace("consent: {post: true, email: false}", "consent: {post: true, email: true}", 1)
    )
    assert members.read_text("utf-8") == changed
    assert set(quay.column("changes.csv", "state")) == {"approved"}
    assert quay.run("approve", CHANGE.number).code == 1


@pytest.mark.long
def test_a_change_to_what_another_member_has_says_so_and_is_made(quay: Quay) -> None:
    phone = Letter("forms/your-details", {"phone": "0047 20 91 611", "email": "liv@dahl.example"}, "L-102")
    quay.take(phone)
    assert f"{phone.number}  change of L-102: email, phone; L-101 can be reached there, too\n" in quay.run("list").out
    run = quay.run("approve", phone.number)
    assert (run.code, run.out) == (
        0,
        "L-102: email, phone changed in members.yaml.\nL-101 has the same e-mail address or telephone number.\n",
    )
    again = replace(phone, values={"phone": "0047 20 91 611", "consent-email": "Yes"})
    quay.take(again)
    assert "can be reached" not in quay.run("list").out


def test_a_refused_change_changes_nothing(quay: Quay) -> None:
    before = (quay.root / "members" / "members.yaml").read_bytes()
    quay.take(CHANGE, Letter("events/rowing-out", {"coming": "Yes"}, "L-102"))
    assert quay.run("refuse", CHANGE.number).out == f"{CHANGE.number} refused.\n"
    assert (quay.root / "members" / "members.yaml").read_bytes() == before
    assert set(quay.column("changes.csv", "state")) == {"refused"}
    assert quay.column("door/rowing-out.csv", "member") == ["L-102"]


@pytest.mark.long
def test_the_id_of_a_forgotten_member_is_not_given_again(quay: Quay) -> None:
    quay.take(CHANGE)
    quay.take()
    members, letter = quay.root / "members" / "members.yaml", join()
    text = members.read_text("utf-8")
    members.write_text(text[: text.index("- id: L-106")], "utf-8")
    quay.take(letter)
    assert quay.run("approve", letter.number).out == ADDED


def test_a_join_becomes_a_member_with_the_next_id_and_a_referral_for_the_sender(quay: Quay) -> None:
    letter = join(birthday="05-06", address="1 Quay\nBergen", by=referral_code(Secret(bytes.fromhex(SECRET)), "L-102"))
    quay.take(letter)
    (row,) = quay.rows("joins.csv")
    assert (row["given name"], row["consent"], row["by"], row["like"], row["state"]) == (
        "Liv",
        "email",
        "L-102",
        "",
        "open",
    )
    run = quay.run("approve", letter.number)
    assert run.out == (
        "L-107 added to members.yaml.\nL-102 gets a line of the kind referral.\n"
        "Next: publish, then send the letter: portal letter L-107.\n"
    ), run.text
    assert (
        (quay.root / "members" / "members.yaml")
        .read_text("utf-8")
        .endswith(
            "\n- id: L-107\n  given name: Liv\n  family name: Dahl\n  formal name: Liv Dahl\n"
            "  email: liv@dahl.example\n"
            "  birthday: 05-06\n  consent: {post: false, email: true}\n  joined: 2026-11-20\n  tier: member\n"
            '  address: {lines: ["1 Quay"], city: Bergen, country: IE}\n'
        )
    )
    assert quay.column("ledger.csv", "kind") == ["referral"]
    assert quay.project.portal("check").code == 0


@pytest.mark.parametrize(
    ("values", "like"),
    quick_first(
        [
            ({"email": "NGOZI@obiakor.example"}, "L-102"),
            ({"phone": "+47 20 91 611"}, ""),
            ({"given_name": "torvald", "family_name": "ekdahl", "birthday": "1999-11-24"}, "L-101"),
            ({"given_name": "Torvald", "family_name": "Ekdahl", "address": "9 Hill\n5003 Bergen"}, "L-101"),
            ({"given_name": "Torvald", "family_name": "Ekdahl"}, ""),
        ],
        1,
    ),
)
def test_members_who_may_be_the_same_person_are_shown(values: dict[str, str], like: str, quay: Quay) -> None:
    quay.take(join(**values))
    assert quay.column("joins.csv", "like") == [like]


@pytest.mark.long
def test_a_person_who_became_a_member_since_is_seen_at_the_approval(quay: Quay) -> None:
    letter = join()
    quay.take(letter)
    assert quay.column("joins.csv", "like") == [""]
    quay.project.edit("members/members.yaml", "ngozi@obiakor.example", "liv@dahl.example")
    members = quay.root / "members" / "members.yaml"
    before = members.read_bytes()
    run = quay.run("approve", letter.number)
    assert (run.code, members.read_bytes()) == (1, before)
    assert f"L-102 may be the same person; approve {letter.number} again to go on" in run.err
    assert quay.column("joins.csv", "like") == ["L-102"]
    alike = "L-107 added to members.yaml.\nMay be the same person: L-102.\n"
    assert quay.run("approve", letter.number).out.startswith(alike)


@pytest.mark.long
def test_a_member_who_cannot_be_added_uses_up_no_id(quay: Quay) -> None:
    letter = join(birthday="05-06")
    quay.take(letter)
    file, members = quay.inbox / "joins.csv", quay.root / "members" / "members.yaml"
    row, last, before = file.read_text("utf-8"), (quay.inbox / "last-id.txt").read_bytes(), members.read_bytes()
    file.write_text(row.replace("05-06", "5 June"), "utf-8")
    run = quay.run("approve", letter.number)
    assert (run.code, "birthday" in run.err, members.read_bytes()) == (1, True, before), run.text
    assert (quay.column("joins.csv", "id"), (quay.inbox / "last-id.txt").read_bytes()) == ([""], last)
    file.write_text(row, "utf-8")
    assert quay.run("approve", letter.number).out == ADDED


def test_a_member_who_joins_by_a_link_of_their_own_is_nobodys_referral(quay: Quay) -> None:
    code = referral_code(Secret(bytes.fromhex(SECRET)), "L-102")
    quay.take(replace(join(by=code), member="L-102"), replace(join(by=code), member="L-103"))
    assert quay.column("joins.csv", "by") == ["", "L-102"]


def test_the_approval_of_a_join_names_those_who_were_alike_when_it_arrived(quay: Quay) -> None:
    letter = join(email="ngozi@obiakor.example", address="1 Quay")
    quay.take(letter)
    assert quay.run("approve", letter.number).out.splitlines()[1:3] == [
        "May be the same person: L-102.",
        "The address is incomplete and was left out: see joins.csv.",
    ]


@pytest.mark.long
def test_decisions_are_made_for_the_stated_day(quay: Quay) -> None:
    points = Letter("forms/wicks", {"wick": "Flat"}, "L-102", written="2026-11-24T10:00")
    later, letter = ("--date", "2026-11-25"), join()
    quay.arrive(points, CHANGE, letter)
    assert quay.run("post", PORTAL_NOW=noon("2026-11-25")).code == 0  # a clock that was ahead
    assert quay.run("approve", CHANGE.number).code == 3  # the line of the ledger is of a day to come
    assert quay.run("approve", CHANGE.number, *later).code == 0
    assert quay.run("refuse", letter.number, *later).code == 0


@pytest.mark.long
def test_a_number_without_a_decision_to_make_is_told_with_the_reason(quay: Quay) -> None:
    tell, new = Letter("forms/tell-us", {"words": "A lamp"}, "L-101"), join()
    same = Letter("forms/your-details", {"phone": "+47 20 91 611"}, "L-101")
    quay.take(tell, new, same, CHANGE)
    quay.run("refuse", new.number)
    quay.run("approve", CHANGE.number)
    told = {
        letter.number: quay.run("approve", letter.number).err.splitlines()[0] for letter in (tell, new, CHANGE, same)
    }
    rest = "only changes and joins are approved or refused"
    assert told == {
        tell.number: f"error: {tell.number} answers a form of the kind feedback: {rest}",
        new.number: f"error: {new.number} was refused before",
        CHANGE.number: f"error: {CHANGE.number} was approved before",
        same.number: f"error: {same.number} changes nothing: {rest}",
    }
    assert f"{CHANGE.number} was approved before" in quay.run("refuse", CHANGE.number).err
    assert "no answer has the number A-0000" in quay.run("refuse", "A-0000").err


def test_nobody_refers_themselves(quay: Quay) -> None:
    letter = join(email="ngozi@obiakor.example", by=referral_code(Secret(bytes.fromhex(SECRET)), "L-102"))
    quay.take(letter)
    quay.run("approve", letter.number)
    assert quay.rows("ledger.csv") == []


@pytest.mark.long
def test_members_in_a_table_are_changed_there(quay: Quay) -> None:
    folder = quay.root / "members"
    (folder / "members.yaml").unlink()
    (folder / "members.csv").write_text(
        "id;given name;family name;formal name;joined;tier;phone;email;consent\n"
        "L-101;Torvald;Ekdahl;Herr Ekdahl;2021-05-30;member;;t@post.example;post\n"
    )
    phone, new = Letter("forms/your-details", {"phone": "+47 1", "consent-email": "Yes"}, "L-101"), join()
    quay.take(phone, new, CHANGE)
    assert quay.run("approve", phone.number).code == quay.run("approve", new.number).code == 0
    assert (folder / "members.csv").read_text().splitlines()[1:] == [
        "L-101;Torvald;Ekdahl;Herr Ekdahl;2021-05-30;member;+47 1;t@post.example;post email",
        "L-102;Liv;Dahl;Liv Dahl;2026-11-20;member;;liv@dahl.example;email",
    ]
    assert "phone of L-101 changed since" in quay.run("approve", CHANGE.number).err
    refused = quay.run("approve", CHANGE.number)
    assert (refused.code, refused.err) == (
        1,
        "error: members.csv has no column address lines, postcode, city, country, interests,"
        " expected these columns, or the change by hand\nNothing was approved.\n",
    )


@pytest.mark.long
def test_members_in_a_database_are_changed_there_by_the_owner(quay: Quay) -> None:
    with sqlite3.connect(quay.root / "club.db") as con:
        con.execute("create table portal_members (id, given_name, formal_name, joined, tier)")
        con.execute("insert into portal_members values ('L-101', 'Torvald', 'Herr Ekdahl', '2021-05-30', 'member')")
        con.execute("create table portal_ledger (date, member, kind, points)")
    place = f"sqlite:///{quay.root}/club.db"
    phone, new = Letter("forms/your-details", {"phone": "+47 1"}, "L-101"), join()
    survey = Letter("forms/wicks", {"wick": "Flat"}, "L-101")
    quay.arrive(phone, new, survey)
    assert quay.run("post", "--members", place).code == 0
    run = quay.run("approve", phone.number, "--members", place)
    assert run.out == "Change where your members are kept: L-101: phone: +47 1\n", run.text
    assert "Change where your members are kept: new member: given name: Liv" in (
        quay.run("approve", new.number, "--members", place).out
    )
    assert quay.column("joins.csv", "id") == [""]
    statement = quay.project.portal("statement", "L-101", "--members", place)
    assert "25" in statement.out, statement.text


def test_a_state_that_is_none_is_told_with_its_place(quay: Quay) -> None:
    quay.take(CHANGE)
    file = quay.inbox / "changes.csv"
    file.write_text(file.read_text("utf-8").replace(",open", ",opened"), "utf-8")
    run = quay.run("list")
    assert run.code == 3
    assert "members/inbox/changes.csv:2:" in run.err
    assert "unknown state, expected open, approved, refused" in run.err


def test_the_list_names_what_waits_and_no_words(quay: Quay) -> None:
    lost = Letter("forms/lost", {"name": "Torvald", "contact": "5003"})
    quay.take(lost, join(email="ngozi@obiakor.example"), Letter("forms/nowhere", {}))
    lines = quay.run("list").out.splitlines()
    assert lines == [
        f"{join(email='ngozi@obiakor.example').number}  new member, like L-102",
        f"{lost.number}  lost code: see answers.csv",
        "1 answer set aside: see set-aside.csv",
        "1 decision to make.",
    ]


def details(member: str, seed: int = 0, **values: str) -> Letter:
    return Letter(
        "forms/your-details", {key.replace("_", "-"): text for key, text in values.items()}, member, seed=seed
    )


def consent_of(quay: Quay, member: str) -> str:
    text = (quay.root / "members" / "members.yaml").read_text("utf-8")
    return text.split(f"- id: {member}\n")[1].split("consent: ")[1].split("\n")[0]


def test_a_consent_that_was_withdrawn_is_not_given_again_by_another_change(quay: Quay) -> None:
    quay.project.edit(
        "members/members.yaml", "consent: {post: true, email: false}", "consent: {post: true, email: true}"
    )
    first, second = details("L-101", consent_email="No"), details("L-101", consent_post="No")
    quay.take(first, second)
    assert quay.column("changes.csv", "stated") == ["email", "post"]
    quay.run("approve", first.number)
    quay.run("approve", second.number)
    assert consent_of(quay, "L-101") == "{post: false, email: false}"


@pytest.mark.long
def test_the_newest_word_about_a_channel_counts_in_any_order_of_approvals(quay: Quay) -> None:
    yes, no = details("L-101", consent_email="Yes"), details("L-101", consent_email="No")
    quay.take(yes, no)  # the second one withdraws what the first one asks for
    assert quay.column("changes.csv", "number") == [yes.number, no.number]
    quay.run("approve", no.number)
    assert quay.run("approve", yes.number).code == 0
    assert consent_of(quay, "L-101") == "{post: true, email: false}"


def test_a_value_that_changed_since_is_replaced_by_a_second_approval_only(quay: Quay) -> None:
    phone = details("L-101", phone="+47 20 91 777")
    quay.take(phone)
    quay.project.edit("members/members.yaml", "+47 20 91 611", "+47 20 91 612")
    members = quay.root / "members" / "members.yaml"
    before = members.read_bytes()
    run = quay.run("approve", phone.number)
    assert (run.code, members.read_bytes()) == (1, before), run.text
    assert f"phone of L-101 changed since the answer was taken in: see changes.csv; approve {phone.number}" in run.err
    assert quay.column("changes.csv", "before") == ["'+47 20 91 612"]
    assert quay.run("approve", phone.number).code == 0
    assert b"+47 20 91 777" in members.read_bytes()


@pytest.mark.long
def test_an_older_change_approved_after_a_newer_one_stops_once(quay: Quay) -> None:
    old, new = details("L-101", phone="+47 1"), details("L-101", phone="+47 2")
    quay.take(old, new)
    assert quay.run("approve", new.number).code == 0
    assert quay.run("approve", old.number).code == 1


def test_a_change_follows_a_member_to_a_new_number(quay: Quay) -> None:
    phone = details("L-102", phone="+47 20 91 777")
    quay.take(phone)
    quay.project.edit("members/members.yaml", "- id: L-102\n", "- id: L-902\n  formerly: [L-102]\n")
    assert quay.run("approve", phone.number).out == "L-902: phone changed in members.yaml.\n"
    assert "+47 20 91 777" in (quay.root / "members" / "members.yaml").read_text("utf-8")
    assert quay.column("changes.csv", "member") == ["L-902"]


def test_a_change_of_a_member_who_is_gone_is_not_approved(quay: Quay) -> None:
    phone = details("L-102", phone="+47 20 91 777")
    quay.take(phone)
    quay.project.edit("members/members.yaml", "- id: L-102\n", "- id: L-902\n")
    run = quay.run("approve", phone.number)
    assert (run.code, quay.column("changes.csv", "state")) == (1, ["open"])
    assert f"L-102 is no longer in the list of members; refuse {phone.number}" in run.err


@pytest.mark.long
def test_an_id_that_may_be_that_of_a_forgotten_member_is_refused(quay: Quay) -> None:
    members, letter = quay.root / "members" / "members.yaml", join()
    quay.take()
    text = members.read_text("utf-8")
    members.write_text(text[: text.index("- id: L-105")], "utf-8")
    quay.take(letter)
    run = quay.run("approve", letter.number, "--id", "L-105")
    assert (run.code, "L-105 may be that of a forgotten member, expected an id after L-106" in run.err) == (1, True)
    assert quay.run("approve", letter.number, "--id", "L-200").code == 0


@pytest.mark.long
def test_a_referral_is_dated_by_its_approval(quay: Quay) -> None:
    letter = join(by=referral_code(Secret(bytes.fromhex(SECRET)), "L-102"))
    quay.take(letter)
    quay.project.edit("members/members.yaml", "- id: L-102\n", "- id: L-902\n  formerly: [L-102]\n")
    assert quay.run("approve", letter.number, PORTAL_NOW="2026-11-27T12:00+00:00").code == 0
    assert (quay.column("ledger.csv", "date"), quay.column("ledger.csv", "member")) == (["2026-11-27"], ["L-902"])
    assert "joined: 2026-11-20" in (quay.root / "members" / "members.yaml").read_text("utf-8")


@pytest.mark.long
def test_an_address_without_a_city_is_completed_before_it_is_approved(quay: Quay) -> None:
    letter = details("L-101", address="7 Ropewalk")
    quay.take(letter)
    after = [(row["field"], row["before"], row["after"]) for row in quay.rows("changes.csv")]
    assert after == [
        ("address lines", "4 Netmenders Stair", "7 Ropewalk"),
        ("postcode", "5003", ""),
        ("city", "Bergen", ""),
    ]
    members, changes = quay.root / "members" / "members.yaml", quay.inbox / "changes.csv"
    before = members.read_bytes()
    run = quay.run("approve", letter.number)
    assert (run.code, "city" in run.err, members.read_bytes()) == (1, True, before), run.text
    changes.write_text(changes.read_text("utf-8").replace("city,Bergen,,", "city,Bergen,Oslo,"), "utf-8")
    assert quay.run("approve", letter.number).code == 0
    address = members.read_text("utf-8").split("address: ")[1].splitlines()[0]
    assert address == '{lines: ["7 Ropewalk"], postcode: "", city: Oslo, country: "NO"}'
