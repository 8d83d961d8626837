"""Addresses below shared hosts are refused, unless the owner accepts them; unknown hosts with a path are a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.portal.shared_origin import is_shared, may_be_shared
from tests.portal.test_site_settings import CONF, read, wrong

SHARED = (
    "https://example.github.io/club",
    "https://Example.GitHub.io./club/",
    "https://example.gitlab.io/group/club",
    "https://example.codeberg.page/club",
    "https://club.pages.debian.net/portal",
    "https://sites.google.com/view/club",
    "https://sites.google.com",
    "https://s3.amazonaws.com/bucket",
    "https://s3.eu-west-1.amazonaws.com/bucket",
    "https://s3-eu-west-1.amazonaws.com/bucket/",
    "https://s3.dualstack.eu-west-1.amazonaws.com/bucket",
    "https://s3.cn-north-1.amazonaws.com.cn/bucket",
    "https://storage.googleapis.com/bucket",
    "https://example.blob.core.windows.net/club",
    "https://fra1.digitaloceanspaces.com/bucket",
    "https://f003.backblazeb2.com/file/bucket",
    "https://raw.githubusercontent.com/example/club/main",
    "https://cdn.jsdelivr.net/gh/example/club",
    "http://example.github.io:80/club",
    "https://ｅxample.ｇithub.io/x",
    "https://example。github．io/x",
    "https://EXAMPLE.ＧＩＴＨＵＢ.IO/x",
)
UNKNOWN = ("https://example.org/club", "https://example.org/a/b/", "https://example.github.io", "https://a.gitlab.io/")
OWN = (
    "",
    "https://club.example.org",
    "https://club.example.org/",
    "https://club.example.org:8443",
    "https://bucket.s3.eu-west-1.amazonaws.com",
    "https://bucket.fra1.digitaloceanspaces.com",
    "https://notgithub.io",
    "http://localhost:8000/club",
    "http://club.localhost/x",
    "http://127.0.0.1:8000/club",
    "http://127.9.0.1/club",
    "http://[::1]:8000/club",
)


def with_url(url: str, more: str = "") -> str:
    return CONF.replace('"company"', f'{more}"company"') + f"SITEURL = {url!r}\n"


@pytest.mark.parametrize("url", SHARED)
def test_an_address_below_a_shared_host_is_refused(tmp_path: Path, url: str) -> None:
    assert may_be_shared(url)
    with_line = with_url(url)
    line = with_line.count("\n")
    assert wrong(tmp_path, (CONF, with_line)) == [
        f"pelicanconf.py:{line}:1: `SITEURL`: other sites share the origin of `{url}` and can attack the portal, "
        "expected an address on a domain of its own, or `shared_origin: True` in PORTAL_SITE"
    ]


@pytest.mark.parametrize("url", SHARED)
def test_the_owner_can_accept_a_shared_origin(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, with_url(url, '"shared_origin": True, ')).shared_origin


@pytest.mark.parametrize("url", UNKNOWN)
def test_an_address_that_other_sites_may_share_is_a_warning(tmp_path: Path, url: str) -> None:
    with_line = with_url(url)
    settings = read(tmp_path, with_line)
    assert settings.url == url
    assert [str(warning).removeprefix(f"{tmp_path}/") for warning in settings.warnings] == [
        f"pelicanconf.py:{with_line.count(chr(10))}:1: warning: `SITEURL`: other sites may share the origin of `{url}` "
        "and attack the portal, expected an address on a domain of its own, or `shared_origin: True` in PORTAL_SITE"
    ]
    assert (is_shared(url), may_be_shared(url)) == (False, True)
    assert read(tmp_path, with_url(url, '"shared_origin": True, ')).warnings == ()


@pytest.mark.parametrize("url", OWN)
def test_an_origin_of_its_own_is_neither(tmp_path: Path, url: str) -> None:
    settings = read(tmp_path, with_url(url))
    assert (settings.url, settings.warnings) == (url, ())
    assert (is_shared(url), may_be_shared(url)) == (False, False)


@pytest.mark.parametrize("value", ["1", "'yes'", "None", "[]"])
def test_the_owner_says_true_or_false(tmp_path: Path, value: str) -> None:
    (problem,) = wrong(tmp_path, (CONF, with_url("https://club.example", f'"shared_origin": {value}, ')))
    assert problem.startswith("pelicanconf.py:4:")
    assert "`PORTAL_SITE`, `shared_origin`: " in problem
    assert problem.endswith(", expected True or False")


def test_a_misspelt_key_is_unknown(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, (CONF, with_url("https://club.example", '"shared_orign": True, ')))
    assert problem.endswith("(did you mean `shared_origin`?)")
