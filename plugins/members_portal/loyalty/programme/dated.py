"""Values that change on a day: exchange rates, and the `reach` of a tier.

Each is a single value, or a list of values with the first day of each. The first value also holds before its day.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import Field, WrapValidator

from members_portal.loyalty.input.schema import (
    Day,
    Money,
    PositiveMoney,
    Record,
    misfit,
    read_money,
    read_positive_money,
)


class _Dated(Protocol):
    @property
    def from_(self) -> date | None: ...


Entry = TypeVar("Entry", bound=_Dated)


class DatedRate(Record):
    """An exchange rate, and the first day on which it holds."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    rate: PositiveMoney


class DatedReach(Record):
    """The figure that reaches a tier, and the first day on which it holds."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    reach: Money


def in_force(entries: Sequence[Entry], day: date) -> Entry:
    """Return the last entry that holds on a day, or the first one before all days."""
    return next((entry for entry in reversed(entries) if entry.from_ and entry.from_ <= day), entries[0])


def _ascending(entries: Any) -> Any:
    """Check that a list is not empty, and that each entry after the first begins later than the one before."""
    if not entries:
        raise misfit("the list is empty", "at least one value")
    before = entries[0].from_
    for index, entry in enumerate(entries[1:], start=1):
        if entry.from_ is None:
            raise misfit("`from` is missing", "the first day of this value", index)
        if before and entry.from_ <= before:
            raise misfit("`from` is not after the one before", f"a day after {before}", index, "from")
        before = entry.from_
    return entries


def _single_or_list(read: Callable[[Any], Decimal], entry: Callable[[Decimal], Any]) -> WrapValidator:
    """Return a validator for a single value that `read` reads, or a list of entries."""

    def validate(value: Any, handler: Callable[[Any], Any]) -> Any:
        return _ascending(handler(value)) if isinstance(value, list) else (entry(read(value)),)

    return WrapValidator(validate)


Rates = Annotated[
    tuple[DatedRate, ...],
    _single_or_list(read_positive_money, lambda rate: DatedRate.model_construct(from_=None, rate=rate)),
]
Reaches = Annotated[
    tuple[DatedReach, ...],
    _single_or_list(read_money, lambda reach: DatedReach.model_construct(from_=None, reach=reach)),
]
