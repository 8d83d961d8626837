"""Blobs: an unchanged file keeps its name and its bytes; a changed file gets new ones; covers hide the counts."""

from __future__ import annotations

import hashlib
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from members_portal.seal import BadTree, open_edition, open_release, verify_release
from members_portal.seal.format.blobs import (
    FEWEST_COVERS,
    FEWEST_NEW,
    blob_path,
    cover_sizes,
    edition_frame_size,
    nearest,
    size_weights,
)
from members_portal.seal.format.padding import size_class, with_spare
from members_portal.seal.previous_release import PreviousRelease
from members_portal.seal.tree import source_file
from tests.seal.small_site import Site, files_of, secret_of

ALWAYS_NEW = ("portal.json", "release.json", "release.json.sig")
BLOBS = 6  # of the small site: 3 index pages, 1 page of gold, 1 image, 1 letter
ABSENT = 2  # of the small site: the page of gold in the other editions


def number_of(site: Site, count: int, kind: str) -> int:
    """Return `class(count, kind)` of FORMAT.md."""
    return size_class(with_spare(count, site.secret.spare(kind)))


def all_of(site: Site) -> int:
    """Return the due number of blobs and decoys of the small site."""
    return number_of(site, BLOBS + ABSENT + FEWEST_COVERS, "blobs")


def test_the_first_release_has_blobs_absent_decoys_and_covers(site: Site) -> None:
    covers = all_of(site) - BLOBS - ABSENT
    assert [len(found) for found in (site.blobs(), site.decoys("absent"), site.decoys("cover"))] == [BLOBS, 2, covers]


def test_an_unchanged_tree_keeps_every_blob_byte_for_byte(site: Site) -> None:
    before, blobs, absent = files_of(site.release), site.blobs(), site.decoys("absent")
    report = site.publish()
    after = files_of(site.release)
    fresh = number_of(site, FEWEST_NEW, "new")
    kept = all_of(site) - fresh
    assert (report.new, report.reused, report.removed) == (fresh + 1, kept, fresh + 1)  # and one pack
    assert (site.blobs(), site.decoys("absent")) == (blobs, absent)
    for path in before.keys() & after.keys() - set(ALWAYS_NEW):
        assert before[path] == after[path]


def test_one_edit_changes_its_path_the_covers_records_cards_manifests_and_the_bootstrap_only(site: Site) -> None:
    before, blobs, absent = files_of(site.release), site.blobs(), site.decoys("absent")
    site.files["editions/gold/offers/tasting/index.html"] = "<h1>Another tasting</h1>"
    report = site.publish()
    after = files_of(site.release)
    fresh = number_of(site, FEWEST_NEW, "new") + 1
    assert (report.new, report.reused, report.removed) == (fresh, all_of(site) - fresh + 1, fresh)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path.split("/")[1] for path in changed if path.startswith("_/")} == {"b", "c", "l", "m", "r"}
    assert {path for path in changed if not path.startswith("_/")} == set(ALWAYS_NEW)
    assert len(blobs.keys() ^ site.blobs().keys()) == 2
    assert not absent.keys() & site.decoys("absent").keys()


def test_a_change_in_one_edition_renews_the_path_in_all_editions(site: Site) -> None:
    before = site.blobs()
    site.files["editions/gold/index.html"] = "<h1>Gold, later</h1>"
    site.publish()
    assert len(before.keys() - site.blobs().keys()) == 3
    assert len(site.blobs().keys() - before.keys()) == 3


def test_all_messages_of_an_edition_path_have_one_size(site: Site) -> None:
    site.edition_files = frozenset({"images/roast.png"})
    site.files["editions/gold/images/roast.png"] = os.urandom(5000)
    site.publish()
    for path, absent in (("index.html", 0), ("offers/tasting/index.html", 2), ("images/roast.png", 1)):
        opened = [open_edition(site.release, site.secret, name) for name in ("gold", "silver", "staff")]
        ids = {one.edition_files[path].id for one in opened if path in one.edition_files}
        (size,) = {len(site.messages()[name]) for name in ids}
        assert len(ids) == 3 - absent
        assert sum(len(data) == size for data in site.decoys("absent").values()) >= absent


def test_files_that_differ_between_editions_are_edition_files(site: Site) -> None:
    for edition in ("gold", "silver"):
        site.files[f"editions/{edition}/search.json"] = f'["{edition}"]'
    site.publish()
    blobs, absent = site.blobs(), site.decoys("absent")
    assert (len(blobs), len(absent)) == (BLOBS + 2, ABSENT + 1)
    site.files["editions/gold/search.json"] = '["gold", "more"]'
    site.publish()
    assert len(blobs.keys() - site.blobs().keys()) == 2
    assert len(absent.keys() - site.decoys("absent").keys()) == 1


def test_an_edition_that_loses_a_path_gets_an_absent_decoy(site: Site) -> None:
    del site.files["editions/staff/index.html"]
    site.files["editions/staff/about.txt"] = "words"
    site.publish()
    assert len(site.decoys("absent")) == ABSENT + 1


def test_covers_are_kept_and_replaced_at_random(site: Site) -> None:
    before = site.decoys("cover")
    site.publish()
    after = site.decoys("cover")
    fresh = number_of(site, FEWEST_NEW, "new")
    assert len(after) == len(before)
    assert len(after.keys() - before.keys()) == fresh
    assert all(after[name] == before[name] for name in after.keys() & before.keys())


def test_a_cover_has_the_size_of_another_message(site: Site) -> None:
    others = {len(data) for data in (*site.blobs().values(), *site.decoys("absent").values())}
    assert {len(data) for data in site.decoys("cover").values()} <= others


def test_a_file_beyond_the_largest_cover_has_no_cover_of_its_size(tmp_path: Path) -> None:
    site = Site(tmp_path, files={"editions/gold/film.mp4": os.urandom(300_000)}, roster=())
    site.publish()
    (film,) = site.blobs().values()
    assert {len(data) for data in site.decoys("cover").values()} == {512 + 72}
    assert len(film) > 300_000


def test_the_nearest_of_ordered_numbers_is_the_first_with_the_least_difference() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        ordered = sorted(chance.choices(range(40), k=chance.randint(1, 12)))
        number = chance.randint(-3, 45)
        assert ordered[nearest(ordered, number)] == min(ordered, key=lambda each: abs(each - number))


def test_many_new_files_are_rounded_up(site: Site) -> None:
    site.files |= {f"editions/gold/{n}.txt": f"text {n}" for n in range(20)}
    site.publish()
    site.files |= {f"editions/gold/{n}.txt": f"later text {n}" for n in range(20)}
    before = set(site.messages())
    site.publish()
    assert len(site.messages().keys() - before) == number_of(site, 20, "new")


def test_a_kept_blob_is_the_same_file(site: Site) -> None:
    inodes = {path.name: path.stat().st_ino for path in (site.release / "_/b").glob("*/*")}
    site.publish()
    kept = [path for path in (site.release / "_/b").glob("*/*") if path.name in inodes]
    assert len(kept) > BLOBS + ABSENT
    for path in kept:
        assert path.stat().st_ino == inodes[path.name]


@pytest.mark.parametrize("kind", ["blob", "absent", "cover"])
@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_blob_or_decoy_is_sealed_anew_and_not_handed_on(site: Site, damage: bytes | None, kind: str) -> None:
    for name, good in messages_of(site, kind).items():
        bad = good[:-1] + bytes([good[-1] ^ 1]) if damage is None else damage
        (site.release / blob_path(name)).write_bytes(bad)
    damaged = messages_of(site, kind)
    site.publish()
    renewed = messages_of(site, kind)
    assert not set(damaged.values()) & set(renewed.values())
    assert kind == "cover" or renewed.keys() == damaged.keys()
    verify_release(site.release, site.secret.public_key)
    opened = open_release(site.release, site.code("M-1001"))
    for path in (*opened.edition_files, *opened.own_files):
        opened.read(path)


def messages_of(site: Site, kind: str) -> dict[str, bytes]:
    """Return the messages of blobs, or of decoys of a kind."""
    return site.blobs() if kind == "blob" else site.decoys("absent" if kind == "absent" else "cover")


def test_a_blob_that_is_a_folder_is_sealed_anew(site: Site) -> None:
    victim = site.release / blob_path(next(iter(site.blobs())))
    victim.unlink()
    victim.mkdir()
    site.publish()
    assert (site.release / blob_path(victim.name)).is_file()


def test_a_raised_generation_keeps_no_blob_and_no_decoy(site: Site) -> None:
    before = set(site.messages())
    site.generation = 2
    report = site.publish()
    assert (report.new, report.reused, report.removed) == (all_of(site) + 1, 0, all_of(site) + 1)
    assert not before & set(site.messages())


def test_a_release_of_another_site_lends_nothing(site: Site) -> None:
    site.secret = secret_of("another")
    assert site.publish().reused == 0


def test_where_the_disk_cannot_link_blobs_are_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.blobs() | site.decoys("absent")

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert site.publish().reused == all_of(site) - number_of(site, FEWEST_NEW, "new")
    assert site.blobs() | site.decoys("absent") == before


@pytest.mark.parametrize(
    ("largest", "size"), [(512, 512), (544, 768), (5000, 6144), (49_152, 49_152), (50_176, 65_536), (66_560, 66_560)]
)
def test_the_frames_of_edition_files_have_a_size_class(largest: int, size: int) -> None:
    assert edition_frame_size(largest) == size


POOL = [512] * 50 + [1024] * 30 + [4096] * 20


@pytest.mark.parametrize("new", [[], [1024], [4096] * 3, [512, 512, 1024]])
def test_new_blobs_do_not_change_the_sizes_that_are_new(new: list[int]) -> None:
    secret = secret_of("sizes")
    weights = size_weights(POOL, secret)
    found = Counter(cover_sizes(20 - len(new), new, POOL, secret)) + Counter(new)
    for size, weight in weights.items():
        assert abs(found[size] - 20 * weight / sum(weights.values())) < 1


def test_one_more_blob_hardly_changes_the_weights_of_sizes() -> None:
    secrets = [secret_of(f"sizes {n}") for n in range(100)]
    changed = sum(size_weights(POOL, one) != size_weights([*POOL, 1024], one) for one in secrets)
    assert changed <= 20


def test_the_weights_of_sizes_depend_on_the_secret() -> None:
    shares = set()
    for n in range(100):
        weights = size_weights(POOL, secret_of(f"sizes {n}"))
        shares.add(round(100 * weights[1024] / sum(weights.values())))
    assert len(shares) > 20


@pytest.mark.parametrize(("count", "new"), [(0, []), (0, [7000]), (5, [7000, 1 << 20, 600])])
def test_as_many_covers_as_wanted_have_sizes_of_the_pool(count: int, new: list[int]) -> None:
    sizes = cover_sizes(count, new, [512, 544, 7000, 1 << 20, *new], secret_of("sizes"))
    assert len(sizes) == count
    assert {*sizes} <= {512, 544, 600, 7000}


def test_a_file_whose_digest_is_known_is_not_read_again(site: Site) -> None:
    found = verify_release(site.release, site.secret.public_key)
    previous = PreviousRelease(site.release, site.secret, found)
    path = blob_path(next(iter(site.blobs())))
    assert previous.digest(path) == found[path] == hashlib.sha256((site.release / path).read_bytes()).hexdigest()
    assert PreviousRelease(site.release, site.secret, {path: "0" * 64}).digest(path) is None
    assert previous.digest("_/b/00/none") is None


def test_a_release_without_its_listing_lends_nothing(site: Site) -> None:
    (listing,) = (site.release / "_/l").iterdir()
    listing.write_bytes(listing.read_bytes()[:-1] + b"x")
    assert site.publish().reused == 0


def test_a_source_that_changes_while_it_is_sealed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("a")
    source = source_file(str(tmp_path / "a.html"), hashlib.sha256(b"a").hexdigest())
    assert source.read() == b"a"
    (tmp_path / "a.html").write_text("b")
    with pytest.raises(BadTree, match="the file changed while it was sealed"):
        source.read()
