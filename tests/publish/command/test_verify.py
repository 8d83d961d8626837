"""The command `portal verify`: a folder or a live site against its signature."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from members_portal.seal import Secret
from tests.publish.live.hosts import StaticFolder, served
from tests.publish.project import SECRET, Project

KEY = Secret(bytes.fromhex(SECRET)).public_key.hex()
RELEASE = "release 20261120000 of 2026-11-20"


@pytest.fixture
def address(project: Project) -> Iterator[str]:
    """Serve the project's release; yield its address."""
    with served(StaticFolder.of(project.release)) as found:
        yield found


def replace_file(file: Path, data: bytes) -> str:
    """Replace a file, which may be linked to another release; return its path in the release."""
    file.unlink()
    file.write_bytes(data)
    return str(file).partition("/releases/")[2].partition("/")[2]


def spoil(release: Path) -> list[str]:
    """Change, remove and swap files of a release; return the differences that this makes, sorted."""
    page = replace_file(release / "index.html", b"<script>")
    blobs = sorted((release / "_/b").glob("*/*"))
    message = blobs[0].read_bytes()
    changed = replace_file(blobs[0], message[:-1] + bytes([message[-1] ^ 1]))
    swapped = replace_file(blobs[1], blobs[2].read_bytes())
    pack = next((release / "_/r").glob("*/*"))
    cut = replace_file(pack, pack.read_bytes()[:-1])
    blobs[3].unlink()
    gone = blobs[3].relative_to(release).as_posix()
    return sorted(
        [*(f"{path} is not as it was signed" for path in (page, changed, swapped, cut)), f"{gone} is missing"]
    )


@pytest.mark.long
def test_a_folder_and_a_live_site_are_as_they_were_signed(project: Project, address: str) -> None:
    for place in ("output", address):
        run = project.portal("verify", place)
        assert (run.code, run.err) == (0, "")
        assert run.out == f"{place} has {RELEASE}.\n{place} is as it was signed by {KEY}.\n"


def test_each_difference_of_a_live_site_is_named(project: Project, address: str) -> None:
    expected = spoil(project.release)
    run = project.portal("verify", address)
    assert run.code == 4
    found = sorted(line.replace(" from the release", "") for line in run.err.splitlines())
    assert found == sorted([*expected, "/ is not as it was signed (expected index.html)"])


def test_a_folder_may_hold_nothing_else(project: Project) -> None:
    (project.release / "_/b/00").mkdir(exist_ok=True)
    for path in ("more.html", f"_/b/00/{'0' * 32}"):
        (project.release / path).write_bytes(b"")
    run = project.portal("verify", "output")
    assert run.code == 4
    assert run.err.splitlines() == [
        "more.html does not belong to the release",
        f"_/b/00/{'0' * 32} does not belong to the release",
    ]


@pytest.mark.long
def test_the_public_key_is_enough_for_the_files_in_clear(project: Project, address: str) -> None:
    settings = project.root / "pelicanconf.py"
    for arguments, line in ((["--key", KEY], ""), ([], f'PORTAL_PUBLIC_KEY = "{KEY}"\n')):
        settings.write_text(settings.read_text("utf-8") + line, "utf-8")
        run = project.portal("verify", address, *arguments, PORTAL_SECRET=None)
        assert (run.code, run.err) == (0, "")
        assert "Sealed files were not compared" in run.out
    replace_file(project.release / "portal.json", b"{}")
    assert project.portal("verify", address, "--key", KEY, PORTAL_SECRET=None).code == 4


def test_another_sites_release_is_refused(project: Project) -> None:
    run = project.portal("verify", "output", "--key", "00" * 32)
    assert (run.code, run.err) == (4, "the release is signed by another key\n")


@pytest.mark.long
def test_an_older_genuine_release_is_a_difference(project: Project) -> None:
    old = project.root / "old"
    shutil.copytree(project.release, old)
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish("2026-11-21")
    older = f"{RELEASE} is older than release 20261121000 of 2026-11-21 in output\n"
    with served(StaticFolder.of(old)) as address:
        for place in ("old", address):
            run = project.portal("verify", place)
            assert (run.code, run.out, run.err) == (4, f"{place} has {RELEASE}.\n", older)


def test_a_machine_without_a_release_states_the_least_day(project: Project) -> None:
    project.output.rename(project.root / "site")
    run = project.portal("verify", "site")
    assert (run.code, run.out.splitlines()[-1]) == (0, "An older release is not found: that needs output/ or --since.")
    run = project.portal("verify", "site", "--since", "2026-11-20")
    assert (run.code, run.out.count("\n")) == (0, 2)
    run = project.portal("verify", "site", "--since", "2026-11-21")
    assert (run.code, run.err) == (4, f"{RELEASE} is older than the day of --since, 2026-11-21\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere is neither a folder nor an address"),
        (["output"], "state the site's public key: --key or PORTAL_PUBLIC_KEY"),
        (["output", "--key", "12"], "the public key has 64 hexadecimal digits, not '12'"),
        (["http://127.0.0.1:9/", "--key", KEY], "http://127.0.0.1:9/release.json: "),
    ],
)
def test_what_cannot_be_verified_is_an_error(project: Project, arguments: list[str], words: str) -> None:
    run = project.portal("verify", *arguments, PORTAL_SECRET=None)
    assert run.code == 1
    assert words in run.err
    assert not (project.root / ".portal").exists()
