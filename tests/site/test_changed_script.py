"""A script that differs from the digest on a public page does not run, before any worker is there to check it."""

from __future__ import annotations

from collections.abc import Callable

from tests.js.reader import Reader
from tests.site.sample import Sample


def test_a_changed_script_of_a_public_page_does_not_run(own_portal: Sample, visit: Callable[..., Reader]) -> None:
    script = own_portal.folder / "output/theme/js/bundle/sign-in.js"
    script.write_text(f"localStorage.setItem('caught', 'ran');\n{script.read_text('utf-8')}", "utf-8")
    reader = visit(own_portal)
    reader.tolerated.append("Failed to find a valid digest in the 'integrity' attribute")
    for address in ("", "reports/no-such-report/"):
        reader.go(address)
        reader.page.wait_for_load_state("load")
        assert reader.page.evaluate("localStorage.getItem('caught')") is None
    assert reader.page.evaluate("typeof attempt") == "undefined"
    assert reader.page.evaluate("typeof takeCode") == "function"  # the other scripts run
