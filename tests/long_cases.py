"""Cases of a parametrised test: the quick ones run in `make test`, all in `make test-long`."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import pytest


def quick_and_long(cases: Iterable[Any], quick: Container[Any]) -> list[Any]:
    """Mark the cases that are not among `quick` as long."""
    return [case if case in quick else pytest.param(case, marks=pytest.mark.long) for case in cases]
