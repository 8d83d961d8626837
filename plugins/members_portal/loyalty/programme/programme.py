"""The programme: the record of programme.yaml."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from members_portal.loyalty.input.schema import Colour, Count, Email, Key, Record, Text, Words, matching
from members_portal.loyalty.programme.audience import MEMBERS, PUBLIC, STAFF, parse_audience
from members_portal.loyalty.programme.cause import Cause
from members_portal.loyalty.programme.currency import is_currency, is_or_was_currency
from members_portal.loyalty.programme.dated import Rates, Reaches, in_force
from members_portal.loyalty.programme.earning import EarningRule, Multiplier, Points
from members_portal.loyalty.programme.qualifying import Qualifying, Rebate
from members_portal.loyalty.programme.segment import Segment
from members_portal.loyalty.programme.shown_years import ShownYears


def _currency(code: str) -> str:
    if is_currency(code):
        return code
    raise ValueError("a currency of ISO 4217, such as EUR")


def _present_or_past(code: str) -> str:
    if is_or_was_currency(code):
        return code
    raise ValueError("a currency of ISO 4217, such as EUR")


Currency = Annotated[
    str, matching(r"[A-Z]{3}", "three capital letters such as EUR (ISO 4217)"), AfterValidator(_currency)
]
CurrencyKey = Annotated[
    str,
    matching(r"[a-z]{3}", "three letters such as GBP (ISO 4217)"),
    AfterValidator(str.upper),
    AfterValidator(_present_or_past),
]
MAX_TIERS = 7  # a release has 8 manifest slots, one of them for staff


class Tier(Record):
    """A tier: a rung of the ladder. `standards` are the service standards promised to its members.

    `reach` is the figure that reaches the tier: spend, points or orders, by `Qualifying.basis`; it may change on a day.
    """

    key: Key
    name: Text
    colour: Colour
    colour_dark: Colour
    summary: Text
    reach: Reaches = ()
    standards: Words = ()
    benefits: Words = ()


class TeamReward(Record):
    """What somebody on the staff gets for so many thanks of members in a quarter."""

    thanks: Count
    reward: Text


class StaffEdition(Record):
    """The name and summary of the staff edition, and the rules of its desk.

    `close_segments` are the segments of members close to their next tier, instead of the desk's own rule.
    """

    name: Text = "Staff"
    summary: str = ""
    team_rewards: tuple[TeamReward, ...] = ()
    close_segments: Words = ()


class AccountManager(Record):
    """The contact person of a key customer. `photo` is the path of an image below content/."""

    key: Key
    name: Text
    role: Text
    phone: Text
    email: Email
    hours: str = ""
    photo: str | None = None


def _one_to_seven(value: Any) -> Any:
    """Check the number of tiers before their validation, so that an invalid tier counts too."""
    if isinstance(value, list) and not 1 <= len(value) <= MAX_TIERS:
        raise ValueError(f"1 to {MAX_TIERS} tiers")
    return value


class Programme(Record):
    """The whole of programme.yaml.

    A higher `generation` gives every sealed file a new key; a higher `till_version` only the till.
    """

    name: Text
    generation: Count = 1
    till_version: Count = 1
    tiers: Annotated[tuple[Tier, ...], BeforeValidator(_one_to_seven)]
    staff: StaffEdition = StaffEdition()
    interests: Mapping[Key, Text] = {}
    account_managers: tuple[AccountManager, ...] = ()
    channels: Mapping[Key, Text] = {}
    currency: Currency = "EUR"
    exchange_rates: Mapping[CurrencyKey, Rates] = {}  # keys are read in lower case
    points: Points = Points()
    statement: ShownYears = ShownYears()
    earning: tuple[EarningRule, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()
    qualifying: Qualifying | None = None
    rebate: Rebate | None = None
    segments: tuple[Segment, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def coupon_version(self) -> int:
        """The version of till keys and coupon codes (COUPON.md): a higher generation or till version is a new one."""
        return self.generation + self.till_version - 1

    @cached_property
    def ladder(self) -> tuple[str, ...]:
        """The keys of the tiers, lowest first."""
        return tuple(tier.key for tier in self.tiers)

    @cached_property
    def readers(self) -> tuple[str, ...]:
        """The names of all editions: public, the tiers, staff."""
        return (PUBLIC, *self.ladder, STAFF)

    def tier(self, key: str) -> Tier:
        """Return a tier by its key; raise KeyError."""
        return {tier.key: tier for tier in self.tiers}[key]

    def rank(self, key: str) -> int:
        """Return the position of a tier on the ladder, 1 for the lowest."""
        return self.ladder.index(key) + 1

    def reaches_on(self, day: date) -> tuple[Decimal, ...]:
        """Return the `reach` of each tier except the lowest on a day, in the order of the ladder."""
        if (known := self._reaches.get(day)) is None:
            reaches = (in_force(tier.reach, day).reach if tier.reach else Decimal(0) for tier in self.tiers[1:])
            known = self._reaches[day] = tuple(reaches)
        return known

    @cached_property
    def _reaches(self) -> dict[date, tuple[Decimal, ...]]:
        """Results of `reaches_on`: members share most days."""
        return {}

    @cached_property
    def ladder_days(self) -> tuple[date, ...]:
        """The days on which the `reach` of a tier changes, in order."""
        days = {entry.from_ for tier in self.tiers for entry in tier.reach[1:] if entry.from_}
        return tuple(sorted(days))

    def tiers_meant(self, words: tuple[str, ...]) -> frozenset[str]:
        """Return the keys of the tiers that audience words such as `gold+` mean; without words, of all tiers."""
        return parse_audience(words or (MEMBERS,), self.ladder).readers & frozenset(self.ladder)

    def manager(self, key: str | None) -> AccountManager | None:
        """Return an account manager by key, or None."""
        return next((manager for manager in self.account_managers if manager.key == key), None)
