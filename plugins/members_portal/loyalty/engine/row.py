"""Typed rows of the result steps in sql/: the fields are the columns, in their order."""

from datetime import date
from typing import NamedTuple


class AccountLine(NamedTuple):
    """A row of account_rows.sql: one ledger line of a member, or (`kind` is `asked`) the day of the account.

    `minor` is the amount in the currency's smallest unit; `factor` is in ten-thousandths. `takes` are the points that
    the line asks for; in an account, those that the replay took. `rung` is the member's rung just before the line,
    `figure` the line's figure towards a tier. `total`, `reached` and `carried` are the sum of the period before the
    line, its rung, and the rung that the period began with. `spend` and `net` are the line's spend and figure on the
    day of the account, less what refunds took from them; a refund without an order has its own. `bought` are the lines
    from which a refund takes, `undoes` is the redemption that a reversal undoes.
    """

    member_no: int
    n: int
    day: date
    kind: str
    minor: int | None
    reference: str | None
    tags: list[str]
    gives: int
    takes: int
    reason: str
    rule: int | None
    factor: int
    available: date | None
    expires: date | None
    rung: int
    figure: int
    total: int
    reached: int
    carried: int
    spend: int
    net: int
    bought: list[int]
    undoes: int | None

    @property
    def points(self) -> int:
        """Points given, or below 0 points taken."""
        return self.gives - self.takes

    @property
    def is_order(self) -> bool:
        """Whether the line is a purchase since joining of which something was kept."""
        is_kept = not self.minor or self.spend > 0
        return self.kind == "purchase" and self.reason != "before joining" and is_kept


class SumRow(NamedTuple):
    """A row of sum_rows.sql: the sums of one member. With `needs_replay`, the points are not final: see ReplayRow."""

    member_no: int
    rung: int
    figure: int
    pending: int
    active: int
    expired: int
    earned: int
    spent: int
    taken: int
    needs_replay: bool


class ReplayRow(NamedTuple):
    """A row of replay_rows.sql: a lot (`points` above 0) or a debit (below 0). Days are ordinals.

    `debit_kind` is an index into `account.DEBIT_KINDS`; it means nothing for a lot.
    """

    member_no: int
    n: int
    day: int
    points: int
    available: int
    expires: int
    order_no: int | None
    bought: list[int] | None
    undoes: int | None
    debit_kind: int


class FactRow(NamedTuple):
    """A row of fact_rows.sql: sums of the lines of one member. Lists have an entry for each period or each cause.

    `ordered` is the day of the last order, `oldest` and `newest` those of the first and the last line. `spends` are the
    sums of spend of some last days. `given` are the points given to each cause, `spent` the spend that counts for it.
    `facts` is a digest of all that the account is computed from but the day.
    """

    member_no: int
    ordered: date | None
    oldest: date | None
    newest: date | None
    spends: list[int]
    given: list[int]
    spent: list[int]
    facts: str
