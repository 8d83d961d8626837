"""Sheets are made in batches: written down and read back, cut where members' ids say, kept in order."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members_portal.newsletter.letter.job import Order
from members_portal.newsletter.letter.master import lay_out_master
from members_portal.newsletter.letter.sheets import (
    LETTERS_PER_BATCH,
    Batch,
    LaidOut,
    RefusedSheet,
    batches,
    portal_sheets,
    press_sheets,
)
from members_portal.newsletter.preflight.typeface import read_typeface
from members_portal.newsletter.press.ink import DEFAULT_PROFILE
from tests.examples import examples
from tests.newsletter import planners, specimen

# Written down


def all_batches() -> st.SearchStrategy[Batch]:
    """Make batches of composed and laid out sheets."""
    composed = st.lists(st.binary(max_size=30), max_size=3).map(tuple)
    laid_out = st.builds(LaidOut, st.integers(0, 5), st.lists(st.integers(0, 99), max_size=3).map(tuple))
    refused = st.builds(RefusedSheet, st.text(max_size=9))
    sheets = st.lists(composed | laid_out | refused, max_size=6).map(tuple)
    return st.builds(Batch, sheets, st.lists(st.binary(max_size=30), max_size=3).map(tuple))


@given(all_batches())
def test_a_batch_is_read_as_it_was_written(batch: Batch) -> None:
    assert Batch.from_bytes(batch.to_bytes()) == batch


@given(st.binary(max_size=60))
def test_garbage_is_no_batch(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of whatever is wrong with it first
        Batch.from_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null\n",
        b"[]\n",
        b'"sheets"\n',
        b"{}\n",
        b'{"sheets": []}\n',
        b'{"sheets": 1, "lengths": []}\n',
        b'{"sheets": [], "lengths": ["x"]}\nabc',
        b'{"sheets": [], "lengths": [-1]}\nabc',
        b'{"sheets": [], "lengths": [1.5]}\nabc',
        b'{"sheets": [], "lengths": [4]}\nabc',
        b'{"sheets": [], "lengths": [2]}\nabc',
        b'{"sheets": [1], "lengths": []}\n',
        b'{"sheets": ["ab"], "lengths": []}\n',
        b'{"sheets": [-1], "lengths": []}\n',
        b'{"sheets": [[0]], "lengths": []}\n',
        b'{"sheets": [[0, 1]], "lengths": []}\n',
        b'{"sheets": [], "lengths": [1e400]}\n',
        b'{"sheets": [], "lengths": [99999999999999999999999]}\n',
        b"\xff\xfe\n",
    ],
)
def test_another_note_is_no_batch(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Batch.from_bytes(data)


def test_a_batch_that_was_cut_off_is_none() -> None:
    whole = Batch(((b"one", b"two"), LaidOut(0, (4, 5)), (b"", b"3")), (b"%PDF",)).to_bytes()
    for length in range(len(whole)):
        with pytest.raises(ValueError):  # noqa: PT011
            Batch.from_bytes(whole[:length])


def test_what_is_written_down_is_no_code() -> None:
    head, _, rest = Batch(((b"one", b"two"), LaidOut(0, (4, 5))), (b"%PDF",)).to_bytes().partition(b"\n")
    assert json.loads(head) == {"sheets": [2, [0, [4, 5]]], "lengths": [3, 3, 4]}
    assert rest == b"onetwo%PDF"


# Cut into batches

MEMBERS = 2000


def orders(members: Sequence[int]) -> list[Order]:
    """Order the sheets of members by their numbers."""
    return [Order(f"M-{number}", "gold", (0, 1), (), ()) for number in members]


def ids(found: list[list[Order]]) -> list[tuple[str, ...]]:
    """Return the members of each batch."""
    return [tuple(order.member for order in batch) for batch in found]


def test_batches_hold_everyone_once_in_order_and_none_is_too_long() -> None:
    found = batches(orders(range(MEMBERS)))
    assert [order for batch in found for order in batch] == orders(range(MEMBERS))
    sizes = [len(batch) for batch in found]
    print(f"batches={len(sizes)} mean={sum(sizes) / len(sizes):.1f} longest={max(sizes)}")
    assert max(sizes) <= 2 * LETTERS_PER_BATCH
    assert LETTERS_PER_BATCH / 3 < sum(sizes) / len(sizes) < LETTERS_PER_BATCH * 2


def test_nobody_is_in_no_batch() -> None:
    assert batches([]) == []


@settings(max_examples=examples(10, 200))
@given(st.integers(0, MEMBERS - 1), st.booleans())
def test_who_joins_or_leaves_changes_a_batch_or_two(number: int, joins: bool) -> None:
    everyone = set(ids(batches(orders(range(MEMBERS)))))
    others = set(ids(batches(orders([each for each in range(MEMBERS) if each != number]))))
    made_anew = everyone - others if joins else others - everyone
    assert 0 < len(made_anew) <= 2 or (not joins and not made_anew)


@given(st.lists(st.integers(0, 10**9), unique=True, max_size=400), st.data())
def test_batches_beyond_those_where_somebody_joins_stay_the_same(members: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(members)))
    joined = [*members[:place], -1, *members[place:]]
    before, after = ids(batches(orders(members))), ids(batches(orders(joined)))
    first = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(before))
    assert place - 2 * LETTERS_PER_BATCH <= sum(map(len, before[:first])) <= place


# Made


@dataclass(frozen=True)
class Made:
    """A batch of ordinary members, and of members with names that are too long or need other fonts."""

    portal: Batch
    press: Batch


@pytest.fixture(scope="module")
def batches_made() -> Made:
    awkward, plain = specimen.awkward_sheets(), specimen.sheets(3)
    mixed = [plain[0], awkward["Chinese"], plain[1], awkward["long name"], plain[2], awkward["Hebrew"]]
    sheets = [replace(sheet, member=f"M-{number}", coupons=(), statement=None) for number, sheet in enumerate(mixed)]
    planner = planners.planner(sheets)
    shell, files = planner.templates.shell(planner.issues["gold"]), planner.files["gold"]
    master = lay_out_master(shell, planner.sides["gold"], files, planner.materials, planner.characters)
    jobs = planner.jobs({"gold": [master]})
    batches = portal_sheets(planner.orders, jobs), press_sheets(planner.orders, jobs, DEFAULT_PROFILE)
    return Made(*(Batch.from_bytes(batch.to_bytes()) for batch in batches))


NAMES = ("欧阳静怡", "Maximiliane", "יעל")  # of those who are laid out
FOREIGN = ("欧阳静怡", "", "יעלבןדוד")  # the letters of their whole names that aren't Latin


def covers(pdf: bytes) -> list[str]:
    """Return the text of every other page."""
    shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return shown.split("\f")[:-1:2]


@pytest.mark.long
def test_composed_foreign_and_over_long_sheets_of_a_batch_keep_their_order(batches_made: Made) -> None:
    for batch in (batches_made.portal, batches_made.press):
        assert [isinstance(sheet, LaidOut) for sheet in batch.sheets] == [False, True] * 3
    assert batches_made.press.sheets[1::2] == tuple(LaidOut(0, (first, first + 1)) for first in (0, 2, 4))
    (together,) = batches_made.press.pdfs
    assert [name in cover for name, cover in zip(NAMES, covers(together), strict=True)] == [True] * 3


def test_a_members_own_file_holds_no_letters_of_others(batches_made: Made) -> None:
    assert batches_made.portal.sheets[1::2] == tuple(LaidOut(number, (0, 1)) for number in range(3))
    for own, data in zip(FOREIGN, batches_made.portal.pdfs, strict=True):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            fonts = [read_typeface(font) for page in pdf.pages for font in page.resources.Font.values()]
            letters = {letter for font in fonts for said in font.text.values() for letter in said}
        assert {letter for letter in letters if ord(letter) > 0x24F and letter.isalpha()} == set(own)
