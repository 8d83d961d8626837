"""A release: it contains only the files of FORMAT.md, and none of them reveals a member or a content."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from members_portal.seal import BadName, Enrolment, seal_release
from members_portal.seal.audit import is_sealed_path
from members_portal.seal.format import container
from members_portal.seal.format.blobs import FEWEST_COVERS
from members_portal.seal.reader import read_bootstrap
from members_portal.seal.release_folder import SEALED_TIME, release_time
from tests.seal.fixed_salt import FixedSaltEncryptor, fix_noise
from tests.seal.small_site import DATE, ROSTER, SITE, Site, files_of, secret_of, write_tree

ALL = 64  # blobs and decoys of the small site: class(8 + 48, "blobs") with its secret
SEALED = {
    r"portal\.json": 1,
    r"release\.json": 1,
    r"release\.json\.sig": 1,
    r"_/c/{publish}/[0-9a-f]{{4}}": 1,
    r"_/m/{publish}/[0-7]": 8,
    r"_/r/{publish}/0000": 1,
    r"_/l/{publish}": 1,
    r"_/b/([0-9a-f]{{2}})/\1[0-9a-f]{{30}}": ALL,
}


def test_a_release_holds_what_the_format_names_and_the_public_edition(site: Site) -> None:
    publish = read_bootstrap(site.release).publish
    paths = set(files_of(site.release))
    for pattern, count in SEALED.items():
        found = {path for path in paths if re.fullmatch(pattern.format(publish=publish), path)}
        assert len(found) == count, pattern
        paths -= found
    assert paths == {"index.html", "theme/portal.css"}


def test_the_public_edition_is_copied_as_it_is(site: Site) -> None:
    for path in ("index.html", "theme/portal.css"):
        assert (site.release / path).read_text() == SITE[f"public/{path}"]


def test_the_bootstrap_says_what_a_reader_needs(site: Site) -> None:
    portal = json.loads((site.release / "portal.json").read_bytes())
    assert portal.keys() == {"signed", "signature"}
    assert json.loads(portal["signed"]) == {
        "format": "portal-release/2",
        "container": "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM",
        "site": site.secret.site,
        "publish": next((site.release / "_/m").iterdir()).name,
        "sequence": 1,
        "date": DATE.isoformat(),
        "bucket_bits": 0,
        "manifest_slots": 8,
    }


def test_all_manifests_have_one_size(site: Site) -> None:
    site.files |= {f"editions/staff/{number}.txt": str(number) for number in range(200)}
    site.publish()
    sizes = {path.stat().st_size for path in (site.release / "_/m").rglob("*") if path.is_file()}
    assert len(sizes) == 1
    assert sizes.pop() > 5_000


def test_no_name_stands_in_what_is_sealed(site: Site) -> None:
    files = files_of(site.release)
    sealed = {path: data for path, data in files.items() if f"public/{path}" not in SITE}
    shown = b"\0".join([*map(str.encode, sealed), *sealed.values()]).lower()
    for word in ("gold", "silver", "staff", "M-1001", "offers", "tasting", "roast", "letter", "Maya"):
        assert word.lower().encode() not in shown, word


def test_an_edition_gets_another_slot_from_publish_to_publish(site: Site) -> None:
    from members_portal.seal import open_edition

    slots = set()
    for _ in range(12):
        site.publish()
        slots.add(open_edition(site.release, site.secret, "gold").slot)
    assert len(slots) > 2


def test_the_report_counts(tmp_path: Path) -> None:
    site = Site(tmp_path)
    report = site.publish()
    files = files_of(site.release)
    assert (report.new, report.reused, report.removed) == (ALL + 1, 0, 0)  # and one pack
    assert (report.files, report.bytes) == (len(files), sum(map(len, files.values())))


def test_the_same_file_in_two_editions_is_one_blob(site: Site) -> None:
    from members_portal.seal import open_edition

    keys = {
        open_edition(site.release, site.secret, edition).find("images/roast.png").key for edition in ("gold", "silver")
    }
    assert len(keys) == 1


def test_a_web_server_may_read_it_whatever_the_umask(tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        site = Site(tmp_path)
        site.publish()
    finally:
        os.umask(umask)
    for path in (site.release, *site.release.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def test_times_of_files_tell_the_sequence_alone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.sequence = 20261120006
    for _ in range(2):  # most sealed files of the second are links to those of the first
        site.publish()
    midnight = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp())
    for path in (site.release, *site.release.rglob("*")):
        is_constant = is_sealed_path(path.relative_to(site.release).as_posix())
        assert path.stat().st_mtime_ns == (SEALED_TIME if is_constant else midnight + site.sequence % 1000) * 10**9


def test_a_sealed_file_with_another_time_or_mode_is_written_anew(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    blobs = sorted((site.release / "_/b").glob("*/*"))
    for blob in blobs[::2]:
        os.utime(blob)
    for blob in blobs[::3]:
        blob.chmod(0o640)
    site.publish()
    for path in (site.release / "_/b").glob("*/*"):
        status = path.stat()
        assert (status.st_mtime_ns, stat.S_IMODE(status.st_mode)) == (SEALED_TIME * 10**9, 0o644)


def test_a_sequence_that_names_no_day_has_a_time(tmp_path: Path) -> None:
    assert [release_time(number) - SEALED_TIME for number in (1, 7, 20261399000)] == [1, 7, 20261399000]


def test_a_folder_that_exists_is_never_written_into(site: Site) -> None:
    site.sequence -= 1
    before = files_of(site.root / "release-1")
    with pytest.raises(FileExistsError):
        site.publish()
    assert files_of(site.root / "release-1") == before


def test_eight_editions_fit(tmp_path: Path) -> None:
    site = Site(tmp_path, roster=(Enrolment("M-1", "e7", 1),))
    site.files = {f"editions/e{number}/index.html": f"edition {number}" for number in range(8)}
    site.publish()
    assert (len(site.blobs()), len(site.decoys("absent"))) == (8, 0)


def test_an_empty_site_is_a_release_too(tmp_path: Path) -> None:
    site = Site(tmp_path, files={"editions/gold/index.html": ""}, roster=())
    assert site.publish().new > FEWEST_COVERS
    assert len(site.blobs()) == 1


def test_it_is_brought_to_the_disk_when_asked(tmp_path: Path) -> None:
    report = seal_release(
        write_tree(tmp_path / "tree", SITE),
        ROSTER,
        secret=secret_of("durable"),
        publish_id="0" * 32,
        sequence=1,
        date=DATE,
        generation=1,
        out=tmp_path / "out",
        previous=None,
        durable=True,
    )
    assert report.files == len(files_of(tmp_path / "out"))


@pytest.mark.parametrize(
    ("publish_id", "sequence", "generation"),
    [("0" * 31, 1, 1), ("G" * 32, 1, 1), ("AB" * 16, 1, 1), ("0" * 32, 0, 1), ("0" * 32, 1, 0), ("0" * 32, 2**53, 1)],
)
def test_a_publish_of_another_shape_is_refused(tmp_path: Path, publish_id: str, sequence: int, generation: int) -> None:
    with pytest.raises(BadName):
        seal_release(
            write_tree(tmp_path / "tree", SITE),
            ROSTER,
            secret=secret_of("shape"),
            publish_id=publish_id,
            sequence=sequence,
            date=DATE,
            generation=generation,
            out=tmp_path / "out",
            previous=None,
        )
    assert not (tmp_path / "out").exists()


def test_the_bytes_of_a_release_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "Cobblestone256Encryptor", FixedSaltEncryptor)
    fix_noise(monkeypatch, "golden")
    seal_release(
        write_tree(tmp_path / "tree", SITE),
        ROSTER,
        secret=secret_of("golden"),
        publish_id="0123456789abcdef" * 2,
        sequence=7,
        date=DATE,
        generation=2,
        out=tmp_path / "release",
        previous=None,
        durable=False,
    )
    digest = hashlib.sha256()
    for path, data in sorted(files_of(tmp_path / "release").items()):
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
    # A frame holds the output of zlib at level 6: another deflate implementation (zlib-ng) would give another digest.
    assert digest.hexdigest() == "931cc01b6cf13865de66c8988dfd903663f890d7ab412287e532dceafd9ebba7"
