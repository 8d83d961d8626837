"""The negative vectors: each reader opens the base, and refuses each failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.seal import SealError, open_release
from tests.independent_reader import Refused, Release
from tests.seal.vector_files import NAMES, base, vector

REFUSALS = (Refused, OSError, ValueError)  # the independent reader leaves missing files and JSON to Python


def test_all_readers_open_the_base(tmp_path: Path) -> None:
    wanted = base()
    folder = wanted.write(tmp_path)
    page = open_release(folder, wanted.code).read(wanted.path)
    assert len(page) > 30_000
    assert Release(folder, wanted.code).read(wanted.path) == page


@pytest.mark.parametrize("name", NAMES)
def test_the_product_refuses(name: str, tmp_path: Path) -> None:
    wanted = vector(name)
    with pytest.raises(SealError):
        open_release(wanted.write(tmp_path), wanted.code).read(wanted.path)


@pytest.mark.parametrize("name", NAMES)
def test_the_independent_reader_refuses(name: str, tmp_path: Path) -> None:
    wanted = vector(name)
    with pytest.raises(REFUSALS):
        Release(wanted.write(tmp_path), wanted.code).read(wanted.path)
