"""The digest of what all templates can reach: settings are described by their content, functions by their source."""

from __future__ import annotations

from jinja2 import StrictUndefined

from members_portal.publish.reuse.work_place import described_setting
from tests.publish.project import copy_settings


def test_an_equal_setting_has_an_equal_description() -> None:
    settings = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "extensions": ["jinja2.ext.do"],
        "filters": {"a": described_setting},
    }
    assert described_setting(settings) == described_setting(dict(reversed(settings.items())))
    assert described_setting(settings) != described_setting({**settings, "autoescape": False})
    assert described_setting({"a": described_setting}) != described_setting({"a": copy_settings})


def test_a_setting_without_source_is_never_the_same() -> None:
    assert described_setting(object()) != described_setting(object())
    assert described_setting(eval) != described_setting(eval)
