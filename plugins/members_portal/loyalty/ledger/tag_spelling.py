"""Tags of the ledger that are not in their normal form: read all the same, with a warning.

A spelling is a warning where programme.yaml spells the tag in
another way: its rules matched only their own spelling before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from members_portal.loyalty.ledger.ledger_note import Note
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.tag import Tag, array_text_sql, is_array_text, is_separated, normal_tag, written_tags

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ODD = (
    "select tags_text, min(l.rowid) as first, count(*) from ledger_line l semi join"  # noqa: S608 - constants
    f" (from tag_set where normal_tags <> tags_text or {array_text_sql('tags_text')}) using (tags_text)"
    " group by tags_text order by first"
)


def tag_notes(con: DuckDBPyConnection, programme: Programme) -> Iterator[Note]:
    """Yield a note for the first array, for the first separated cell, and for each spelling unlike the programme's."""
    rows = con.execute(_ODD).fetchall()
    arrays = [first for cell, first, _ in rows if is_array_text(cell)]
    if arrays:
        what = "tags are an array that is written as text: its brackets and quotes become parts of the tags"
        yield Note(arrays[0], "tags", what, "the array itself, or words separated by spaces")
    rows = [row for row in rows if not is_array_text(row[0])]
    separated = [(first, lines) for cell, first, lines in rows if is_separated(cell)]
    if separated:
        count = sum(lines for _, lines in separated)
        what = f"tags are separated by commas ({count} line{'s' if count > 1 else ''})"
        yield Note(separated[0][0], "tags", what, "words separated by spaces, or a hyphen within a tag")
    named = {tag: tag.written for tag in programme_tags(programme)}
    told: set[str] = set()
    for cell, first, _ in rows:
        for word in written_tags(cell):
            written = named.get(Tag.of(word), word)
            if word not in (written, *told):
                told.add(word)
                what = f"the tag is read as `{normal_tag(word)}`"
                yield Note(first, "tags", what, f"`{written}`, as in programme.yaml")


def programme_tags(programme: Programme) -> Iterator[Tag]:
    """Yield the tags that the rules of a programme name."""
    rules = (programme.qualifying, programme.rebate, *programme.earning, *programme.multipliers, *programme.causes)
    for rule in rules:
        for name in ("tags", "exclude_tags"):
            yield from getattr(rule, name, ())
