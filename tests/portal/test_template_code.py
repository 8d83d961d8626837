"""The code of templates writes what Jinja's own code writes, in every template that a theme can have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from members_portal.portal.template_code import DirectContext, TemplateCode, written

UNSAFE = "<i>Ada & 'Bo' \"C\"</i>"


class Name(str):
    """A text of its own type."""

    def __str__(self) -> str:
        return f"<{super().__str__()}>"


class Picture:
    """An object that knows its HTML."""

    def __html__(self) -> str:
        return "<img>"

    def __str__(self) -> str:
        return "no picture"


class Ended:
    """An object with an attribute that fails as an iterator without a next item does."""

    @property
    def text(self) -> str:
        raise StopIteration


@pass_context
def locals_of(context: Context) -> str:
    """Return the variables that a function sees."""
    return ", ".join(f"{name}={context.get(name)}" for name in ("each", "x", "y"))


VALUES: Mapping[str, Any] = {
    "text": UNSAFE,
    "safe": Markup(UNSAFE),
    "name": Name("Ada"),
    "picture": Picture(),
    "nothing": None,
    "yes": True,
    "count": -3,
    "share": 0.25,
    "money": Decimal("12.50"),
    "day": date(2026, 11, 21),
    "items": ["<a>", Markup("<b>"), 3],
    "locals_of": locals_of,
    "ended": Ended(),
}
PARTS = """
{% macro plain(x, y) %}[{{ x }}|{{ y is defined }}]{% endmacro %}
{% macro given(x, y="<y>", z=x) %}[{{ x }} {{ y }} {{ z }}]{% endmacro %}
{% macro all(x) %}[{{ x }} {{ varargs|join }} {{ kwargs|dictsort }}]{% endmacro %}
{% macro around(x) %}[{{ x }}: {{ caller() }}]{% endmacro %}
{% macro either(x, caller=none) %}[{{ x }}{% if caller %}: {{ caller() }}{% endif %}]{% endmacro %}
{% macro deep(n) %}{{ n }}{% if n %}, {{ deep(n - 1) }}{% endif %}{% endmacro %}
{% macro rows(items) %}{% for each in items %}{{ plain(each, loop.index) }}{{ locals_of() }}{% endfor %}{% endmacro %}
{% macro reader() %}{{ text }}{% endmacro %}
"""
TEMPLATES = {
    "texts": "{{ text }}{{ safe }}{{ name }}{{ picture }}",
    "values": "{{ nothing }}{{ yes }}{{ count }}{{ share }}{{ money }}{{ day }}",
    "joined": "{{ text ~ safe }}{{ items|join('<,>') }}{{ items|join('<,>'|safe) }}{{ safe + text }}{{ items }}",
    "off": "{% autoescape false %}{{ text }}{{ m.plain(text, 1) }}{% endautoescape %}{{ m.plain(text, 1) }}",
    "chosen": "{% set on = count < 0 %}{% autoescape on %}{{ text }}{{ m.plain(text) }}{% endautoescape %}",
    "places": "{{ m.plain(text, safe) }}{{ m.plain(safe) }}{{ m.plain(y=1, x=text) }}{{ m.plain(text, y=2) }}",
    "given": "{{ m.given(text) }}{{ m.given(text, safe) }}{{ m.given(safe, z=3) }}",
    "all": "{{ m.all(1, text, safe, a=text) }}{{ m.all(1) }}",
    "callers": "{% call m.around(text) %}{{ text }}{{ m.plain(1) }}{% endcall %}",
    "either": "{{ m.either(1) }}{% call m.either(2) %}<c>{% endcall %}",
    "deep": "{{ m.deep(3) }}",
    "rows": "{{ m.rows(items) }}",
    "loops": "{% for each in items %}{% set x = each %}{{ locals_of() }}{{ m.plain(each) }}{% endfor %}",
    "kept": "{% set kept %}{{ text }}{{ m.plain(text) }}{% endset %}{{ kept }}{{ kept|length }}",
    "filtered": "{% filter upper %}{{ text }}{{ m.plain(text) }}{% endfilter %}{{ m.plain(text)|escape }}",
    "context": "{% from 'parts' import reader with context %}{{ reader() }}",
    "block": "{% extends 'frame' %}{% block inner %}{{ super() }}{{ text }}{{ locals_of() }}{% endblock %}",
    "included": "{% set x = text %}{% include 'frame' %}",
    "shown": "{{ m.plain }}{{ [m.all] }}{% call m.around(1) %}{{ m.either }}{% endcall %}",
    "compared": "{{ m.plain(1) == '[1|False]' }}{{ m.plain(text) is escaped }}{{ (m.plain(1) ~ text) is escaped }}",
}
FRAME = "<{% block inner %}{{ text }}{% set x = 1 %}{{ locals_of() }}{% endblock %}>"


def environment(own: bool) -> Environment:
    """Return an environment of these templates, with our code or with Jinja's."""
    sources = {name: "{% import 'parts' as m with context %}" + source for name, source in TEMPLATES.items()}
    sources["block"] = TEMPLATES["block"]  # nothing stands before `extends`
    loader = DictLoader({**sources, "parts": PARTS, "frame": FRAME})
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.do"])
    if own:
        env.code_generator_class, env.context_class = TemplateCode, DirectContext
    return env


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_write_what_they_write_with_jinjas_own_code(name: str) -> None:
    own, plain = (environment(own).get_template(name).render(VALUES) for own in (True, False))
    assert own == plain
    assert own


@pytest.mark.parametrize(
    "source", ["{{ plain(1, 2, 3) }}", "{{ plain(1, 2, z=3) }}", "{{ around(1) }}", "{{ plain() }}"]
)
def test_wrong_calls_of_macros_fail_as_with_jinjas_own_code(source: str) -> None:
    for own in (True, False):
        template = environment(own).from_string("{% from 'parts' import plain, around %}" + source)
        with pytest.raises((TypeError, UndefinedError), match=r"more than 2 argument|'z'|caller|'x' was not provided"):
            template.render(VALUES)


@pytest.mark.parametrize("source", ["{{ end() }}", "{{ end().upper() }}", "{{ plain.x.y }}"])
def test_a_macro_is_named_and_ends_as_with_jinjas_own_code(source: str) -> None:
    told = []
    for own in (True, False):
        macro = "{% from 'parts' import plain %}{% macro end() %}{{ ended.text }}{% endmacro %}"
        with pytest.raises(UndefinedError) as error:
            environment(own).from_string(macro + source).render(VALUES)
        told.append(str(error.value))
    assert told[0] == told[1]


@given(st.text() | st.integers() | st.floats() | st.decimals() | st.none() | st.booleans() | st.text().map(Markup))
def test_a_value_is_written_as_markupsafe_escapes_it(value: Any) -> None:
    assert written(value) == str(escape(value))
