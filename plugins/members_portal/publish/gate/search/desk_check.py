"""The check of the desk's files: whose data they hold, by the numbers, addresses and numbers of answers in them.

All of these files are read at each publish, those of every member of staff: who may read which sheet is recomputed from
the roster. A code for signing in, a coupon code or the key of a till is in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

from members_portal.coupon.coupon_code import CouponOffer
from members_portal.loyalty.desk_reach import customers_of, sheets_for
from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import STAFF
from members_portal.portal.desk.desk_file import desk_edition_files, desk_own_files
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.hidden_text import coupon_findings
from members_portal.publish.till.till_data import coupon_offers
from members_portal.seal.key.access_code import access_code

_TOKEN = re.compile(r"[\w.+%-]+@[\w.-]+|[A-Za-z0-9][A-Za-z0-9-]*")
_CODE_SIZES = {16, 27}  # characters of a coupon code and of an access code


def check_desk(candidate: Candidate) -> Iterator[str]:
    """Yield what is wrong with the desk's files: data of members whose sheets the reader may not read, and codes."""
    members = candidate.inputs.members
    search = DeskSearch(candidate)
    everyone = {member.id for member in customers_of(members)}
    for path in sorted(desk_edition_files(members)):
        text = _text(candidate, f"editions/{STAFF}/{path}")
        yield from search.findings(f"edition {STAFF}: {path}", text, everyone, addresses=())
    for reader in (member for member in members if member.staff):
        allowed = {member.id for member in sheets_for(reader, members)}
        for path in sorted(desk_own_files(reader, members)):
            text = _text(candidate, f"members/{reader.id}/{path}")
            yield from search.findings(f"member {reader.id}: {path}", text, allowed, addresses=allowed)


def _text(candidate: Candidate, path: str) -> str:
    file = Path(candidate.tree / path)
    return unescape(file.read_text("utf-8")) if file.is_file() else ""  # a missing one is another check's finding


@dataclass(frozen=True)
class DeskSearch:
    """Searches texts for numbers, addresses and codes of members."""

    candidate: Candidate

    def findings(self, place: str, text: str, numbers: Collection[str], *, addresses: Collection[str]) -> Iterator[str]:
        """Yield what a text holds beyond the members whose numbers, and whose addresses and answers, it may hold."""
        tokens = {token.strip(".-") for token in _TOKEN.findall(text)}
        found = {token for token in tokens if token in self._ids and token not in numbers}
        found |= {writer for token in tokens if (writer := self._writers.get(token)) and writer not in addresses}
        found |= {
            owner
            for token in tokens
            if "@" in token and (owner := self._addresses.get(address_key(token))) and owner not in addresses
        }
        yield from (f"{place} holds something about member {other}" for other in sorted(found))
        codes = {plain for token in tokens if len(plain := token.replace("-", "").upper()) in _CODE_SIZES}
        if codes & self._codes:
            yield f"{place} holds an access code"
        yield from (f"{place} holds {what}" for what in sorted(coupon_findings(codes, self._offers)))

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(member.id for member in self.candidate.inputs.members)

    @property
    def _writers(self) -> Mapping[str, str]:
        """The members by the numbers of their answers."""
        return self.candidate.inputs.received.member_of

    @cached_property
    def _addresses(self) -> dict[str, str]:
        """The owners of e-mail addresses, without addresses of the house."""
        written = {address_key(manager.email) for manager in self.candidate.inputs.programme.account_managers}
        owners = {address_key(member.email): member.id for member in self._members if member.email}
        return {address: owner for address, owner in owners.items() if address not in written}

    @property
    def _members(self) -> list[Member]:
        return self.candidate.inputs.members

    @cached_property
    def _codes(self) -> frozenset[str]:
        secret = self.candidate.secret
        codes = (access_code(secret, member.id, member.code_version) for member in self._members)
        return frozenset(code.replace("-", "") for code in codes)

    @cached_property
    def _offers(self) -> tuple[CouponOffer, ...]:
        return coupon_offers(self.candidate.inputs, self.candidate.secret)
