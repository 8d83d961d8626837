"""Addresses that try to lead a member away: signing in ends on the portal's own host."""

from __future__ import annotations

import pytest

from tests.js.reader import Reader
from tests.long_cases import quick_and_long
from tests.seal.small_site import Site

AWAY = ["/evil.invalid/", "/evil.invalid/a/?b=c", "//evil.invalid/", "/%2fevil.invalid/", "%5cevil.invalid/"]


@pytest.mark.parametrize("path", quick_and_long(AWAY, AWAY[:1]))
def test_a_prepared_address_leads_to_no_other_host(lantern_site: Site, reader: Reader, path: str) -> None:
    reader.go(path)
    reader.reads("For members")
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("Not in gold")
    assert reader.page.url == reader.host.root + path


@pytest.mark.long
@pytest.mark.parametrize("lantern_site", ["/club/"], indirect=True)
def test_a_prepared_address_below_a_prefix_leads_to_no_other_host(lantern_site: Site, reader: Reader) -> None:
    reader.go("/evil.invalid/")
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("Not in gold")
    assert reader.page.url == reader.host.root + "/evil.invalid/"


def test_a_code_in_a_prepared_address_is_removed_from_it(lantern_site: Site, reader: Reader) -> None:
    reader.go(f"/evil.invalid/#{lantern_site.code('M-1')}")
    reader.reads("Not in gold")
    assert reader.page.url == reader.host.root + "/evil.invalid/"
    assert all("#" not in entry for entry in reader.history())
