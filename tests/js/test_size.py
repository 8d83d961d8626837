"""What the browser has to load."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from members_portal.portal.rendering.asset import bundle_worker, published_assets
from tests.js.lantern import SCRIPTS

FILES = sorted(SCRIPTS.glob("*.js"))
TILL = {"camera.js", "coupon.js", "redemptions.js", "till.js", "till-member.js"}  # in the staff edition alone
DESK = {"desk.js", "desk-find.js", "desk-page.js", "desk-search.js"}  # in the staff edition alone
ON_DEMAND = {"passkey.js"}  # on the sign-in page, where browser and device have what it takes
OF_ANSWERS = {"outbox.js", "sealed-answer.js", "draft.js", "form-check.js", "answer-message.js", "answer-form.js"}
OF_PAGES = {"fragment.js", "bundle/sign-in.js", "bundle/member.js"}  # with the outbox of answers
PUBLISHED = {path.removeprefix("js/"): content for path, content in published_assets(SCRIPTS.parent).items()}


def gzipped(data: bytes) -> int:
    """Count the bytes that data takes under gzip at its best."""
    return len(gzip.compress(data, compresslevel=9, mtime=0))


def sent(names: Iterable[str]) -> int:
    """Count the bytes of scripts as a host sends them."""
    return sum(gzipped(PUBLISHED[name]) for name in names)


def test_the_scripts_that_a_member_loads_are_small() -> None:
    worker = bundle_worker(PUBLISHED["sw.js"].decode(), lambda path: PUBLISHED[Path(path).name].decode())
    sizes = {"worker": gzipped(worker.encode()), "pages": sent(OF_PAGES)}
    print(f"javascript_gzipped_worker={sizes['worker']} javascript_gzipped_pages={sizes['pages']}")
    assert sum(sizes.values()) <= 20_480


def test_the_scripts_of_answers_are_small() -> None:
    total = sent(OF_ANSWERS)
    print(f"javascript_gzipped_answers={total}")
    assert total <= 6_144


def test_the_script_for_passkeys_is_small() -> None:
    total = sent(ON_DEMAND)
    print(f"javascript_gzipped_passkey={total}")
    assert total <= 2_000


def test_the_scripts_of_the_till_are_small() -> None:
    total = sent(TILL)
    print(f"javascript_gzipped_till={total}")
    assert total <= 5_000


def test_the_scripts_of_the_desk_are_small() -> None:
    total = sent(DESK)
    print(f"javascript_gzipped_desk={total}")
    assert total <= 3_500


def test_no_script_is_long() -> None:
    assert max(len(path.read_text().splitlines()) for path in FILES) < 150
