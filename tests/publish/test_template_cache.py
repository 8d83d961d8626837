"""Compiled templates that are kept in a process."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from members_portal.portal.inputs import WorkPlace
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.reuse.template_cache import TemplateCache, _cache_of, print_template_cache, template_cache
from members_portal.work_record import WorkRecord

KEY = b"k" * 32
SETTINGS = {"JINJA_ENVIRONMENT": {"autoescape": True}}


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


@pytest.fixture(autouse=True)
def _new_process() -> None:
    _cache_of.cache_clear()


@pytest.fixture
def context(tmp_path: Path) -> PublishContext:
    (tmp_path / "members").mkdir()
    for name in ("pelicanconf.py", "publishconf.py", "members/programme.yaml"):
        (tmp_path / name).write_text("", "utf-8")
    return make_context({}, root=tmp_path, on=None, today=date(2026, 11, 20), now=0)


@pytest.fixture
def place(tmp_path: Path) -> WorkPlace:
    return WorkPlace(tmp_path, KEY, WorkRecord(tmp_path / "work.sqlite", KEY), b"code")


def in_another_process(context: PublishContext, place: WorkPlace, code: bytes = b"code") -> TemplateCache:
    """Save the work of a publish; return the cache of the next one, in a process without any."""
    place.record.save()
    place.record.close()
    _cache_of.cache_clear()
    record = WorkRecord(place.folder / "work.sqlite", place.mac_key)
    return template_cache(context, SETTINGS, replace(place, record=record, code=code))


@pytest.mark.parametrize("name", ["pelicanconf.py", "publishconf.py", "members/programme.yaml"])
def test_other_settings_have_another_cache(context: PublishContext, name: str) -> None:
    cache = template_cache(context, SETTINGS)
    assert template_cache(context, SETTINGS) is cache
    (context.root / name).write_text("# changed", "utf-8")
    assert template_cache(context, SETTINGS) is not cache


def test_another_day_has_another_cache(context: PublishContext) -> None:
    other = replace(context, on=date(2026, 11, 21))
    assert template_cache(context, SETTINGS) is not template_cache(other, SETTINGS)


def test_a_filter_of_the_site_has_another_cache(context: PublishContext) -> None:
    cache = template_cache(context, SETTINGS)
    assert template_cache(context, {**SETTINGS, "JINJA_FILTERS": {"upper": compiled}}) is not cache


def test_the_next_process_compiles_nothing(
    context: PublishContext, place: WorkPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = template_cache(context, SETTINGS, place)
    assert compiled(cache, "Dear {{ name }}", monkeypatch) == ("Dear Maya", 1)
    cache.keep(place.record)
    assert compiled(in_another_process(context, place), "Dear {{ name }}", monkeypatch) == ("Dear Maya", 0)


def test_print_templates_are_kept_for_their_language_and_currency(
    place: WorkPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = print_template_cache("en", "EUR", place)
    assert compiled(cache, "Dear {{ name }}", monkeypatch) == ("Dear Maya", 1)
    cache.keep(place.record)
    for language, currency, count in (("en", "EUR", 0), ("de", "EUR", 1), ("en", "NOK", 1)):
        found = print_template_cache(language, currency, place)
        assert compiled(found, "Dear {{ name }}", monkeypatch) == ("Dear Maya", count)


@pytest.mark.parametrize("change", ["code", "key", "damage"])
def test_code_of_another_version_or_origin_is_not_run(
    change: str, context: PublishContext, place: WorkPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = template_cache(context, SETTINGS, place)
    compiled(cache, "Dear {{ name }}", monkeypatch)
    cache.keep(place.record)
    place.record.save()
    if change == "damage":
        with closing(sqlite3.connect(place.folder / "work.sqlite")) as table, table:
            (data,) = table.execute("SELECT data FROM entry").fetchone()
            table.execute("UPDATE entry SET data = ?", (bytes([data[0] ^ 1]) + data[1:],))
    other = replace(place, mac_key=b"x" * 32) if change == "key" else place
    found = in_another_process(context, other, b"other code" if change == "code" else b"code")
    assert compiled(found, "Dear {{ name }}", monkeypatch) == ("Dear Maya", 1)
