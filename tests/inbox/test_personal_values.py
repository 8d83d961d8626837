"""Addresses as on an envelope, split into the parts of members.csv."""

from __future__ import annotations

import pytest

from members_portal.inbox.personal_values import address_texts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("4 Sailmakers Row\nCork T99 X4A1\nIreland", "4 Sailmakers Row|T99 X4A1|Cork|IE"),
        ("An der Traveschleuse 17\n23552 Lübeck\nDE", "An der Traveschleuse 17|23552|Lübeck|DE"),
        ("Box 7\nThe Mill\nD-23552 Lübeck", "Box 7 / The Mill|D-23552|Lübeck|NO"),
        ("10 High Street\nLondon SW1A 1AA\nunited kingdom", "10 High Street|SW1A 1AA|London|GB"),
        ("1 Main St\nSpringfield, IL 62704\nUS", "1 Main St|IL 62704|Springfield|US"),
        ("Damrak 1\n1012 LG Amsterdam\nNetherlands", "Damrak 1|1012 LG|Amsterdam|NL"),
        ("Quay 1\r\n\r\nDingle", "Quay 1||Dingle|NO"),
        ("Quay\x07 1\n5003 Bergen", "Quay 1|5003|Bergen|NO"),
        ("7 Other Lane, Galway", "7 Other Lane||Galway|NO"),
        ("7 Other Lane, 5003 Bergen\nNorway", "7 Other Lane|5003|Bergen|NO"),
        ("7 Orchard Road\nSingapore", "7 Orchard Road||Singapore|SG"),
    ],
)
def test_an_address_has_parts(text: str, parts: str) -> None:
    assert "|".join(address_texts(text, "NO").values()) == parts


@pytest.mark.parametrize("text", ["somewhere\n", "somewhere\nNorway"])
def test_without_a_city_no_part_of_an_earlier_address_stays(text: str) -> None:
    assert address_texts(text, "NO") == {"address_lines": "somewhere", "postcode": "", "city": "", "country": "NO"}


def test_an_address_without_a_character_to_print_states_nothing() -> None:
    assert address_texts("\x07\n \n", "NO") == {}
