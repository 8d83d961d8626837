"""The source of a folder with shop.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.member.member import RawMember
from members_portal.source.folder import MEMBER_FILES, Folder
from members_portal.source.shop.customer_table import customer_export, customers
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

        return ShopLedger(self.shop, self.zone) if self.shop.record.orders else None

    def members(self, problems: list[Problem], dropped: dict[str, tuple[str, ...]]) -> Iterator[RawMember]:
        """Yield the members of a members file, then the other customers; add unused columns to `dropped`."""
        table, own = customer_export(self.shop).table, set[str]()
        dropped[table.name] = () if self.shop.is_ready_made else table.header.dropped
        if any((self.path / name).exists() for name in MEMBER_FILES):
            for member in Folder(self.path).members(problems, dropped):
                own.add(member.value.get("id", "") if isinstance(member.value, dict) else "")
                yield member
        first_orders = self._ledger.first_orders() if self._ledger else {}
        found = customers(self.shop, first_orders, self.zone, problems)
        yield from (member for member in found if member.value.get("id") not in own)

    def ledger(self) -> LedgerSource | None:
        """Return the ledger, or None without an orders' export."""
        return self._ledger
