"""A code at the till in the two other engines, with a connection and without."""

from __future__ import annotations

import pytest

from tests.js.reader import COMPLETES
from tests.js.test_engines import Engine, engine  # noqa: F401 - a fixture
from tests.site.sample import Sample

pytestmark = pytest.mark.long

MEMBER = "M-1001"
SHOWN = "const screen = document.querySelector('[data-portal=code]'); return screen.open && screen.querySelector('b')"
DRAWN = "return document.querySelector('[data-portal=code] path').getAttribute('d').length > 100"


def is_shown(browser: Engine, code: object) -> None:
    """Wait until a code is on the whole screen, as text and as QR code."""
    browser.wait(f"{SHOWN}.textContent", code)
    browser.wait(DRAWN, True)


def test_a_code_is_shown_at_the_till_also_without_a_connection(
    engine: Engine,  # noqa: F811 - the fixture
    own_portal: Sample,
) -> None:
    portal = own_portal.ahead
    engine.open(portal.link(MEMBER))
    engine.wait("return !!document.querySelector('.badge')", True)
    engine.wait("return document.readyState", "complete")
    engine.click(".badge .code-button")
    is_shown(engine, MEMBER)
    engine.wait(f"return ({COMPLETES})(1)", True, 120)
    portal.close()
    engine.open(portal.root + "wallet/")
    engine.wait("return document.readyState == 'complete' && document.querySelector('h1').textContent", "Wallet")
    code = engine.run("return document.querySelector('main .code-button b').textContent")
    engine.click("main .code-button")
    is_shown(engine, code)
