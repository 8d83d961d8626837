"""The programme: the ladder of tiers, account managers, interests, channels of consent."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from plugins.loyalty.audience import MEMBERS, PUBLIC, STAFF
from plugins.loyalty.problem import InvalidInput, Problem
from plugins.loyalty.schema import Colour, Count, Email, Key, Record, Text, Words, parse
from plugins.loyalty.yaml_source import Located, load_yaml

RESERVED = frozenset({PUBLIC, MEMBERS, STAFF})
MAX_TIERS = 7  # a release has 8 manifest slots, one of them for staff


class Tier(Record):
    """A rung of the ladder. `standards` is the service level it is promised."""

    key: Key
    name: Text
    colour: Colour
    colour_dark: Colour
    summary: Text
    standards: Words = ()
    benefits: Words = ()


class StaffEdition(Record):
    """What the staff's own edition is called."""

    name: Text = "Staff"
    summary: str = ""


class AccountManager(Record):
    """The person a key customer can call; `photo` is an image's path below content/."""

    key: Key
    name: Text
    role: Text
    phone: Text
    email: Email
    hours: str = ""
    photo: str | None = None


def _one_to_seven(value: Any) -> Any:
    """Count the tiers as they were written, whatever else is wrong with one of them."""
    if isinstance(value, list) and not 1 <= len(value) <= MAX_TIERS:
        raise ValueError(f"1 to {MAX_TIERS} tiers")
    return value


class Programme(Record):
    """Everything in programme.yaml. `generation` is raised to re-key every sealed file."""

    name: Text
    generation: Count = 1
    tiers: Annotated[tuple[Tier, ...], BeforeValidator(_one_to_seven)]
    staff: StaffEdition = StaffEdition()
    interests: Mapping[Key, Text] = {}
    account_managers: tuple[AccountManager, ...] = ()
    channels: Mapping[Key, Text] = {}

    @cached_property
    def ladder(self) -> tuple[str, ...]:
        """The tiers' keys, lowest first."""
        return tuple(tier.key for tier in self.tiers)

    @cached_property
    def readers(self) -> tuple[str, ...]:
        """Every edition's name: public, the tiers, staff."""
        return (PUBLIC, *self.ladder, STAFF)

    def tier(self, key: str) -> Tier:
        """Return a tier by its key; raise KeyError."""
        return next((tier for tier in self.tiers if tier.key == key), None) or _no(key)

    def rank(self, key: str) -> int:
        """Return a tier's place on the ladder, 1 for the lowest."""
        return self.ladder.index(key) + 1

    def manager(self, key: str | None) -> AccountManager | None:
        """Return an account manager by key."""
        return next((manager for manager in self.account_managers if manager.key == key), None)


def _no(key: str) -> Tier:
    raise KeyError(key)


def load_programme(folder: Path) -> Programme:
    """Read programme.yaml of a members folder; raise InvalidInput with every problem."""
    located = load_yaml(folder / "programme.yaml")
    problems = list(located.problems)
    programme = parse(Programme, located, located.value, problems=problems)
    if programme:
        problems += _repeated(located, programme)
    if problems or not programme:
        raise InvalidInput(problems)
    return programme


def _repeated(located: Located, programme: Programme) -> list[Problem]:
    problems: list[Problem] = []
    keys = {
        "tiers": [tier.key for tier in programme.tiers],
        "account_managers": [manager.key for manager in programme.account_managers],
    }
    for part, used in keys.items():
        for index, key in enumerate(used):
            at = (part, index, "key")
            if key in used[:index]:
                problems.append(located.problem(at, f"key `{key}` is used twice", "a key of its own"))
            elif part == "tiers" and key in RESERVED:
                problems.append(located.problem(at, f"`{key}` means something else in audiences", "another key"))
    return problems
