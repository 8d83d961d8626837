"""Personal values: what a form about a person states, in the notation of members.csv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale

from members_portal.form.answer_values import Value
from members_portal.loyalty.member.member import Address, Birthday, Member
from members_portal.loyalty.programme.programme import Programme

PERSONAL_QUESTIONS = (
    *("given-name", "family-name", "email", "phone", "address", "birthday"),
    *("interests", "consent"),
)
ADDRESS_FIELDS = ("address_lines", "postcode", "city", "country")
PERSON_FIELDS = (  # columns of members.csv
    *("given_name", "family_name", "email", "phone", "birthday", *ADDRESS_FIELDS),
    *("interests", "consent"),
)
LINE_BREAK = " / "
_CODE_FIRST = re.compile(r"((?:[A-Z]{1,2}-)?[0-9][0-9 ]{2,6}[0-9A-Z]?(?: [A-Z]{2})?)\s+(\D.*)")
_CODE_LAST = re.compile(r"(\D.*?),?\s+((?=\S*[0-9])[A-Z0-9]{2,5}(?: [A-Z0-9]{3,4})?|[A-Z]{2} [0-9]{5}(?:-[0-9]{4})?)")


def personal_texts(
    values: Mapping[str, Value], given: Mapping[str, Any], programme: Programme, country: str = ""
) -> dict[str, str]:
    """Return what an answer states about a person by column of members.csv.

    `given` are the values as sent: an empty list means none of the choices. `country` is that of an address without one.
    """
    found = {name.replace("-", "_"): str(values[name]) for name in PERSONAL_QUESTIONS[:4] if name in values}
    if "birthday" in values:
        found["birthday"] = str(values["birthday"])
    if "address" in values:
        found |= address_texts(str(values["address"]), country)
    for name, labels in (("interests", programme.interests), ("consent", programme.channels)):
        if name in given:
            found[name] = _keys(values.get(name, ()), labels)
    return found


def _keys(chosen: Iterable[str], labels: Mapping[str, str]) -> str:
    """Return the keys of labels, separated by spaces."""
    named = set(chosen)
    return " ".join(key for key, label in labels.items() if label in named)


def address_texts(text: str, country: str) -> dict[str, str]:
    """Split an address as on an envelope; whoever approves it sees the parts."""
    lines = [
        " ".join("".join(each if each.isprintable() else " " for each in line).split()) for line in text.splitlines()
    ]
    lines = [line for line in lines if line]
    if len(lines) > 1 and (code := _country(lines[-1])):
        country, lines = code, lines[:-1]
    last = lines.pop() if len(lines) > 1 else ""
    postcode, city = _split_city(last)
    parts = (LINE_BREAK.join(lines), postcode, city, country)
    return {name: part for name, part in zip(ADDRESS_FIELDS, parts, strict=True) if part or name == "postcode"}


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
    parts = (LINE_BREAK.join(address.lines), address.postcode or "", address.city, address.country)
    return dict(zip(ADDRESS_FIELDS, parts, strict=True))
