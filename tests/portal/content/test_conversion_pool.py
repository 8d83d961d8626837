"""Conversion on several cores returns the same bodies in the same order as on one."""

from __future__ import annotations

import pytest

from members_portal.portal.content import conversion_pool
from members_portal.portal.content.conversion_pool import FEWEST_BODIES, ConversionJob, convert_all
from members_portal.portal.content.markdown_files import address
from tests.portal.small_portal import MARKDOWN

JOBS = [ConversionJob(f"Number {number}, [x]({number}.md)", "reports", "../../") for number in range(FEWEST_BODIES + 7)]


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_order_and_text_do_not_depend_on_the_cores(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr(conversion_pool, "_processes", lambda _jobs: cores)
    bodies = convert_all(JOBS, MARKDOWN, "en", address)
    assert [list(body.links) for body in bodies] == [[f"reports/{number}.md"] for number in range(len(JOBS))]
    assert bodies[5].html == '<p>Number 5, <a href="../../reports/5/">x</a></p>'


def test_a_few_bodies_start_no_processes() -> None:
    assert conversion_pool._processes(FEWEST_BODIES - 1) == 1
    assert convert_all([], MARKDOWN, "en", address) == []
