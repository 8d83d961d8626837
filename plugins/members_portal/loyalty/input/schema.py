"""Schemas: typed, frozen records, and the types of their fields.

A validator raises ValueError with the expected form only. `parse` adds the value, unless it is private.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from members_portal.loyalty.input.clock_time import names_no_day, read_day_and_time
from members_portal.loyalty.period import YEARS

FLAG_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
LINK_SIGNS = frozenset('%?#<>"')  # in a `mailto:` link, or around an address in a mail header


class Record(BaseModel):
    """A frozen record that rejects unknown keys.

    `other_names` are names of its keys elsewhere, for suggestions; `main_key` is the one that a value alone may mean.
    """

    other_names: ClassVar[Mapping[str, str]] = {}
    main_key: ClassVar[str] = ""
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)

    @classmethod
    def of_checked(cls, values: dict[str, Any], given: set[str]) -> Self:
        """Return a record of values of all its fields, which were checked before. `given` are those that were written.

        Records may share `given`. `model_construct` and `model_copy` take several times as long.
        """
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", values)
        object.__setattr__(made, "__pydantic_fields_set__", given)
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made

    def changed(self, **values: Any) -> Self:
        """Return a copy with other values of some fields, which are not checked."""
        return self.of_checked({**self.__dict__, **values}, self.model_fields_set.union(values))


def matching(pattern: str, expected: str) -> AfterValidator:
    """Return a validator for text that matches a pattern; `expected` describes the pattern."""

    fits = re.compile(pattern).fullmatch

    def check(text: str) -> str:
        if not fits(text):
            raise ValueError(expected)
        return text

    return AfterValidator(check)


def is_email(text: str) -> bool:
    """Return whether a text has the form of an e-mail address, without a sign that is more in a link or header."""
    is_plain = text.isprintable() and LINK_SIGNS.isdisjoint(text)
    return is_plain and bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text))


_MEMBERS_EMAIL = re.compile(r'("[^"]*"|[^@\s"]+)@[^@\s]+\.[^@\s.]+')


def _members_email(text: str) -> str:
    if not _MEMBERS_EMAIL.fullmatch(text):
        raise ValueError("an e-mail address")
    return text


def _email(text: str) -> str:
    if not is_email(text):
        raise ValueError("an e-mail address")
    return text


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(value: Any) -> date:
    """Return a day that is written YYYY-MM-DD; raise ValueError."""
    if isinstance(value, str) and (day := _day_of(value)):
        return day
    raise ValueError("a day that exists, as YYYY-MM-DD")


@lru_cache(maxsize=1 << 14)  # many members share a day
def _day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def _moment(value: Any) -> datetime:
    found = read_day_and_time(value) if isinstance(value, str) else None
    if found is None or found.year not in YEARS:
        day = "a day that exists" if isinstance(value, str) and names_no_day(value) else "a day"
        raise ValueError(f"{day} and a time, as YYYY-MM-DD HH:MM")
    return found


def _flag(value: Any) -> bool:
    if isinstance(value, str) and (found := FLAG_WORDS.get(value.lower())) is not None:
        return found
    raise ValueError("true or false")


def misfit(what: str, expected: str, *at: str | int) -> PydanticCustomError:
    """Return the error of a record with keys that contradict each other; `at` is the path below the record."""
    return PydanticCustomError("misfit", "misfit", {"what": what, "expected": expected, "at": at})


def in_order(record: Any) -> Any:
    """Check that `until` is not before `from`."""
    if record.from_ and record.until and record.until < record.from_:
        raise misfit("ends before it begins", f"a day from {record.from_} on", "until")
    return record


def decimal_of(places: int, least: str, expected: str, most: str = "Infinity") -> BeforeValidator:
    """Return a validator for a decimal number from `least` to `most`, with at most `places` decimals."""
    return BeforeValidator(decimal_reader(places, least, expected, most))


def decimal_reader(places: int, least: str, expected: str, most: str = "Infinity") -> Callable[[Any], Decimal]:
    """Return a reader of decimal numbers from `least` to `most`, with at most `places` decimals."""

    def read(value: Any) -> Decimal:
        found = re.fullmatch(r"[0-9]{1,9}(?:\.([0-9]+))?", value) if isinstance(value, str) else None
        if not found or len(found[1] or "") > places or not Decimal(least) <= Decimal(value) <= Decimal(most):
            raise ValueError(expected)
        return Decimal(value)

    return read


def _non_empty(value: Any) -> Any:
    if value == []:
        raise ValueError("at least one")
    return as_list(value)


def as_list(value: Any) -> Any:
    """Return a single word as a list."""
    return [value] if isinstance(value, str) else value


UNINKED_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and signs that leave no ink
UNINKED = {"Cc", "Cf", "Mn", "Me", "Zl", "Zp", "Zs"}  # general categories that leave no ink of their own


_INK = re.compile("[!-~]")  # in most texts; all of these signs are visible


def _visible(text: str) -> str:
    if not _INK.search(text) and all(each in UNINKED_LETTERS or unicodedata.category(each) in UNINKED for each in text):
        raise ValueError("a text with a visible character")
    return text


Day = Annotated[date, BeforeValidator(read_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_visible)]
Line = Annotated[Text, matching(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*", "text in one line")]
Words = Annotated[tuple[Text, ...], BeforeValidator(as_list)]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
Days = Annotated[int, Field(ge=0, le=36_500)]
read_money = decimal_reader(4, "0", "an amount such as 12.50")
read_positive_money = decimal_reader(4, "0.0001", "an amount above 0, such as 12.50")
Money = Annotated[Decimal, BeforeValidator(read_money)]
PositiveMoney = Annotated[Decimal, BeforeValidator(read_positive_money)]
PointsGiven = Annotated[Decimal, decimal_of(4, "0.0001", "a number above 0 with at most 4 decimals")]
Factor = Annotated[Decimal, decimal_of(4, "1.0001", "a number above 1, such as 1.5")]
Percent = Annotated[Decimal, decimal_of(4, "0.0001", "a percentage above 0, up to 100, such as 2.5", most="100")]
NonEmpty = BeforeValidator(_non_empty)  # a list that is not empty, or a single word instead of a list
Country = Annotated[str, matching(r"[A-Z]{2}", "two capital letters such as IE (ISO 3166-1)")]
Colour = Annotated[str, matching(r"#[0-9a-fA-F]{6}", 'a colour such as "#8a6d4b", in quotes')]
Key = Annotated[str, matching(r"[a-z][a-z0-9-]{0,39}", "a lower-case letter, then up to 39 letters, digits or hyphens")]

Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
MembersEmail = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_members_email)]  # see mail_fault.py
