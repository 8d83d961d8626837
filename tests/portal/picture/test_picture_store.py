"""The pictures of a run: encoded once, from then on read from the cache, which is never trusted when damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.picture_file import UnreadablePicture
from members_portal.portal.picture import picture_store
from members_portal.portal.picture.picture_store import PictureStore
from members_portal.portal.picture.rendition import EncodedPicture, encode_picture
from tests.pictures import TAG, encoded, halves, tagged

KEY = b"k" * 32


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Lay out a content folder with two equal pictures, a text with the name of one, and a drawing."""
    folder = tmp_path / "content/images"
    folder.mkdir(parents=True)
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_bytes(tagged("jpg"))
    (folder / "c.jpg").write_text("no picture")
    (folder / "d.svg").write_text("<svg/>")
    return folder.parent


def store(content: Path, key: bytes = KEY) -> PictureStore:
    return PictureStore(content, content.parent / "cache", key)


@pytest.fixture
def encodings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record each encoding of a picture."""
    made: list[str] = []

    def record(data: bytes, kind: str, digest: str) -> EncodedPicture:
        made.append(digest)
        return encode_picture(data, kind, digest)

    monkeypatch.setattr(picture_store, "encode_picture", record)
    return made


def test_a_second_run_encodes_nothing(content: Path, encodings: list[str]) -> None:
    first = store(content)
    first.prepare(["images/a.jpg", "images/b.jpg", "images/d.svg"])
    assert len(encodings) == 1  # equal pictures are encoded once
    second = store(content)
    second.prepare(["images/a.jpg"])
    assert second.published("images/a.jpg") == first.published("images/b.jpg")
    assert list(second.renditions("images/a.jpg")) == list(first.renditions("images/b.jpg"))
    assert len(encodings) == 1


def test_a_picture_that_changes_before_it_is_encoded_is_not_kept_as_the_one_before(content: Path) -> None:
    file = content / "images/a.jpg"
    before, other = file.read_bytes(), encoded(halves(80), "JPEG")
    during = store(content)
    first = during.digest("images/a.jpg")
    file.write_bytes(other)
    assert during.facts("images/a.jpg").width == 80
    assert during.digest("images/a.jpg") != first
    file.write_bytes(before)
    assert store(content).facts("images/a.jpg").width != 80


def test_another_file_is_published_as_it_is(content: Path) -> None:
    assert store(content).published("images/d.svg") == b"<svg/>"
    assert TAG.encode() not in store(content).published("images/a.jpg")


@pytest.mark.parametrize("damage", ["empty", "cut", "byte", "key"])
def test_a_damaged_or_foreign_entry_is_made_anew(content: Path, encodings: list[str], damage: str) -> None:
    whole = store(content).encoded("images/a.jpg")
    (entry,) = (content.parent / "cache").iterdir()
    data = bytearray(entry.read_bytes())
    data[-1] ^= 1
    entry.write_bytes({"empty": b"", "cut": bytes(data[:90]), "byte": bytes(data), "key": entry.read_bytes()}[damage])
    again = store(content, b"x" * 32 if damage == "key" else KEY)
    assert again.encoded("images/a.jpg") == whole
    assert len(encodings) == 2
    assert store(content, b"x" * 32 if damage == "key" else KEY).encoded("images/a.jpg") == whole
    assert len(encodings) == 2


def test_a_changed_picture_and_another_ending_are_other_entries(content: Path, encodings: list[str]) -> None:
    store(content).encoded("images/a.jpg")
    (content / "images/a.jpg").rename(content / "images/a.png")
    assert store(content).published("images/a.png").startswith(b"\x89PNG")
    (content / "images/a.png").write_bytes(tagged("png", image=halves(50, 50)))
    assert store(content).facts("images/a.png").width == 50
    assert len(encodings) == 3


def test_entries_that_a_run_did_not_use_are_removed(content: Path) -> None:
    store(content).encoded("images/a.jpg")
    (content / "images/a.jpg").write_bytes(tagged("jpg", image=halves(50, 50)))
    later = store(content)
    later.prepare(["images/a.jpg"])
    later.forget_unused()
    (entry,) = (content.parent / "cache").iterdir()
    assert entry.stem == later.facts("images/a.jpg").digest
    assert entry.stat().st_mode & 0o077 == 0 or entry.parent.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_picture_has_a_fault(content: Path) -> None:
    fault = store(content).fault("images/c.jpg")
    assert fault
    assert fault.what == "is not a picture"
    assert store(content).fault("images/a.jpg") is None
    with pytest.raises(UnreadablePicture):
        store(content).prepare(["images/c.jpg"])


def test_without_a_cache_a_picture_is_encoded_once_in_a_run(content: Path, encodings: list[str]) -> None:
    only = PictureStore(content)
    only.prepare(["images/a.jpg"])
    only.published("images/b.jpg")
    only.forget_unused()
    assert len(encodings) == 1
