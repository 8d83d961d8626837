"""The marks of PDF/X-4, which preflight reads back from a whole file."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID
from xml.etree import ElementTree

import pytest

from members_portal.newsletter.press.ink import Inks
from members_portal.newsletter.press.pdfx import output_intent, pdf_date, xmp

MADE = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("condition", ["FOGRA39", "FOGRA51", "CGATS TR 001", "CGATS21-2-CRPC6", "JC200103"])
def test_a_registered_condition_names_its_registry(condition: str) -> None:
    intent = output_intent(Inks(), condition)
    assert (intent.identifier, intent.registry) == (condition, "http://www.color.org")


@pytest.mark.parametrize(("condition", "identifier"), [("", "Custom"), ("Our own press", "Our own press")])
def test_a_press_that_no_registry_knows_is_described(condition: str, identifier: str) -> None:
    intent = output_intent(Inks(), condition)
    assert (intent.identifier, intent.registry, intent.info) == (identifier, "", "Artifex CMYK SWOP Profile")


def test_the_profile_is_that_of_the_inks() -> None:
    assert output_intent(Inks()).profile[12:20] == b"prtrCMYK"


def test_metadata_are_the_same_bytes_for_the_same_run() -> None:
    assert xmp("Winter", MADE, UUID(int=1), "en") == xmp("Winter", MADE, UUID(int=1), "en")


def test_metadata_say_the_time_in_universal_time() -> None:
    there = MADE.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert xmp("Winter", there, UUID(int=1), "en") == xmp("Winter", MADE, UUID(int=1), "en")
    assert pdf_date(there) == "D:20261120083000Z"


def test_a_title_with_signs_of_markup_is_words() -> None:
    packet = xmp("Milk & <b>Sugar</b> ☕", MADE, UUID(int=1), "en")
    assert "Milk & <b>Sugar</b> ☕" in "".join(ElementTree.fromstring(packet).itertext())
