"""Cases of a parametrised test: the quick ones run in `make test`, all in `make test-long`."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable
from typing import Any

import pytest


def quick_and_long(cases: Iterable[Any], quick: Container[Any]) -> list[Any]:
    """Mark the cases that are not among `quick` as long. A tuple holds the values of several parameters."""
    return [case if case in quick else _long(*_values(case)) for case in cases]


def quick_first(cases: Iterable[Any], count: int) -> list[Any]:
    """Mark all cases but the first ones as long."""
    return [case if place < count else _long(*_values(case)) for place, case in enumerate(cases)]


def quick_of_each(cases: Iterable[Any], kind: Callable[[Any], Hashable]) -> list[Any]:
    """Mark the cases of a kind as long but the first one."""
    first: dict[Hashable, int] = {}
    given = list(cases)
    for place, case in enumerate(given):
        first.setdefault(kind(case), place)
    quick = set(first.values())
    return [case if place in quick else _long(*_values(case)) for place, case in enumerate(given)]


def _values(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)


def _long(*values: Any) -> Any:
    return pytest.param(*values, marks=pytest.mark.long)
