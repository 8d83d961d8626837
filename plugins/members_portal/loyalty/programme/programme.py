"""The programme: the record of programme.yaml, and its validation."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from babel import Locale
from pydantic import AfterValidator, BeforeValidator

from members_portal.loyalty.input.located_yaml import Located, Path_, load_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, closest, one_of
from members_portal.loyalty.input.schema import (
    Colour,
    Count,
    Email,
    Key,
    Record,
    Text,
    Words,
    matching,
    parse,
)
from members_portal.loyalty.programme.audience import MANAGERS, MEMBERS, PUBLIC, STAFF, UnknownAudience, parse_audience
from members_portal.loyalty.programme.cause import Cause
from members_portal.loyalty.programme.currency import is_currency, is_or_was_currency
from members_portal.loyalty.programme.dated import Rates, Reaches, in_force
from members_portal.loyalty.programme.earning import EarningRule, Multiplier, Points
from members_portal.loyalty.programme.qualifying import Qualifying, Rebate
from members_portal.loyalty.programme.segment import KEY_CUSTOMERS, Segment
from members_portal.loyalty.programme.shown_years import ShownYears

RESERVED_KEYS = frozenset({PUBLIC, MEMBERS, STAFF})


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


def load_programme(folder: Path) -> Programme:
    """Read programme.yaml of a members folder; raise InvalidInput with all problems."""
    programme, problems = read_programme(folder)
    if problems:
        raise InvalidInput(problems)
    return programme


def read_programme(folder: Path) -> tuple[Programme, list[Problem]]:
    """Read programme.yaml; return it with the problems of its rules. Other files can be checked against its keys.

    Raise InvalidInput where the keys of tiers, segments, interests and others are not certain.
    """
    located = load_yaml(folder / "programme.yaml")
    problems = list(located.problems)
    programme = parse(Programme, located, located.value, problems=problems)
    if programme:
        rules = _rule_problems(located, programme)
        problems += _repeated(located, programme)
        if not problems:
            return programme, rules
        problems += rules
    raise InvalidInput(problems)


def _rule_problems(located: Located, programme: Programme) -> list[Problem]:
    checks = (_ladder_problems, _word_problems, _rate_problems, _contradictory_tags, _staff_problems)
    return [problem for check in checks for problem in check(located, programme)]


def _repeated(located: Located, programme: Programme) -> list[Problem]:
    problems: list[Problem] = []
    keys = {
        "tiers": [tier.key for tier in programme.tiers],
        "account_managers": [manager.key for manager in programme.account_managers],
        "segments": [segment.key for segment in programme.segments],
        "causes": [cause.key for cause in programme.causes],
    }
    for part, used in keys.items():
        for index, key in enumerate(used):
            at = (part, index, "key")
            if key in used[:index]:
                problems.append(located.problem(at, f"key `{key}` is used twice", "a key of its own"))
            elif part == "tiers" and key in RESERVED_KEYS:
                problems.append(located.problem(at, f"`{key}` means something else in audiences", "another key"))
            elif part == "account_managers" and key == MANAGERS:
                problems.append(located.problem(at, f"`{key}` means something else in `desk:`", "another key"))
            elif part == "segments" and key == KEY_CUSTOMERS:
                problems.append(located.problem(at, f"`{key}` means something else in `Letters:`", "another key"))
    return problems


def _ladder_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield problems with `reach`: it must rise from tier to tier on each day, and needs `qualifying`."""
    days = [date.min, *programme.ladder_days]
    for index, tier in enumerate(programme.tiers):
        at: Path_ = ("tiers", index, "reach")
        if programme.qualifying is None:
            if tier.reach:
                yield located.problem(at, "`reach` without `qualifying`", "`qualifying` with a `basis`", key=True)
        elif index == 0:
            if any(entry.reach for entry in tier.reach):
                yield located.problem(at, "`reach` of the lowest tier", "no `reach`", key=True)
        elif wrong := next((day for day in days if not _rises(programme, index, day)), None):
            yield located.problem(at, _reach_problem(tier, wrong), f"more than {_reach(programme, index - 1, wrong)}")


def _rises(programme: Programme, index: int, day: date) -> bool:
    return _reach(programme, index, day) > _reach(programme, index - 1, day)


def _reach(programme: Programme, index: int, day: date) -> Decimal:
    """Return the `reach` of a tier on a day; 0 without one."""
    reach = programme.tiers[index].reach
    return in_force(reach, day).reach if reach and index else Decimal(0)


def _reach_problem(tier: Tier, day: date) -> str:
    if not tier.reach:
        return "`reach` is missing"
    since = f" from {day} on" if day > date.min else ""
    return f"reach: `{in_force(tier.reach, day).reach}` is not above the tier before{since}"


def _rate_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield a problem for an exchange rate of the programme's own currency."""
    if programme.currency in programme.exchange_rates:
        at = ("exchange_rates", programme.currency.lower())
        what = f"`{programme.currency}` is the programme's own currency"
        yield located.problem(at, what, "rates of other currencies", key=True)


def _contradictory_tags(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield a problem for each earning rule that excludes all its own tags, and so matches no line."""
    for index, rule in enumerate(programme.earning):
        if rule.tags and set(rule.tags) <= set(rule.exclude_tags):
            at = ("earning", index, "exclude_tags")
            yield located.problem(at, "`exclude tags` leaves none of `tags`", "other tags")


def _word_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield a problem for each unknown tier, interest or country in a rule."""
    named = [("multipliers", rule.tiers) for rule in programme.multipliers]
    named += [("segments", segment.tiers) for segment in programme.segments]
    for part in ("multipliers", "segments"):
        for index, words in enumerate(words for owner, words in named if owner == part):
            for number, word in enumerate(words):
                yield from _audience_problem(located, (part, index, "tiers", number), word, programme)
    for index, segment in enumerate(programme.segments):
        for number, word in enumerate(segment.interests):
            yield from located.unknown(("segments", index, "interests", number), "interest", word, programme.interests)
        for number, word in enumerate(segment.countries):
            yield from _country_problem(located, ("segments", index, "countries", number), word)


def _staff_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield problems of `staff`: segments that are unknown, and rewards for the same number of thanks."""
    known = [segment.key for segment in programme.segments]
    for number, word in enumerate(programme.staff.close_segments):
        yield from located.unknown(("staff", "close_segments", number), "segment", word, known)
    asked = [reward.thanks for reward in programme.staff.team_rewards]
    for index, thanks in enumerate(asked):
        if thanks in asked[:index]:
            at: Path_ = ("staff", "team_rewards", index, "thanks")
            yield located.problem(at, f"two rewards for {thanks} thanks", "another number for each")


def _country_problem(located: Located, at: Path_, word: str) -> Iterator[Problem]:
    if word not in Locale("en").territories:
        what, expected = f"unknown country `{word}`", "a country of ISO 3166-1, such as IE"
        yield located.problem(at, what, expected, "`GB`" if word == "UK" else "")


def _audience_problem(located: Located, at: Path_, word: str, programme: Programme) -> Iterator[Problem]:
    expected = f"{one_of(programme.ladder)}, or one and up such as `{programme.ladder[-1]}+`"
    try:
        if parse_audience((word,), programme.ladder).is_public or word.strip().lower() == STAFF:
            yield located.problem(at, f"`{word}` is no tier", expected)
    except UnknownAudience:
        yield located.problem(at, f"unknown tier `{word}`", expected, closest(word.removesuffix("+"), programme.ladder))
