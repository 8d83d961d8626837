"""pass.json: the keys that Apple requires, and the fields of a card."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from members_portal.wallet_pass.apple_fields import as_of_of, css_colour, pass_json
from members_portal.wallet_pass.apple_identity import ApplePassType
from members_portal.wallet_pass.pass_content import PassContent
from members_portal.wallet_pass.pass_labels import PassLabels
from tests.wallet_pass.cards import CARD, HOUSE

TYPE = ApplePassType("pass.example.harbour-lamp", "LAMP123456")


def fields_of(content: PassContent = CARD) -> Any:
    return json.loads(pass_json(content, HOUSE, TYPE))


def shown(fields: Any, part: str) -> dict[str, Any]:
    return {field["label"]: field["value"] for field in fields["storeCard"][part]}


def test_the_required_keys_are_there() -> None:
    fields = fields_of()
    assert {key: fields[key] for key in fields if key not in ("storeCard", "barcodes")} == {
        "formatVersion": 1,
        "passTypeIdentifier": "pass.example.harbour-lamp",
        "teamIdentifier": "LAMP123456",
        "serialNumber": "5e1a" * 8,
        "organizationName": "Harbour Lamps",
        "description": "The Harbour Lamp Club",
        "logoText": "The Harbour Lamp Club",
        "sharingProhibited": True,
        "backgroundColor": "rgb(89, 101, 109)",
        "foregroundColor": "rgb(255, 250, 240)",
        "labelColor": "rgb(255, 250, 240)",
    }


def test_the_card_shows_points_name_tier_and_days() -> None:
    fields = fields_of()
    assert shown(fields, "headerFields") == {"points": 1250}
    assert shown(fields, "primaryFields") == {"Member": "Torvald Ekdahl"}
    assert shown(fields, "secondaryFields") == {"Tier": "Pewter"}
    assert shown(fields, "auxiliaryFields") == {
        "Member since": "30 May 2021",
        "Until": "31 December 2027",
        "As of": "20 November 2026",
    }
    assert {"Telephone": "+47 20 91 500", "Portal": "https://club.example/lamps/"}.items() <= shown(
        fields, "backFields"
    ).items()


def test_each_key_of_a_field_occurs_once() -> None:
    keys = [field["key"] for part in fields_of()["storeCard"].values() for field in part]
    assert len(keys) == len(set(keys))


def test_the_barcode_is_the_number_as_code_128_and_as_qr() -> None:
    found = [(each["format"], each["message"], each["altText"]) for each in fields_of()["barcodes"]]
    assert found == [("PKBarcodeFormatCode128", "L-101", "L-101"), ("PKBarcodeFormatQR", "L-101", "L-101")]


def test_a_member_without_statement_tier_and_end_has_fewer_fields() -> None:
    fields = fields_of(replace(CARD, points=None, tier="", until=""))
    assert shown(fields, "headerFields") == {}
    assert shown(fields, "secondaryFields") == {}
    assert list(shown(fields, "auxiliaryFields")) == ["Member since", "As of"]


def test_labels_can_be_replaced() -> None:
    site = replace(HOUSE, labels=PassLabels(member="Mitglied", as_of="Stand"))
    fields = json.loads(pass_json(CARD, site, TYPE))
    assert shown(fields, "primaryFields") == {"Mitglied": "Torvald Ekdahl"}
    assert "Stand" in shown(fields, "auxiliaryFields")


def test_the_day_is_read_from_an_earlier_pass() -> None:
    assert as_of_of(pass_json(CARD, HOUSE, TYPE)) == "20 November 2026"
    for damaged in (b"", b"[]", b"{}", b'{"storeCard": {"auxiliaryFields": []}}'):
        with pytest.raises(ValueError, match=r"no day|Expecting value"):
            as_of_of(damaged)


def test_colours_are_written_as_passes_know_them() -> None:
    assert css_colour("#12363f") == "rgb(18, 54, 63)"


def test_names_in_any_script_are_kept() -> None:
    assert shown(fields_of(replace(CARD, name="شيرين الخوري")), "primaryFields") == {"Member": "شيرين الخوري"}
