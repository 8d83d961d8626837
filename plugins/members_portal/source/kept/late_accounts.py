"""Accounts that are computed, or built from kept rows, when one of them is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, cast

from members_portal.loyalty.engine.account import Account, account_of
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.member.member import Member
from members_portal.source.kept.kept_ledger import rows_as_json, rows_from
from members_portal.work_record import WorkRecord, digest_of

if TYPE_CHECKING:
    from members_portal.loyalty.engine.account_table import AccountTable

KEPT_ACCOUNT = "account"
MOST_KEPT = 1000  # accounts of a day: of more, a letter each, the rows would need more room than the ledger
MOST_BUILT = 256  # accounts in memory at one time


class LateAccounts(Mapping[str, Account]):
    """The accounts of members, by id, which `compute` returns when one of them is asked for."""

    def __init__(self, members: Sequence[Member], compute: Callable[[], Mapping[str, Account]]) -> None:
        self._ids = dict.fromkeys(member.id for member in members)
        self.compute, self._expected = compute, list[str]()

    @cached_property
    def _accounts(self) -> Mapping[str, Account]:
        found = self.compute()
        if announce := getattr(found, "expect", None):
            announce(self._expected)
        return found

    def __getitem__(self, member: str) -> Account:
        if member not in self._ids:
            raise KeyError(member)
        return self._accounts[member]

    def __contains__(self, member: object) -> bool:
        return member in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def expect(self, members: Iterable[str]) -> None:
        """Announce the members that are asked for next, in this order."""
        self._expected = list(members)
        if "_accounts" in self.__dict__ and (announce := getattr(self._accounts, "expect", None)):
            announce(self._expected)


class KeptAccounts(LateAccounts):
    """Accounts of a day, built from rows in the work record. The digest covers all sources of the rows."""

    def __init__(
        self,
        members: Sequence[Member],
        compute: Callable[[], Mapping[str, Account]],
        on: date,
        digest: bytes,
        record: WorkRecord,
    ) -> None:
        super().__init__(members, compute)
        self._on, self._digest, self._record = on, digest, record
        self._built: dict[str, Account] = {}
        self._kept = 0  # accounts with rows in the work record

    def __getitem__(self, member: str) -> Account:
        if member not in self._ids:
            raise KeyError(member)
        if member not in self._built:
            if len(self._built) >= MOST_BUILT:
                self._built.clear()
            self._built[member] = account_of(member, self._rows(member), self._on)
        return self._built[member]

    def _rows(self, member: str) -> list[AccountLine]:
        own = digest_of(self._digest, member)
        if data := self._record.find(KEPT_ACCOUNT, own):
            self._kept += 1
            return list(map(AccountLine._make, rows_from(data)))
        rows = cast("AccountTable", self._accounts).rows_of(member)  # there is a ledger, and therefore a table
        if self._kept < MOST_KEPT:
            self._kept += 1
            self._record.keep(KEPT_ACCOUNT, own, rows_as_json(rows))
        return rows
