"""The negative vectors: each reader opens the base, and refuses each failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.seal import BadCode, DamagedRelease, NotAMember, SealError, open_release
from tests.independent_reader import NoCard, Refused, Release
from tests.long_cases import quick_and_long
from tests.seal.vector_files import NAMES, base, vector

REFUSALS = (Refused, OSError, ValueError)  # the independent reader leaves missing files and JSON to Python
REASONS: dict[str, type[SealError]] = {"mistyped": BadCode, "unknown": NotAMember, "damaged": DamagedRelease}


def test_all_readers_open_the_base(tmp_path: Path) -> None:
    wanted = base()
    folder = wanted.write(tmp_path)
    page = open_release(folder, wanted.code).read(wanted.path)
    assert len(page) > 30_000
    assert open_release(folder, wanted.code, wanted.public_key).read(wanted.path) == page
    assert Release(folder, wanted.code).read(wanted.path) == page
    assert Release(folder, wanted.code, public_key=wanted.public_key).read(wanted.path) == page


@pytest.mark.parametrize("name", NAMES)
def test_the_product_refuses(name: str, tmp_path: Path) -> None:
    wanted = vector(name)
    with pytest.raises(SealError):
        open_release(wanted.write(tmp_path), wanted.code).read(wanted.path)


@pytest.mark.parametrize("name", NAMES)
def test_the_product_that_knows_the_public_key_refuses_for_the_stated_reason(name: str, tmp_path: Path) -> None:
    wanted = vector(name)
    with pytest.raises(REASONS[wanted.reason]):
        open_release(wanted.write(tmp_path), wanted.code, wanted.public_key).read(wanted.path)


@pytest.mark.parametrize("name", quick_and_long(NAMES, NAMES[::4]))
def test_the_independent_reader_refuses(name: str, tmp_path: Path) -> None:
    wanted = vector(name)
    with pytest.raises(REFUSALS):
        Release(wanted.write(tmp_path), wanted.code).read(wanted.path)


@pytest.mark.parametrize("name", quick_and_long(NAMES, NAMES[::4]))
def test_the_independent_reader_that_knows_the_public_key_says_unknown_for_a_signed_bucket_only(
    name: str, tmp_path: Path
) -> None:
    wanted = vector(name)
    with pytest.raises(REFUSALS) as refused:
        Release(wanted.write(tmp_path), wanted.code, public_key=wanted.public_key).read(wanted.path)
    assert isinstance(refused.value, NoCard) is (wanted.reason == "unknown")
