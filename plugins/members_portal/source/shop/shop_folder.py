"""The source of a folder with shop.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.loyalty.member.known_rows import KnownRows
from members_portal.loyalty.member.member import RawMember
from members_portal.source.folder import BOOKED, LEDGERS, MEMBER_FILES, SHOP_FILE, Folder
from members_portal.source.shop.customer_table import customer_export, customers
from members_portal.source.shop.export_notes import ExportNotes
from members_portal.source.shop.mapping import Shop, load_shop

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import LedgerSource
    from members_portal.source.shop.shop_ledger import ShopLedger


@dataclass(frozen=True)
class ShopFolder:
    """A folder with shop.yaml and the exports that it names."""

    path: Path
    zone: ZoneInfo | None

    @cached_property
    def shop(self) -> Shop:
        """The content of shop.yaml."""
        return load_shop(self.path)

    @cached_property
    def _ledger(self) -> ShopLedger | None:
        from members_portal.source.shop.shop_ledger import ShopLedger  # imported late: with DuckDB

        return ShopLedger(self.shop, self.zone, self._own_ids) if self.shop.record.orders else None

    @property
    def _has_members_file(self) -> bool:
        return any((self.path / name).exists() for name in MEMBER_FILES)

    @cached_property
    def _own_ids(self) -> frozenset[str]:
        """The ids in the members file beside the exports."""
        found = Folder(self.path).members([], {}) if self._has_members_file else ()
        return frozenset(_id_of(member) for member in found)

    def members(
        self, problems: list[Problem], dropped: dict[str, tuple[str, ...]], rows: KnownRows | None = None
    ) -> Iterator[RawMember]:
        """Yield the members of a members file, then the other customers; add unused columns to `dropped`."""
        table, notes = customer_export(self.shop).table, ExportNotes()
        dropped[table.name] = () if self.shop.is_ready_made else table.header.dropped
        problems += self._unread_files()
        if self._has_members_file:
            yield from Folder(self.path).members(problems, dropped, rows)
        first_orders = self._ledger.first_orders() if self._ledger else {}
        found = customers(self.shop, first_orders, self.zone, problems, notes)
        yield from (member for member in found if _id_of(member) not in self._own_ids)
        problems += notes.problems()
        problems += self._ledger.notes.problems() if self._ledger else ()

    def members_digest(self) -> str:
        """Return nothing: members follow from the exports of orders, too."""
        return ""

    def ledger(self) -> LedgerSource | None:
        """Return the ledger; without an orders' export, that of the folder."""
        return self._ledger or Folder(self.path).ledger()

    def ledger_digest(self) -> str:
        """Return nothing: it is made from several exports."""
        return ""

    def without_ledger(self) -> Iterator[Problem]:
        """Yield the problem of a folder without orders and without a ledger."""
        yield from Folder(self.path).without_ledger()

    def _unread_files(self) -> Iterator[Problem]:
        """Yield a problem for each file that is not read, although it is, or almost is, a source."""
        yield from Folder(self.path).unread_files()
        for name in LEDGERS if self._ledger else ():
            if name != BOOKED and (self.path / name).exists():
                yield Problem(shown_path(self.path / name), 0, 0, f"is not read beside {SHOP_FILE}", f"`{BOOKED}`")


def _id_of(member: RawMember) -> str:
    return str(member.value.get("id", "")) if isinstance(member.value, dict) else ""
