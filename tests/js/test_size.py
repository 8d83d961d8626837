"""What the browser has to load."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from tests.js.lantern import SCRIPTS

FILES = sorted(SCRIPTS.glob("*.js"))
TILL = {"coupon.js", "redemptions.js", "till.js"}  # in the staff edition alone
ON_DEMAND = {"passkey.js"}  # on the sign-in page, where browser and device have what it takes
OF_A_MEMBER = [path for path in FILES if path.name not in TILL | ON_DEMAND]
OF_A_PASSKEY = [path for path in FILES if path.name in ON_DEMAND]
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
    # 1,700 of them keep the key of a session off the disk, 1,900 verify signatures, digests and packs,
    # 150 let pages come before files that are fetched ahead, 900 keep the addresses of members' pages from the host,
    # 150 take past events and ended offers from lists, 220 ask before a link replaces a member,
    # 20 keep a shown code out of the state of pages, 100 close files when the member signs out,
    # 390 name what a host lacks, blocks or sends wrongly.
    assert total <= 19_470
    assert sent <= 26_500


def test_the_script_for_passkeys_is_small() -> None:
    total = together(OF_A_PASSKEY)
    print(f"javascript_gzipped_passkey={total}")
    assert total <= 2_000


def test_the_scripts_of_the_till_are_small() -> None:
    total, sent = together(OF_THE_TILL), apart(OF_THE_TILL)
    print(f"javascript_gzipped_till={total} javascript_gzipped_till_apart={sent}")
    assert total <= 4_500
    assert sent <= 5_000


def test_no_script_is_long() -> None:
    assert max(len(path.read_text().splitlines()) for path in FILES) < 150
