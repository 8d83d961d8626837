"""Stages: what they hand over to the rendering."""

from __future__ import annotations

import re

import pytest

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.publish.pelican_run import slot_nonce
from members_portal.publish.stages import listed_with
from members_portal.seal import Secret
from tests.long_cases import quick_and_long
from tests.publish.project import SECRET, Project, files_of

KEY = Secret(bytes.fromhex(SECRET))


def test_the_nonce_of_slots_depends_on_the_secret_alone() -> None:
    assert re.fullmatch("[0-9a-f]{16}", slot_nonce(KEY))
    assert slot_nonce(KEY) == slot_nonce(Secret(bytes.fromhex(SECRET)))
    assert slot_nonce(KEY) != slot_nonce(Secret(bytes(range(32))))


def test_each_slot_of_a_published_page_has_the_nonce(harbour: Project) -> None:
    pages = [path for path in harbour.open("L-103").manifest["files"] if path.endswith(".html")]
    markers = [name for path in pages for name in re.findall(rb"<!--slot:([^>]*)-->", harbour.open("L-103").read(path))]
    assert markers
    assert {name.rpartition(b"-")[2].decode() for name in markers} == {slot_nonce(KEY)}


def test_no_public_page_names_the_nonce(harbour: Project) -> None:
    assert [path for path, data in files_of(harbour.release).items() if slot_nonce(KEY).encode() in data] == []


def test_warnings_are_listed_with_an_error_of_the_layout() -> None:
    warning, left_out = Problem("a.md", 1, 1, "is odd").as_warning(), Problem("b.md", 0, 0, "is left out").as_left_out()
    with pytest.raises(InvalidInput) as caught, listed_with([warning, left_out]):
        raise InvalidInput([Problem("c.md", 0, 0, "page 4: `x` is beyond the margin")])
    assert [problem.file for problem in caught.value.problems] == ["a.md", "c.md"]


@pytest.mark.parametrize("target", quick_and_long(["elsewhere", "nowhere"], {"elsewhere"}))
def test_a_rendered_tree_that_is_a_link_ends_the_publish_with_its_path(target: str, unpublished: Project) -> None:
    (unpublished.root / "elsewhere").mkdir()
    (unpublished.root / "elsewhere/file").write_text("x", "utf-8")
    tree = unpublished.root / ".build/tree"
    tree.symlink_to(unpublished.root / target)
    run = unpublished.portal("publish")
    assert run.code == 1
    assert f"{tree} is a link or a file, expected a folder that a publish may empty; remove it" in " ".join(
        run.err.split()
    )
    assert (unpublished.root / "elsewhere/file").exists()
    tree.unlink()
    unpublished.publish()
