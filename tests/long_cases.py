"""Cases of a parametrised test: the quick ones run in `make test`, all in `make test-long`."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import pytest


def quick_and_long(cases: Iterable[Any], quick: Container[Any]) -> list[Any]:
    """Mark the cases that are not among `quick` as long. A tuple holds the values of several parameters."""
    return [case if case in quick else _long(*case if isinstance(case, tuple) else (case,)) for case in cases]


def _long(*values: Any) -> Any:
    return pytest.param(*values, marks=pytest.mark.long)
