"""Watchlists of members' e-mail addresses: no shared, published or longer address is a finding."""

from __future__ import annotations

from members_portal.loyalty.member.member import Member
from members_portal.publish.gate.hidden_text import hidden_addresses
from members_portal.publish.gate.search.decoded import Decoded


def found(text: str, *addresses: str, written: str = "") -> set[str]:
    """Search a text for addresses; return the positions of the found ones in the list of addresses."""
    members = [member(f"M-{number}", email) for number, email in enumerate(addresses, 1)]
    return hidden_addresses(members, [written]).find(Decoded.of(text))


def member(id_: str, email: str) -> Member:
    fields = {"id": id_, "given_name": "Ann", "formal_name": "Ann", "joined": "2020-01-01", "email": email}
    return Member.model_validate(fields)


def test_a_record_with_a_longer_address_holds_no_shorter_one() -> None:
    both = ("smith@mail.example", "john.smith@mail.example")
    assert found("John.Smith@mail.example", *both) == {"M-2"}
    assert found("smith@mail.example", *both) == {"M-1"}
    assert found("smith@mail.example, john.smith@mail.example", *both) == {"M-1", "M-2"}


def test_an_address_that_members_share_is_no_finding_in_whatever_case() -> None:
    assert found("ann@mail.example", "Ann@mail.example", "ann@MAIL.example") == set()


def test_an_address_that_the_editors_publish_is_no_secret() -> None:
    text = "Write to club@shop.example or ann@mail.example."
    assert found(text, "club@shop.example", "ann@mail.example", written="Contact: club@shop.example") == {"M-2"}
    assert found(text, "club@shop.example", written="Contact: the.club@shop.example") == {"M-1"}
