"""The code of compiled templates prints what Jinja's own code prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateRuntimeError, UndefinedError
from markupsafe import Markup

from members_portal.portal.rendering.template_code import render_template, use_short_code

PARTS = """
{% macro day(on) %}<time>{{ on }}</time>{% endmacro %}
{% macro link(text, url="#", kind=none) %}<a href="{{ url }}" rel="{{ kind }}">{{ text }}</a>{% endmacro %}
{% macro box(title) %}<section>{{ title }}{{ caller() }}</section>{% endmacro %}
{% macro all(first) %}{{ first }}{{ varargs|join("+") }}{{ kwargs|dictsort }}{% endmacro %}
{% macro sum(n) %}{{ n }}{% if n %}, {{ sum(n - 1) }}{% endif %}{% endmacro %}
"""
PRINTED = {
    "values": "{{ text }} {{ safe }} {{ 3 }} {{ whole }} {{ true }} {{ none }} {{ 1.5 }} {{ money }}",
    "attributes": "{{ item.title }} {{ item.more.title }} {{ table.title }} {{ table['zero'] }} {{ table.keys() }}",
    "missing attributes": "{{ item.nothing is defined }} {{ table.nothing is defined }}",
    "conditions": "{% if item.title and not table.zero %}yes{% else %}no{% endif %} {{ 'a' if whole else 'b' }}",
    "filters": "{{ item.title|upper }} {{ names|join(', ') }} {{ text|e }} {{ names|map('upper')|join }}",
    "macros": "{{ p.day(day) }} {{ p.link('<A>') }} {{ p.link('B', '/b') }} {{ p.link('C', kind='k') }}",
    "recursion": "{{ p.sum(3) }}",
    "a macro with a caller": "{% call p.box('T') %}<b>{{ text }}</b>{% endcall %}",
    "any arguments": "{{ p.all('a', 'b', 'c', d=1) }}",
    "functions": "{{ shout('a') }} {{ shout(names[0], end='?') }} {{ text.replace('<', '[') }} {{ safe.join(names) }}",
    "loops": "{% for n in names if n != 'b' %}{{ loop.index }}{{ p.day(n) }}{{ shout(n) }}{% else %}none{% endfor %}",
    "a macro in a loop": "{% macro m(x) %}[{{ x }}]{% endmacro %}{% for n in names %}{{ m(n) }}{% endfor %}",
    "a macro that is printed as text": "{{ (p.link('<A>') ~ text)|length }} {{ p.day(day) ~ text }}",
    "without escaping": "{% autoescape false %}{{ text }}{{ p.day(text) }}{% endautoescape %}",
    "a set block": "{% set block %}<i>{{ text }}</i>{% endset %}{{ block }}",
}


@dataclass
class Item:
    title: str
    more: Any = None


VALUES = {
    "text": "a < b & 'c'",
    "safe": Markup("<b>bold</b>"),
    "whole": 1234,
    "money": Decimal("12.50"),
    "day": date(2026, 11, 29),
    "item": Item("Bell & buoy", Item("Second")),
    "table": {"title": "a <table>", "zero": 0},
    "names": ["a", "b", "<c>"],
}


def environment(texts: dict[str, str]) -> Environment:
    env = Environment(loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    env.globals["shout"] = lambda text, end="!": f"{text}{end}"
    return env


@pytest.mark.parametrize("name", PRINTED)
def test_a_template_prints_the_same(name: str) -> None:
    source = f"{{% import 'parts' as p %}}{PRINTED[name]}"
    plain, short = (environment({"parts": PARTS, "page": source}) for _ in range(2))
    use_short_code(short)
    expected = plain.get_template("page").render(VALUES)
    assert short.get_template("page").render(VALUES) == expected
    assert render_template(short.get_template("page"), {**short.globals, **VALUES}) == expected


@pytest.mark.parametrize(
    "source", ["{{ nothing }}", "{{ item.nothing }}", "{{ nothing.more }}", "{{ table.nothing.x }}"]
)
def test_a_missing_value_is_an_error(source: str) -> None:
    env = environment({"page": source})
    use_short_code(env)
    with pytest.raises(UndefinedError):
        render_template(env.get_template("page"), dict(VALUES))


@pytest.mark.parametrize("source", ["{{ m(1, 2) }}", "{{ m(y=2) }}", "{{ m() }}"])
def test_a_macro_with_wrong_arguments_is_an_error(source: str) -> None:
    env = environment({"page": "{% macro m(x) %}{{ x }}{% endmacro %}" + source})
    use_short_code(env)
    with pytest.raises((TypeError, TemplateRuntimeError)):
        render_template(env.get_template("page"), dict(VALUES))


def test_an_error_names_the_line_of_the_template() -> None:
    env = environment({"page": "one\ntwo\n{{ item.nothing }}"})
    use_short_code(env)
    with pytest.raises(UndefinedError) as caught:
        render_template(env.get_template("page"), dict(VALUES))
    assert [at.lineno for at in caught.traceback if at.frame.code.name == "top-level template code"] == [2]  # from 0
