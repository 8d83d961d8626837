"""Code fences: what stands behind the language does not turn code into text."""

from __future__ import annotations

import pytest
from markdown import Markdown

from members_portal.portal.text.code_fence import CodeFences

CODE = "<p>before</p>\n<pre><code{}>a = **b**\n</code></pre>\n<p>after</p>"


def html(text: str) -> str:
    return Markdown(extensions=["extra", CodeFences()], output_format="html").convert(text)


@pytest.mark.parametrize(
    ("fence", "language"),
    [
        ("```", ""),
        ("```python", "python"),
        ("~~~ python", "python"),
        ('```python packageManager="yarn"', "python"),
        ("```python title=a.py copy", "python"),
        ("```python {1,3} showLineNumbers", "python"),
        ("```python{1,3}", "python"),
        ("```python:a.py", "python"),
        ("~~~python title='`'", "python"),
        ("```{.python #id}", "python"),
        ("```python twoslash", "python"),
        ('``` title="a"', ""),
    ],
)
def test_a_fence_may_state_more_than_a_language(fence: str, language: str) -> None:
    sign = fence[:3]
    given = html(f"before\n\n{fence}\na = **b**\n{sign}\n\nafter").replace(' id="id"', "")
    assert given == CODE.format(f' class="language-{language}"' if language else "")


def test_code_in_a_fence_is_as_it_was_written() -> None:
    text = "~~~~ md x\n```js title=a\n1\n```\n~~~~\n\n```a b\n2\n```"
    assert html(text) == (
        '<pre><code class="language-md">```js title=a\n1\n```\n</code></pre>\n'
        '<pre><code class="language-a">2\n</code></pre>'
    )


def test_code_within_a_line_is_no_fence() -> None:
    assert html("```one``` and **two**") == "<p><code>one</code> and <strong>two</strong></p>"
