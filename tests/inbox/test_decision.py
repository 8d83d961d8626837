"""Changes and joins: what waits, and what approving writes into the file of members."""

from __future__ import annotations

import pytest

from members_portal.answer.referral_code import referral_code
from members_portal.seal import Secret
from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.publish.project import SECRET

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


def test_a_refused_change_changes_nothing(quay: Quay) -> None:
    before = (quay.root / "members" / "members.yaml").read_bytes()
    quay.take(CHANGE)
    assert quay.run("refuse", CHANGE.number).out == f"{CHANGE.number} refused.\n"
    assert (quay.root / "members" / "members.yaml").read_bytes() == before
    assert set(quay.column("changes.csv", "state")) == {"refused"}


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
    assert run.out == "L-107 added to members.yaml.\nL-102 gets a line of the kind referral.\n", run.text
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
    [
        ({"email": "NGOZI@obiakor.example"}, "L-102"),
        ({"given_name": "torvald", "family_name": "ekdahl", "birthday": "1999-11-24"}, "L-101"),
        ({"given_name": "Torvald", "family_name": "Ekdahl", "address": "9 Hill\n5003 Bergen"}, "L-101"),
        ({"given_name": "Torvald", "family_name": "Ekdahl"}, ""),
    ],
)
def test_members_who_may_be_the_same_person_are_shown(values: dict[str, str], like: str, quay: Quay) -> None:
    quay.take(join(**values))
    assert quay.column("joins.csv", "like") == [like]


def test_nobody_refers_themselves(quay: Quay) -> None:
    letter = join(email="ngozi@obiakor.example", by=referral_code(Secret(bytes.fromhex(SECRET)), "L-102"))
    quay.take(letter)
    quay.run("approve", letter.number)
    assert quay.rows("ledger.csv") == []
