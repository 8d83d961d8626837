"""Records: valid and invalid fragments in page slots."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from members_portal.seal import BadTree, DamagedRelease
from members_portal.seal.format.manifest import SealedFile
from members_portal.seal.format.record import Fragment, MemberRecord, decode_record, decode_slots, encode_record
from members_portal.seal.reader import read_file
from tests.seal.small_site import Site

FILE = ["A" * 43, "text/html", 1, "A" * 22]
FRAGMENT = {"html": "<b>Maya</b>", "from": "2026-11-01", "until": None}


def test_a_record_comes_out_as_it_went_in() -> None:
    slots = {"greeting": (Fragment("<b>Maya</b>", date(2026, 11, 1), None), Fragment("", None, None)), "badge": ()}
    letter = SealedFile(bytes(range(32)), "application/pdf", 3, bytes(range(16)))
    record = MemberRecord(slots, {"letter.pdf": letter, "slots/earlier.html": replace(letter, packed=584)})
    assert decode_record(encode_record(record)) == record


def test_slots_are_read_with_their_dates() -> None:
    slots = decode_slots(json.dumps({"greeting": [FRAGMENT]}).encode())
    assert slots == {"greeting": (Fragment("<b>Maya</b>", date(2026, 11, 1), None),)}


@pytest.mark.parametrize(
    "slots",
    [
        [],
        {"greeting": {}},
        {"greeting": ["text"]},
        {"greeting": [{"html": "a"}]},
        {"greeting": [FRAGMENT | {"html": None}]},
        {"greeting": [FRAGMENT | {"more": 1}]},
        {"greeting": [FRAGMENT | {"from": "2026-02-30"}]},
        {"greeting": [FRAGMENT | {"from": "20261101"}]},
        {"greeting": [FRAGMENT | {"until": 1}]},
        {"Greeting": []},
        {"1st": []},
        {"": []},
    ],
)
def test_slots_of_another_shape_are_refused(tmp_path: Path, slots: object) -> None:
    text = json.dumps(slots)
    with pytest.raises(DamagedRelease):
        decode_slots(text.encode())
    site = Site(tmp_path)
    site.files["members/M-1001/slots.json"] = text
    with pytest.raises(BadTree, match=r"slots\.tsv, member M-1001"):
        site.publish()


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b'{"slots":{},"files":{},"a":NaN}'])
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(DamagedRelease):
        decode_record(text)


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", "a/./b", "a\\b", "", "a/"])
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    record = {"slots": {}, "files": {path: FILE}}
    with pytest.raises(DamagedRelease):
        decode_record(json.dumps(record).encode())


@pytest.mark.parametrize("fields", [["A" * 43], ["A" * 42, "text/html", 1, "A" * 22], [*FILE, "584"], [*FILE, 584, 1]])
def test_a_file_of_another_shape_is_refused(fields: list[object]) -> None:
    assert decode_record(json.dumps({"slots": {}, "files": {"a": FILE}}).encode())
    with pytest.raises(DamagedRelease):
        decode_record(json.dumps({"slots": {}, "files": {"a": fields}}).encode())


def test_a_packed_file_needs_a_record_that_it_follows(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    file = SealedFile(bytes(32), "text/html", 3, bytes(16), packed=584)
    with pytest.raises(DamagedRelease, match="there is none"):
        read_file(site.release, site.secret.site, file)
