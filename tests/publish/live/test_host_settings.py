"""The settings that `portal verify` names: one line for each host, for the differences that settings cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.publish.live.host_settings import HOSTS, REMEDIES, host_settings
from members_portal.publish.live.website import Website
from members_portal.seal import DamagedRelease
from tests.publish.live.hosts import StaticFolder, served

DIFFERENCES = [
    ("sw.js is served as text/plain, expected text/javascript", "each file has its media type"),
    ("index.html is served in the character set utf-7, expected utf-8", "each file has its media type"),
    (
        "index.html is served with a Content-Security-Policy whose script-src stops the portal's own files",
        "no policy stops the portal's own files",
    ),
    ("_/c/00ff/0000 is missing", "all folders are served, `_/` too"),
    ("_/m/00ff/1 is refused by the host (403)", "all folders are served, `_/` too"),
    (
        "/visit/ redirects to another page: https://club.example/visit (expected visit/index.html)",
        "an address of a folder keeps its final slash and answers with `index.html`",
    ),
    (
        "/visit/ is missing (expected visit/index.html)",
        "an address of a folder keeps its final slash and answers with `index.html`",
    ),
    (
        "/00ff/ is not as it was signed (expected 404.html)",
        "an unknown address answers with `404.html` and the status 404",
    ),
    ("sw.js redirects, and browsers then refuse it", "`sw.js` answers without a redirect"),
]


@pytest.mark.parametrize(("difference", "rule"), DIFFERENCES)
def test_a_difference_names_the_setting_of_each_host(difference: str, rule: str) -> None:
    first, *lines = host_settings([difference])
    assert first == f"To set at the host: {rule}."
    assert [line.strip().partition(":")[0] for line in lines] == list(HOSTS)


def test_every_remedy_has_a_difference_and_a_line_for_each_host() -> None:
    assert {remedy.rule for remedy in REMEDIES} == {rule for _, rule in DIFFERENCES}
    assert {len(remedy.settings) for remedy in REMEDIES} == {len(HOSTS)}


def test_changed_files_need_no_setting() -> None:
    assert list(host_settings(["index.html is not as it was signed", "more.html does not belong to the release"])) == []
    assert list(host_settings([])) == []


class FirstPageForAll(StaticFolder):
    """Answers unknown addresses with the first page and the status 200."""

    def answer_otherwise(self) -> bool:
        return not self.is_file() and self.send(200, b"<p>first</p>", Content_Type="text/html")


class Refusing(StaticFolder):
    """Refuses the folder `_/`."""

    def answer_otherwise(self) -> bool:
        return self.path.startswith("/_/") and self.send(403, b"", Content_Type="text/html")


@pytest.mark.parametrize(
    ("host", "path", "fault"),
    [
        (FirstPageForAll, "/00ff/", "/00ff/ is answered with the status 200, as if it existed"),
        (FirstPageForAll, "_/c/0", "_/c/0 is served as a page, text/html"),
        (Refusing, "_/c/0", "_/c/0 is refused by the host (403)"),
    ],
)
def test_a_host_that_answers_for_other_files_is_found(
    tmp_path: Path, host: type[StaticFolder], path: str, fault: str
) -> None:
    with served(host.of(tmp_path)) as address, pytest.raises(DamagedRelease) as found:
        Website(address, "00ff/").digest(path)
    assert str(found.value) == fault
