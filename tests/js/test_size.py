"""What the browser has to load."""

from __future__ import annotations

from tests.js.lantern import SCRIPTS


def test_all_scripts_together_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in SCRIPTS.glob("*.js")}
    print(f"javascript_bytes={sum(sizes.values())}")
    assert sum(sizes.values()) <= 30_000


def test_no_script_is_long() -> None:
    assert max(len(path.read_text().splitlines()) for path in SCRIPTS.glob("*.js")) < 150
