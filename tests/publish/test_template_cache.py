"""Compiled templates that are kept in a process."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.reuse.template_cache import TemplateCache, template_cache


def compiled(cache: TemplateCache, source: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Render a template in a new environment; return the text, and how many templates were compiled."""
    count = 0
    compile_template = Environment.compile

    def counting(*arguments: object) -> object:
        nonlocal count
        count += 1
        return compile_template(*arguments)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", counting)
    env = Environment(loader=DictLoader({"a.html": source}), bytecode_cache=cache, autoescape=True)
    text = env.get_template("a.html").render(name="Maya")
    monkeypatch.undo()
    return text, count


def test_only_a_template_that_changed_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = TemplateCache()
    assert compiled(cache, "Dear {{ name }}", monkeypatch) == ("Dear Maya", 1)
    assert compiled(cache, "Dear {{ name }}", monkeypatch) == ("Dear Maya", 0)
    assert compiled(cache, "Hello {{ name }}", monkeypatch) == ("Hello Maya", 1)


@pytest.fixture
def context(tmp_path: Path) -> PublishContext:
    (tmp_path / "members").mkdir()
    for name in ("pelicanconf.py", "publishconf.py", "members/programme.yaml"):
        (tmp_path / name).write_text("", "utf-8")
    return make_context({}, root=tmp_path, on=None, today=date(2026, 11, 20), now=0)


@pytest.mark.parametrize("name", ["pelicanconf.py", "publishconf.py", "members/programme.yaml"])
def test_other_settings_have_another_cache(context: PublishContext, name: str) -> None:
    cache = template_cache(context)
    assert template_cache(context) is cache
    (context.root / name).write_text("# changed", "utf-8")
    assert template_cache(context) is not cache


def test_another_day_has_another_cache(context: PublishContext) -> None:
    assert template_cache(context) is not template_cache(replace(context, on=date(2026, 11, 21)))
