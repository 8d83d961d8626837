"""The wallet page of a member: the links to the member's cards for the wallets of phones."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.js.reader import Reader
from tests.publish.member_pass.wallets import with_wallets
from tests.site.sample import Sample
from tests.site.tour import on_real_day, told
from tests.wallet_pass.test_google_link import token_of
from tests.wallet_pass.test_pass_package import unpacked

GET = """async address => {
  const response = await fetch(address);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return [response.status, response.headers.get('content-type'), Array.from(bytes)];
}"""
CARD_TYPE = "application/vnd.apple.pkpass"


@pytest.mark.long  # its quick neighbour is tests/publish/member_pass/test_published_passes.py
def test_a_member_gets_the_own_pass_offline_too_and_no_other_host_is_asked(
    own_portal: Sample, visit: Callable[..., Reader]
) -> None:
    with_wallets(own_portal.project)
    own_portal.publish()
    reader = visit(own_portal)
    reader.page.goto(own_portal.link("M-1001"))
    told(reader)
    on_real_day(reader)
    reader.go("wallet/")
    apple = reader.page.get_by_role("link", name="Add to Apple Wallet")
    expect(apple).to_have_attribute("type", CARD_TYPE)
    address = apple.evaluate("link => link.href")
    assert address == f"{own_portal.root}wallet/membership.pkpass"
    status, kind, data = reader.page.evaluate(GET, address)
    assert (status, kind) == (200, CARD_TYPE)
    fields = json.loads(unpacked(bytes(data))["pass.json"])
    assert fields["barcodes"][0]["message"] == "M-1001"

    google = reader.page.get_by_role("link", name="Save to Google Wallet")
    expect(google).to_have_attribute("target", "_blank")  # a session that is not remembered ends with its last page
    _, claims = token_of(google.get_attribute("href") or "")
    assert claims["payload"]["loyaltyObjects"][0]["accountId"] == "M-1001"
    assert [each for each in reader.seen if "google" in each] == []

    with reader.page.expect_download() as download:
        apple.click()
    assert download.value.suggested_filename == "membership.pkpass"

    reader.context.set_offline(True)
    assert reader.page.evaluate(GET, address) == [200, CARD_TYPE, data]
    reader.context.set_offline(False)
