"""What the browser has to load."""

from __future__ import annotations

from tests.js.lantern import SCRIPTS

TILL = {"coupon.js", "till.js"}  # in the staff edition alone
SIZES = {path.name: path.stat().st_size for path in SCRIPTS.glob("*.js")}


def test_all_scripts_of_a_member_together_are_small() -> None:
    total = sum(size for name, size in SIZES.items() if name not in TILL)
    print(f"javascript_bytes={total}")
    assert total <= 30_000


def test_the_scripts_of_the_till_are_small() -> None:
    total = sum(SIZES[name] for name in TILL)
    print(f"javascript_bytes_till={total}")
    assert total <= 8_000


def test_no_script_is_long() -> None:
    assert max(len(path.read_text().splitlines()) for path in SCRIPTS.glob("*.js")) < 150
