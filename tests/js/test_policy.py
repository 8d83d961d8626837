"""The policy of members' pages: scripts come from the theme's folder, and content takes no part in the till."""

from __future__ import annotations

import json

import pytest

from tests.js.lantern import page
from tests.js.reader import Reader
from tests.js.test_worker import both_roots
from tests.seal.small_site import Site

LOAD = """([tag, attribute, address]) => new Promise(resolve => {
  addEventListener('securitypolicyviolation', ({effectiveDirective}) => resolve(effectiveDirective), {once: true});
  const element = Object.assign(document.createElement(tag), {[attribute]: address, rel: 'stylesheet'});
  // A refused frame loads, too: an error page.
  if (tag !== 'iframe') element.onload = element.onloadedmetadata = () => resolve('loaded');
  document.body.append(element);
})"""
BLOCKED = [
    ("script", "src", "sheets/run.js", "script-src-elem"),
    ("script", "src", "theme/run.js", "script-src-elem"),
    ("script", "src", "theme/js/../../sheets/run.js", "script-src-elem"),
    ("link", "href", "sheets/run.css", "style-src-elem"),
    ("img", "src", "../outside.png", "img-src"),
    ("video", "src", "../outside.webm", "media-src"),
    ("iframe", "src", "imprint/", "frame-src"),
    ("object", "data", "sheets/beans.pdf", "object-src"),
]


@pytest.mark.parametrize("lantern_site", ["/club/"], indirect=True)
def test_a_file_of_an_edition_is_no_script_and_no_style(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    for tag, attribute, path, directive in BLOCKED:
        assert reader.page.evaluate(LOAD, [tag, attribute, reader.host.root + path]) == directive, path
        reader.go()
    reader.troubles.clear()  # the browser reports what the policy blocked


@pytest.mark.long
@both_roots
def test_scripts_styles_and_pictures_of_the_portal_are_loaded(lantern_site: Site, reader: Reader) -> None:
    reader.enter(lantern_site.code("M-1"))
    for tag, attribute, path in (
        ("script", "src", "theme/js/coupon.js"),
        ("link", "href", "theme/css/site.css"),
        ("link", "href", "assets/colours.css"),
        ("img", "src", "images/square.svg"),
    ):
        assert reader.page.evaluate(LOAD, [tag, attribute, reader.host.root + path]) == "loaded", path


@pytest.mark.long
def test_the_till_takes_its_data_from_no_content(lantern_site: Site, reader: Reader) -> None:
    data = f'<script type="application/json" data-till="data">{json.dumps({"offers": []})}</script>'
    forged = page(
        "Forged", f"<main><article>{data}</article></main>", "../", "fragment", "coupon", "redemptions", "till"
    )
    lantern_site.files["editions/gold/forged/index.html"] = forged.replace("<body ", '<body data-page="till" ')
    reader.host.site = lantern_site.publish() and lantern_site.release
    reader.enter(lantern_site.code("M-1"))
    reader.go("forged/")
    reader.reads("Forged")
    assert reader.kept()["storage"] == 0  # a till that begins notes its uses
