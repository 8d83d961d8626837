"""Personal values: what a form about a person states, in the notation of members.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from babel import Locale
from pydantic import ValidationError

from members_portal.form.answer_values import AnswerValue
from members_portal.form.kind_questions import CONSENT
from members_portal.inbox.known_form import KnownForm
from members_portal.loyalty.member.member import Address, Birthday, Member
from members_portal.loyalty.programme.programme import Programme

PERSONAL_KINDS = ("join", "change")  # whose personal values are in a file of their own
TEXT_QUESTIONS = ("given-name", "family-name", "email", "phone", "birthday")
ADDRESS_FIELDS = ("address_lines", "postcode", "city", "country")
PERSON_FIELDS = (  # columns of members.csv
    *("given_name", "family_name", "email", "phone", "birthday", *ADDRESS_FIELDS),
    *("interests", "consent"),
)
ADDRESS_BREAK = " / "
CITY_COUNTRIES = ("GI", "HK", "LU", "MC", "MO", "SG", "SM", "VA")  # countries that are one city
ANYBODY = {"id": "X", "given_name": "X", "formal_name": "X", "joined": "2000-01-01"}  # all that a member must have
_CODE_FIRST = re.compile(r"((?:[A-Z]{1,2}-)?[0-9][0-9 ]{2,6}[0-9A-Z]?(?: [A-Z]{2})?)\s+(\D.*)")
_CODE_LAST = re.compile(r"(\D.*?),?\s+((?=\S*[0-9])[A-Z0-9]{2,5}(?: [A-Z0-9]{3,4})?|[A-Z]{2} [0-9]{5}(?:-[0-9]{4})?)")


def personal_texts(
    values: Mapping[str, AnswerValue],
    known: KnownForm,
    programme: Programme,
    present: Mapping[str, str],
    country: str = "",
) -> dict[str, str]:
    """Return what an answer states about a person by column of members.csv; what is left empty is absent.

    `present` are the present values, none of somebody who joins; `country` is that of an address without one.
    """
    found = {name.replace("-", "_"): str(values[name]) for name in TEXT_QUESTIONS if name in values}
    if "address" in values:
        found |= address_texts(str(values["address"]), present.get("country") or country)
    if "interests" in values:
        found["interests"] = _keys(values["interests"], programme.interests)
    if "consent" in values or any(name.startswith(CONSENT) for name in values):
        found["consent"] = _agreed(values, known, programme.channels, present.get("consent", ""))
    return found


class UnfitPersonal(NamedTuple):
    """A question about a person with an answer that no member can have."""

    question: str
    expected: str


def unfit_question(values: Mapping[str, AnswerValue]) -> UnfitPersonal | None:
    """Return the first answer that the file of members would not accept."""
    stated = {name.replace("-", "_"): values[name] for name in TEXT_QUESTIONS if name in values}
    try:
        Member.model_validate({**ANYBODY, **stated})
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        expected = detail.get("ctx", {}).get("error", "a text that can be kept")
        return UnfitPersonal(str(detail["loc"][0]).replace("_", "-"), str(expected))
    return None


def is_personal(question: str) -> bool:
    """Tell whether the answers to a question are in a file of their own."""
    return question in (*TEXT_QUESTIONS, "address", "interests", "consent") or question.startswith(CONSENT)


def _agreed(values: Mapping[str, AnswerValue], known: KnownForm, channels: Mapping[str, str], present: str) -> str:
    """Return the channels agreed to: those ticked, or the present ones with each that is given or withdrawn."""
    agreed = {*present.split(), *_keys(values.get("consent", ()), channels).split()}
    for key in channels:
        question, value = known.question(f"{CONSENT}{key}"), values.get(f"{CONSENT}{key}")
        if question and value:
            agreed = agreed | {key} if value == question.choices[0] else agreed - {key}
    return " ".join(key for key in channels if key in agreed)


def stated_channels(values: Mapping[str, AnswerValue], channels: Mapping[str, str]) -> str:
    """Return the channels that an answer gives or withdraws."""
    ticked = _keys(values.get("consent", ()), channels).split()
    return " ".join(key for key in channels if key in ticked or values.get(f"{CONSENT}{key}"))


def _keys(chosen: AnswerValue, labels: Mapping[str, str]) -> str:
    """Return the keys of labels, separated by spaces."""
    named = set(chosen)
    return " ".join(key for key, label in labels.items() if label in named)


def address_texts(text: str, country: str) -> dict[str, str]:
    """Split the lines of an address into street, postcode, city and country.

    All parts are stated, an unknown one as an empty text: none of an earlier address may stay.
    """
    lines = [
        " ".join("".join(each if each.isprintable() else " " for each in line).split()) for line in text.splitlines()
    ]
    lines = [line for line in lines if line]
    if not lines:
        return {}
    last = lines[-1]
    if len(lines) > 1 and (code := _country(last)):
        country, lines = code, lines[:-1]
    if len(lines) == 1:  # all in one line, or of a city that is a country
        lines = [part for part in map(str.strip, lines[0].split(",")) if part] or lines
        lines += [last] if len(lines) == 1 and last not in lines and country in CITY_COUNTRIES else []
    postcode, city = _split_city(lines.pop()) if len(lines) > 1 else ("", "")
    parts = (ADDRESS_BREAK.join(lines), postcode, city, country)
    return dict(zip(ADDRESS_FIELDS, parts, strict=True))


def _split_city(line: str) -> tuple[str, str]:
    if found := _CODE_FIRST.fullmatch(line):
        return found[1], found[2]
    if found := _CODE_LAST.fullmatch(line):
        return found[2], found[1]
    return "", line


def _country(line: str) -> str:
    territories = {code: name for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    if line.upper() in territories:
        return line.upper()
    return next((code for code, name in territories.items() if name.casefold() == line.casefold()), "")


def member_texts(member: Member) -> dict[str, str]:
    """Return the present values of a member by column of members.csv."""
    found = {
        "email": member.email or "",
        "phone": member.phone or "",
        "birthday": _day(member.birthday),
        "interests": " ".join(member.interests),
        "consent": " ".join(channel for channel, agreed in member.consent.items() if agreed),
    }
    return found | _address(member.address)


def _day(born: Birthday | None) -> str:
    if born is None:
        return ""
    return f"{f'{born.year:04}-' if born.year else ''}{born.month:02}-{born.day:02}"


def _address(address: Address | None) -> dict[str, str]:
    if address is None:
        return dict.fromkeys(ADDRESS_FIELDS, "")
    parts = (ADDRESS_BREAK.join(address.lines), address.postcode or "", address.city, address.country)
    return dict(zip(ADDRESS_FIELDS, parts, strict=True))
