"""What a host can answer instead of the newest publish: damaged, forged and older files sign nobody out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from members_portal.seal import open_release, read_code
from members_portal.seal.format.bootstrap import decode_bootstrap, encode_bootstrap
from members_portal.seal.format.cards import CARD, SIGNATURE_SIZE, sign_bucket
from members_portal.seal.format.manifest import Manifest, manifest_path, seal_manifests
from members_portal.seal.key.keys import card_tag, member_root
from members_portal.seal.reader import read_bootstrap
from tests.js.host import Host
from tests.js.lantern import Lantern as Site
from tests.js.reader import Reader
from tests.long_cases import quick_and_long
from tests.seal.small_site import secret_of


@pytest.mark.long
def test_a_damaged_file_is_not_shown(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.tolerated.append("OperationError")
    reader.forget_sealed()
    host.damage("_/b/")
    reader.go("reports/beans/")
    reader.is_told("The message: damaged.")


def test_an_older_release_is_refused_even_after_signing_out(lantern_site: Site, reader: Reader, host: Host) -> None:
    old = lantern_site.release
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    expect(reader.page.locator("[data-state=current]")).to_have_count(1)
    reader.sign_out()
    host.site = old
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: older.")
    host.site = lantern_site.release
    reader.sign_in(lantern_site.code("M-1"))
    expect(reader.page.locator("[data-portal=sign-out]")).to_be_visible()


def serve_twice(host: Host) -> None:
    """Serve the genuine pages in a folder too, but with a worker of the host."""
    shutil.copytree(host.site, host.site / "x")
    (host.site / "x/sw.js").write_text(CATCHING, "utf-8")


CATCHING = """
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('message', ({data, ports: [port]}) => {
  fetch(`caught?${JSON.stringify(data)}`).then(() => port?.postMessage({ok: true}));
});
"""


@pytest.mark.long
def test_a_redirect_to_a_folder_with_another_worker_catches_no_code(
    lantern_site: Site, reader: Reader, host: Host
) -> None:
    serve_twice(host)
    host.redirects = {"/": "/x/"}
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("Not in gold")
    assert host.asked_for("caught") == []


@pytest.mark.long
@pytest.mark.parametrize("lantern_site", ["/", "/club/"], indirect=True)
def test_a_page_below_another_worker_gives_it_no_code(lantern_site: Site, reader: Reader, host: Host) -> None:
    serve_twice(host)
    reader.go("imprint/")
    reader.page.evaluate("navigator.serviceWorker.register('../x/sw.js').then(() => null)")
    reader.go("x/")  # the other worker controls the page
    reader.reads("Lantern")
    with reader.page.expect_navigation():  # the page opens itself again
        reader.sign_in(lantern_site.code("M-2"))
    expect(reader.page.get_by_label("Access code")).to_have_value("")
    reader.go("reports/beans/")
    reader.reads("Beans for silver")
    assert not [request for request in host.asked_for("caught") if "code" in request]


def other_publish(portal: bytes) -> bytes:
    """Name a publish that nobody has a card for."""
    return portal.replace(portal.split(b'publish\\":\\"')[1][:32], b"0" * 32)


def signed_by_another(portal: bytes) -> bytes:
    """Sign a bootstrap with another site's key."""
    start = decode_bootstrap(portal)
    return encode_bootstrap(replace(start, publish="0" * 32, sequence=start.sequence + 1), secret_of("another"))


def cut_off(portal: bytes) -> bytes:
    """Spoil the JSON."""
    return portal[1:]


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "not signed": other_publish,
    "signed by another": signed_by_another,
    "not JSON": cut_off,
}


@pytest.mark.parametrize("forgery", quick_and_long(FORGERIES, {"signed by another"}))
def test_a_forged_bootstrap_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host, forgery: str) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.tolerated.append("SyntaxError")
    genuine = (host.site / "portal.json").read_bytes()
    (host.site / "portal.json").write_bytes(FORGERIES[forgery](genuine))
    reader.go("reports/beans/")
    reader.reads("Beans for gold")
    reader.is_noticed("damaged")
    (host.site / "portal.json").write_bytes(genuine)
    reader.page.reload()
    expect(reader.page.locator("[data-state=current]")).to_have_count(1)
    reader.reads("Beans for gold")


def other_site(bucket: bytes, publish: str) -> bytes:
    """Sign random cards with another site's key."""
    return sign_bucket(os.urandom(len(bucket) - SIGNATURE_SIZE), 0, secret_of("another"), publish)


# What a host can answer instead of the bucket of the newest publish.
BUCKETS: dict[str, Callable[[bytes, str], bytes]] = {
    "random bytes": lambda bucket, _: os.urandom(len(bucket)),
    "one random card": lambda _, __: os.urandom(CARD + SIGNATURE_SIZE),
    "cut off": lambda bucket, _: bucket[:-1],
    "empty": lambda _, __: b"",
    "signature alone": lambda bucket, _: bucket[-SIGNATURE_SIZE:],
    "another site": other_site,
    "another number": lambda bucket, publish: sign_bucket(bucket[:-SIGNATURE_SIZE], 1, secret_of("lantern"), publish),
    "HTML": lambda _, __: b"<!DOCTYPE html><title>Parked</title>",
    "another publish": lambda bucket, _: sign_bucket(bucket[:-SIGNATURE_SIZE], 0, secret_of("lantern"), "0" * 32),
}


def without_card(bucket: bytes, lantern_site: Site) -> bytes:
    """Return a bucket in which no card has the tag of M-1."""
    start = read_bootstrap(lantern_site.release)
    tag = card_tag(member_root(read_code(lantern_site.code("M-1"))), start.publish)
    return bucket.replace(tag, bytes(len(tag)))


def put(host: Host, folder: str, replace_file: Callable[[bytes], bytes]) -> Callable[[], None]:
    """Replace all files of a folder of the release; return a function that puts the genuine ones back."""
    genuine = {file: file.read_bytes() for file in (host.site / folder).rglob("*") if file.is_file()}

    def write(files: dict[Path, bytes]) -> None:
        for file, data in files.items():
            file.unlink()  # it may be a link to a file of the previous release
            file.write_bytes(data)

    write({file: replace_file(data) for file, data in genuine.items()})
    return lambda: write(genuine)


def stays_signed_in(reader: Reader, reason: str) -> None:
    """See the kept pages with a notice, and the member's key on the device."""
    reader.go("reports/beans/")
    reader.is_noticed(reason)
    reader.reads("Beans for gold")
    kept = reader.kept()
    assert {"member", "portal", "seen"} <= set(kept["keys"])
    assert "ended" not in kept["keys"]
    assert "portal / sealed" in kept["caches"]


@pytest.mark.long
@pytest.mark.parametrize("answer", BUCKETS)
def test_a_forged_bucket_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host, answer: str) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.publish(lantern_site)
    publish = read_bootstrap(host.site).publish
    restore = put(host, "_/c", lambda bucket: BUCKETS[answer](without_card(bucket, lantern_site), publish))
    stays_signed_in(reader, "damaged")
    restore()
    reader.page.reload()
    reader.is_noticed("new")
    reader.reads("Beans for gold")


@pytest.mark.long
@pytest.mark.parametrize("answer", BUCKETS)
def test_a_code_is_not_unknown_because_of_a_forged_bucket(
    lantern_site: Site, reader: Reader, host: Host, answer: str
) -> None:
    publish = read_bootstrap(host.site).publish
    restore = put(host, "_/c", lambda bucket: BUCKETS[answer](without_card(bucket, lantern_site), publish))
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: damaged.")
    restore()
    reader.sign_in(lantern_site.code("M-1"))
    reader.reads("gold home")


@pytest.mark.long
def test_a_forged_bucket_signs_nobody_out_who_has_lost_the_copy(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    reader.forget_sealed()
    restore = put(host, "_/c", lambda bucket: os.urandom(len(bucket)))
    reader.go("reports/beans/")
    reader.is_told("The message: damaged.")
    assert "member" in reader.kept()["keys"]
    restore()
    reader.page.reload()
    reader.reads("Beans for gold")


@pytest.mark.long
def test_a_missing_bucket_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.publish(lantern_site)
    host.lose("_/c/")
    stays_signed_in(reader, "away")


@pytest.mark.long
@pytest.mark.parametrize("folder", ["_/m", "_/r"])
def test_a_garbage_manifest_or_record_signs_nobody_out(
    lantern_site: Site, reader: Reader, host: Host, folder: str
) -> None:
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.publish(lantern_site)
    put(host, folder, lambda message: os.urandom(len(message)))
    stays_signed_in(reader, "damaged")


@pytest.mark.long
def test_an_older_release_signs_nobody_out(lantern_site: Site, reader: Reader, host: Host) -> None:
    missing = lantern_site.roster[0]
    lantern_site.roster = lantern_site.roster[1:]
    own = {path: lantern_site.files.pop(path) for path in list(lantern_site.files) if path.startswith("members/")}
    host.publish(lantern_site)
    before = lantern_site.release
    lantern_site.roster, lantern_site.files = (missing, *lantern_site.roster), {**lantern_site.files, **own}
    host.publish(lantern_site)
    reader.enter(lantern_site.code("M-1"))
    reader.waits_until_complete()
    host.site = before  # signed, but from a time before the member joined
    reader.page.reload()
    reader.is_noticed("older")
    reader.reads("gold home")
    reader.sign_out()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: older.")


def test_a_manifest_forged_with_the_edition_key_is_refused(lantern_site: Site, reader: Reader, host: Host) -> None:
    start = decode_bootstrap((host.site / "portal.json").read_bytes())
    opened = open_release(host.site, lantern_site.code("M-1"))  # any member of the edition can do this
    key = lantern_site.secret.edition_key("gold", start.publish)
    path = host.site / manifest_path(start.publish, opened.slot)
    forged = Manifest(start.publish, start.sequence, {"index.html": opened.manifest.files["404.html"]})
    path.write_bytes(seal_manifests({opened.slot: (key, forged)}, start.site, start.publish)[opened.slot])
    reader.go()
    reader.sign_in(lantern_site.code("M-1"))
    reader.is_told("The message: damaged.")
