"""PORTAL_PASSES: wrong values are refused; each message names the setting, the fault and the expected value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.member_pass.pass_settings import PassSettings, read_pass_settings
from tests.long_cases import quick_first
from tests.portal.small_portal import SITE_SETTINGS
from tests.publish.member_pass.wallets import APPLE, GOOGLE, lay_in, lay_in_keys, with_wallets
from tests.publish.project import Project
from tests.wallet_pass.authority import Subject, account_file, authority_certificate, pass_certificate, pem, pem_key

DAY = date(2026, 11, 20)
FILES = ("pass.pem", "pass-key.pem", "wwdr.pem", "google.json")


@pytest.fixture
def context(tmp_path: Path) -> PublishContext:
    lay_in_keys(tmp_path)
    return make_context({}, root=tmp_path, on=DAY, today=DAY, now=1)


def read(context: PublishContext, passes: Mapping[str, Any]) -> PassSettings:
    return read_pass_settings(context, replace(SITE_SETTINGS, passes=passes))


def faults(context: PublishContext, passes: Mapping[str, Any]) -> list[str]:
    with pytest.raises(InvalidInput) as raised:
        read(context, passes)
    return [f"{problem.what}, expected {problem.expected}" for problem in raised.value.problems]


def test_without_the_setting_there_are_no_cards(context: PublishContext) -> None:
    assert read(context, {}) == PassSettings()


def test_each_wallet_can_be_given_alone(context: PublishContext) -> None:
    apple, google = read(context, {"apple": APPLE}), read(context, {"google": GOOGLE})
    assert (apple.apple is None, apple.google is None) == (False, True)
    assert (google.apple is None, google.google is None) == (True, False)
    assert (apple.organisation, google.organisation) == ("Harbour Lamps", "Lantern Coffee")


def test_a_password_of_the_key_comes_from_the_environment(context: PublishContext) -> None:
    lay_in(context.root, "pass-key.pem", pem_key("owner", "tallow"))
    assert read(replace(context, environ={"PORTAL_PASS_PASSWORD": "tallow"}), {"apple": APPLE}).apple
    (needed,) = faults(context, {"apple": APPLE})
    assert needed.startswith("`PORTAL_PASSES`, `apple`, `key`: the key needs a password, expected PORTAL_PASS_PASSWORD")


CASES: dict[str, tuple[Mapping[str, Any], str]] = {
    "an unknown key": ({"appel": APPLE}, "`PORTAL_PASSES`: unknown key `appel`, expected "),
    "no team": (
        {"apple": {key: value for key, value in APPLE.items() if key != "team"}},
        "`PORTAL_PASSES`, `apple`: `team` is missing, expected a block with pass_type, team,",
    ),
    "an empty block": ({"google": {}}, "`PORTAL_PASSES`, `google`: `issuer` is missing"),
    "a missing certificate": (
        {"apple": {**APPLE, "certificate": ".portal/none.pem"}},
        "`PORTAL_PASSES`, `apple`, `certificate`: .portal/none.pem cannot be read, expected a file,",
    ),
    "a missing key": (
        {"apple": {**APPLE, "key": ".portal/none.pem"}},
        "`PORTAL_PASSES`, `apple`, `key`: .portal/none.pem cannot be read; it has to be a plain file",
    ),
    "a missing account": (
        {"google": {**GOOGLE, "service_account": ".portal/none.json"}},
        "`PORTAL_PASSES`, `google`, `service_account`: ",
    ),
    "another pass type": (
        {"apple": {**APPLE, "pass_type": "pass.other"}},
        "`PORTAL_PASSES`, `apple`, `pass_type`: the certificate is for the pass type identifier"
        " 'pass.example.harbour-lamp', expected 'pass.other', as in this setting",
    ),
    "no pass type": (
        {"apple": {**APPLE, "pass_type": "example.harbour-lamp"}},
        "`PORTAL_PASSES`, `apple`, `pass_type`: `example.harbour-lamp` doesn't fit, expected an identifier such as",
    ),
    "an issuer in words": (
        {"google": {**GOOGLE, "issuer": "harbour"}},
        "`PORTAL_PASSES`, `google`, `issuer`: `harbour` doesn't fit, expected the issuer id, digits",
    ),
    "a class with a space": (
        {"google": {**GOOGLE, "class": "my class"}},
        "`PORTAL_PASSES`, `google`, `class`: `my class` doesn't fit, expected letters, digits",
    ),
    "a colour by name": (
        {"colour": "teal"},
        "`PORTAL_PASSES`, `colour`: `teal` doesn't fit, expected a colour such as #",
    ),
    "an unknown label": ({"labels": {"pionts": "Punkte"}}, "`PORTAL_PASSES`, `labels`: unknown key `pionts`"),
    "a list": ({"apple": ["pass"]}, "`PORTAL_PASSES`, `apple`: `['pass']` doesn't fit, expected a block with"),
}


@pytest.mark.parametrize("case", CASES)
def test_an_invalid_value_is_named(case: str, context: PublishContext) -> None:
    passes, expected = CASES[case]
    assert any(expected in fault for fault in faults(context, passes))


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "no certificate": ("pass.pem", b"tallow", "`certificate`: the file holds no certificate in PEM"),
    "another key": ("pass-key.pem", pem_key("google"), "`key`: the private key is not that of the certificate"),
    "no key": ("pass-key.pem", b"tallow", "`key`: the file holds no private key in PEM"),
    "another authority": ("wwdr.pem", pem(authority_certificate("stranger")), "`wwdr`: it did not issue the file in"),
    "an old certificate": (
        "pass.pem",
        pem(pass_certificate(Subject(last=date(2026, 11, 20)))),
        "`certificate`: the certificate is valid from 2020-01-01 until 2026-11-20, expected one that is valid on the"
        " day of the publish, 2026-11-20",
    ),
    "no JSON": ("google.json", b"{tallow", "`service_account`: the file is not JSON"),
    "no account": ("google.json", account_file(type="tallow"), "`service_account`: the file is not that of a service"),
}


@pytest.mark.parametrize("case", quick_first(BROKEN, 2))
def test_a_file_that_cannot_be_used_is_named_without_its_content(case: str, context: PublishContext) -> None:
    name, data, expected = BROKEN[case]
    lay_in(context.root, name, data)
    (fault,) = faults(context, {"apple": APPLE, "google": GOOGLE})
    assert expected in fault
    assert "tallow" not in fault


@pytest.mark.parametrize("name", ["pass-key.pem", "google.json"])
def test_a_key_that_others_can_read_is_refused(name: str, context: PublishContext) -> None:
    (context.root / ".portal" / name).chmod(0o644)
    (fault,) = faults(context, {"apple": APPLE, "google": GOOGLE})
    assert f"others can read .portal/{name}; run `chmod 600 .portal/{name}`" in fault


def test_all_faults_are_told_together(context: PublishContext) -> None:
    for name in FILES:
        lay_in(context.root, name, b"")
    assert len(faults(context, {"apple": APPLE, "google": {**GOOGLE, "issuer": "x"}, "colour": "teal"})) == 6


def test_a_certificate_that_ends_soon_is_a_warning(context: PublishContext) -> None:
    lay_in(context.root, "pass.pem", pem(pass_certificate(Subject(last=date(2026, 12, 1)))))
    (warning,) = read(context, {"apple": APPLE}).warnings
    assert "`certificate`: the certificate ends on 2026-12-01" in warning.what
    with pytest.raises(InvalidInput, match="ends on 2026-12-01"):
        read(replace(context, strict=True), {"apple": APPLE})


def test_the_certificate_must_be_valid_today_whatever_day_is_published(context: PublishContext) -> None:
    lay_in(context.root, "pass.pem", pem(pass_certificate(Subject(first=DAY, last=date(2026, 12, 31)))))
    assert read(replace(context, on=date(2026, 1, 1)), {"apple": APPLE}).apple
    (fault,) = faults(replace(context, today=date(2027, 1, 1)), {"apple": APPLE})
    assert "expected one that is valid on the day of the publish, 2027-01-01" in fault


def test_check_and_publish_name_the_place_and_publish_nothing(project: Project) -> None:
    with_wallets(project)
    lay_in(project.root, "pass-key.pem", pem_key("google"))
    before = project.release
    for command in ("check", "publish"):
        run = project.portal(command)
        assert run.code == 3, run.text
        assert "pelicanconf.py:" in run.err
        assert "`PORTAL_PASSES`, `apple`, `key`: the private key is not that of the certificate" in run.err
        assert "Traceback" not in run.text
        assert "PRIVATE KEY" not in run.text
    assert project.release == before
