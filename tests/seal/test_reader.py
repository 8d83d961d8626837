"""Opening a release: the product and the independent reader read the same files; any other code opens nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.seal import (
    BadCode,
    DamagedRelease,
    Enrolment,
    NotAMember,
    NotFound,
    access_code,
    open_edition,
    open_release,
    open_with_edition_key,
)
from members_portal.seal.audit import folder_digests, is_sealed_path
from tests.independent_reader import Refused, Release, unb64, verify
from tests.seal.small_site import DATE, GREETING, Site, files_of, members_of, secret_of


def test_both_readers_see_exactly_the_members_edition_and_record(site: Site) -> None:
    for enrolment in site.roster:
        ours = open_release(site.release, site.code(enrolment.member))
        theirs = Release(site.release, site.code(enrolment.member))
        for prefix, files, other in (
            (f"editions/{enrolment.edition}/", ours.edition_files, theirs.manifest["files"]),
            (f"members/{enrolment.member}/", ours.own_files, theirs.record["files"]),
        ):
            sources = {path.removeprefix(prefix) for path in site.files if path.startswith(prefix)}
            assert set(files) == set(other) == sources - {"slots.json"}
            for path in files:
                source = site.files[prefix + path]
                assert isinstance(source, str)
                assert ours.read(path) == theirs.read(path) == source.encode()


def test_entries_are_as_the_format_writes_them(site: Site) -> None:
    ours = open_release(site.release, site.code("M-1001"))
    theirs = Release(site.release, site.code("M-1001")).manifest["files"]
    for path, entry in ours.edition_files.items():
        key, media_type, size, digest = theirs[path]
        assert (unb64(key), unb64(digest)) == (entry.key, entry.digest)
        assert (media_type, size) == (entry.media_type, entry.size)


def test_a_record_holds_the_slots_of_its_member_alone(site: Site) -> None:
    assert Release(site.release, site.code("M-1001")).record["slots"] == GREETING
    assert Release(site.release, site.code("M-1001")).page("", DATE).startswith("Good evening, Maya")
    for member in ("M-1002", "M-1003"):
        assert open_release(site.release, site.code(member)).record is None


def test_natural_addresses_lead_to_index_pages(site: Site) -> None:
    opened = open_release(site.release, site.code("M-1001"))
    assert opened.read("") == opened.read("index.html")
    assert opened.read("offers/tasting/") == opened.read("offers/tasting/index.html")
    for path in ("offers/tasting", "offers/", "/", "slots.json", "../index.html"):
        with pytest.raises(NotFound):
            opened.read(path)


def test_a_members_own_file_comes_before_the_editions(site: Site) -> None:
    site.files |= {"members/M-1001/index.html": "mine", "editions/gold/letter.pdf": "everybody's"}
    site.publish()
    opened, theirs = (reader(site.release, site.code("M-1001")) for reader in (open_release, Release))
    assert opened.read("") == theirs.read("") == b"mine"
    assert opened.read("letter.pdf") == theirs.read("letter.pdf") == b"%PDF a letter to Maya"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html"),
        ("photo.JPG", "image/jpeg"),
        ("a.b/data.woff2", "font/woff2"),
        ("event.ics", "text/calendar"),
        ("membership.pkpass", "application/vnd.apple.pkpass"),
        ("Makefile", "application/octet-stream"),
        (".html", "application/octet-stream"),
        ("a.exe", "application/octet-stream"),
    ],
)
def test_media_types_follow_the_suffix(site: Site, path: str, kind: str) -> None:
    site.files[f"editions/gold/x/{path}"] = "data"
    site.publish()
    assert open_release(site.release, site.code("M-1001")).find(f"x/{path}").media_type == kind


@pytest.mark.parametrize("size", [0, 1, 506, 507, 508, 16_379, 16_380, 16_384, 1_000_000])
@pytest.mark.parametrize("suffix", ["bin", "jpg"])
def test_files_of_every_size_come_out_whole(tmp_path: Path, size: int, suffix: str) -> None:
    payload = bytes(range(256)) * (size // 256) + bytes(size % 256)
    site = Site(tmp_path, roster=(Enrolment("M-1", "gold", 1),))
    site.files = {f"editions/gold/file.{suffix}": payload}
    site.publish()
    for reader in (open_release, Release):
        assert reader(site.release, site.code("M-1")).read(f"file.{suffix}") == payload


def test_the_signature_covers_every_file(site: Site) -> None:
    digests = verify(site.release, site.secret.public_key)
    sealed = {path for path in files_of(site.release) if path.startswith(("_/b/", "_/r/"))}
    assert sealed == set(filter(is_sealed_path, folder_digests(site.release)))
    assert set(digests) == files_of(site.release).keys() - sealed - {"release.json", "release.json.sig"}
    for path in sealed:
        before = (site.release / path).read_bytes()
        (site.release / path).write_bytes(before + b"x")
        with pytest.raises(Refused):
            verify(site.release)
        (site.release / path).write_bytes(before)
    verify(site.release)


def test_a_sequence_below_the_accepted_one_is_refused(site: Site) -> None:
    site.publish()
    assert Release(site.release, site.code("M-1001"), accepted=2).portal["sequence"] == 2
    with pytest.raises(Refused, match="an older release"):
        Release(site.root / "release-1", site.code("M-1001"), accepted=2)


def test_the_bearer_of_the_secret_opens_each_edition(site: Site) -> None:
    for edition in ("gold", "silver", "staff"):
        opened = open_edition(site.release, site.secret, edition)
        assert opened.read("index.html").decode() == site.files[f"editions/{edition}/index.html"]
    with pytest.raises(DamagedRelease):
        open_edition(site.release, site.secret, "platinum")
    with pytest.raises(DamagedRelease):
        open_edition(site.release, secret_of("another"), "gold")
    with pytest.raises(DamagedRelease):
        open_with_edition_key(site.release, bytes(32))


def test_other_codes_open_nothing(site: Site) -> None:
    strangers = [
        access_code(site.secret, "M-1001", 2),
        access_code(site.secret, "M-1004", 1),
        access_code(secret_of("another"), "M-1001", 1),
    ]
    for code in strangers:
        with pytest.raises(NotAMember):
            open_release(site.release, code)


def test_a_mistyped_code_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadCode):
        open_release(tmp_path / "no release here", "000-000-000-000-000-000-000-000-001")


@pytest.mark.long
def test_a_million_well_formed_codes_of_nobody_are_not_accepted(tmp_path: Path) -> None:
    import os

    from members_portal.seal.format.cards import CARD, CARD_TAG, bucket_path
    from members_portal.seal.key.code_format import code_characters
    from members_portal.seal.key.keys import card_tag, member_root
    from members_portal.seal.reader import read_bootstrap

    site = Site(tmp_path, roster=tuple(Enrolment(f"M-{number}", "gold", 1) for number in range(2000)))
    del site.files["members/M-1001/letter.pdf"]
    site.publish()
    start = read_bootstrap(site.release)
    buckets = [(site.release / bucket_path(start.publish, n)).read_bytes() for n in range(2**start.bucket_bits)]
    tags = {bucket[n : n + CARD_TAG] for bucket in buckets for n in range(0, len(bucket), CARD)}
    codes = (code_characters(os.urandom(16)) for _ in range(1_000_000))
    accepted = sum(card_tag(member_root(characters), start.publish) in tags for characters in codes)
    members = [member_root(site.secret.code(member, 1)) for member in members_of(site.roster)]
    assert all(card_tag(root, start.publish) in tags for root in members)
    print(f"wrong_codes_accepted={accepted}")
    assert accepted == 0
