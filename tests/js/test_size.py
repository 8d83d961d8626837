"""What the browser has to load."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from tests.js.lantern import SCRIPTS

FILES = sorted(SCRIPTS.glob("*.js"))
TILL = {"coupon.js", "redemptions.js", "till.js"}  # in the staff edition alone
OF_A_MEMBER = [path for path in FILES if path.name not in TILL]
OF_THE_TILL = [path for path in FILES if path.name in TILL]


def gzipped(data: bytes) -> int:
    """Count the bytes that data takes under gzip at its best."""
    return len(gzip.compress(data, compresslevel=9, mtime=0))


def together(files: Iterable[Path]) -> int:
    """Count the bytes of files compressed as one."""
    return gzipped(b"".join(path.read_bytes() for path in files))


def apart(files: Iterable[Path]) -> int:
    """Count the bytes of files compressed one by one, as a host sends them."""
    return sum(gzipped(path.read_bytes()) for path in files)


def test_all_scripts_of_a_member_together_are_small() -> None:
    total, sent = together(OF_A_MEMBER), apart(OF_A_MEMBER)
    print(f"javascript_gzipped={total} javascript_gzipped_apart={sent}")
    assert total <= 14_000
    assert sent <= 19_000


def test_the_scripts_of_the_till_are_small() -> None:
    total, sent = together(OF_THE_TILL), apart(OF_THE_TILL)
    print(f"javascript_gzipped_till={total} javascript_gzipped_till_apart={sent}")
    assert total <= 4_500
    assert sent <= 5_000


def test_no_script_is_long() -> None:
    assert max(len(path.read_text().splitlines()) for path in FILES) < 150
