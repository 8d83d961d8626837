"""The list of uses of a member's data matches the rendered output."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.portal.personal_data import USES, Use, fields
from members_portal.publish.context import make_context
from members_portal.publish.pelican_run import render
from members_portal.publish.validation import validate
from members_portal.seal.member_slots import MemberSlots
from tests.loyalty.small_club import members_of
from tests.publish.project import lay_in_fonts
from tests.test_invalid import lay_out

WANDA = """\
- {id: Q-77Q, given name: Wandagiven, family name: Wandafamily, formal name: Wandaformal, email: wanda@mail.example,
   phone: "+353 77 77", birthday: 03-17, joined: 2019-04-23, tier: silver, tier from: 2019-04-24,
   tier until: 2027-05-29, key customer: true, account manager: ines, interests: [filter], consent: {post: true},
   code version: 4711, language: gsw-CH,
   address: {lines: [Wandastreet 1], postcode: W9999W, city: Wandacity, country: IS}}
- {id: Q-88Q, given name: Ottogiven, formal name: Ottoformal, salutation: formal, joined: 2019-04-23, tier: gold}
- {id: Q-99Q, given name: Staffgiven, formal name: Staffformal, joined: 2019-04-23, staff: true}
"""
PRINTED = {  # a text that is in a page where the field is
    "id": "Q-77Q",
    "given_name": "Wandagiven",
    "family_name": "Wandafamily",
    "email": "wanda@mail.example",
    "phone": "+353 77 77",
    "birthday": "2027-03-17",
    "joined": "23 April 2019",
    "tier": "Silver",
    "tier_until": "29 May 2027",
    "account_manager": "Inês",
    "interests": "Filter coffee",
    "consent": "Letters by post",
    "code_version": "4711",
    "language": "Swiss German",
    "salutation": "first-name",
    "staff": "staff",
    "key_customer": "key customer",
}
ADDRESS = ("Wandastreet", "W9999W", "Wandacity", "IS")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, cut_fonts: Path) -> Path:
    """Render three members of a small portal."""
    root = lay_out("_base", tmp_path_factory.mktemp("portal"))
    lay_in_fonts(cut_fonts, root / ".build")
    (root / "members" / "members.yaml").write_text(WANDA, "utf-8")
    ledger = "date,member,kind,amount\n2026-11-02,Q-77Q,purchase,130.00\n"
    (root / "members" / "ledger.csv").write_text(ledger, "utf-8")
    with (root / "members" / "programme.yaml").open("r+", encoding="utf-8") as file:
        text = file.read().replace("summary: You buy often", "reach: 100, summary: You buy often")
        text = text.replace("summary: You tell", "reach: 200, summary: You tell")
        file.seek(0)
        file.write(text + "qualifying: {basis: spend}\n")
        file.write("earning: [{name: Purchases, kind: purchase, points: 1, per: 1}]\n")
    before = Path.cwd()
    os.chdir(root)
    try:
        context = make_context({}, root=root, on=None, today=date(2026, 11, 20), now=1)
        inputs = validate(context, None)
        render(inputs, context, {})
    finally:
        os.chdir(before)
    return context.tree


def words(folder: Path) -> str:
    """Join all text below a folder."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return "\n".join(file.read_bytes().decode("utf-8", "ignore") for file in files)


def own_words(tree: Path, member: str) -> str:
    """Join all text of a member: the slots, and the own files."""
    return f"{MemberSlots(tree)[member].decode()}\n{words(tree / 'members' / member)}".replace("<wbr>", "")


def test_every_field_of_a_member_is_on_the_list() -> None:
    assert list(USES) == list(Member.model_fields)


@pytest.mark.parametrize("name", PRINTED)
def test_a_field_is_in_the_members_own_pages_where_the_list_says_so(name: str, tree: Path) -> None:
    assert (PRINTED[name] in own_words(tree, "Q-77Q")) == (USES[name] is not Use.DECIDES)


def test_only_a_formal_salutation_uses_the_formal_name(tree: Path) -> None:
    assert "Ottoformal" in own_words(tree, "Q-88Q")


def test_an_address_is_in_the_members_own_pages_and_in_no_other(tree: Path) -> None:
    assert [name for name, use in USES.items() if use is Use.LETTERS] == ["address"]
    assert [part for part in (*ADDRESS[:3], "Iceland") if part not in own_words(tree, "Q-77Q")] == []
    assert [part for part in ADDRESS[:3] if part in words(tree)] == []


def test_nothing_of_a_member_is_in_a_page_of_others(tree: Path) -> None:
    own = ("Q-77Q", "Wanda", "wanda@", "+353 77 77", "2027-03-17", "4711", "Swiss German", *ADDRESS[:3])
    folders = [tree / "public", *(folder for folder in (tree / "editions").iterdir() if folder.name != "staff")]
    others = [words(folder) for folder in folders]
    others += [own_words(tree, member) for member in ("Q-88Q", "Q-99Q")]
    assert [text for text in own for other in others if text in other] == []


def test_all_staff_read_what_the_list_names_for_them_and_no_more(tree: Path) -> None:
    text = words(tree / "editions" / "staff")
    assert [
        name for name, use in USES.items() if use is Use.NAMES and name in PRINTED and PRINTED[name] not in text
    ] == []
    assert [part for part in ("wanda@", "+353 77 77", "2027-03-17", "Swiss German", *ADDRESS[:3]) if part in text] == []


def test_members_with_a_value_are_counted_per_field(tmp_path: Path) -> None:
    entry = "{id: %s, given name: A, formal name: B, joined: 2024-01-01, tier: gold%s}"
    more = (", email: a@b.example", ", email: b@b.example, staff: no, interests: []", ", interests: [filter]")
    members = members_of(tmp_path, *(entry % (number, text) for number, text in enumerate(more, 1)))
    counted = {field.name: field.members for field in fields(members)}
    named = ("id", "email", "interests", "staff", "code version")
    assert [counted[name] for name in named] == [3, 2, 1, 0, 0]
