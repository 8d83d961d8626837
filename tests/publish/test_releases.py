"""Release folders: the one in force, removal of the others, refusal of foreign outputs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from members_portal.publish.publish_error import PublishError
from members_portal.publish.releases import clear_cache, clear_drafts, current_release, draft_release, flip, shown


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return tmp_path / ".build" / "releases"


def publish(releases: Path, output: Path, sequence: int) -> Path:
    draft = draft_release(releases, sequence)
    draft.mkdir(parents=True)
    (draft / "index.html").write_text(str(sequence))
    return flip(draft, output)


def test_before_the_first_publish_nothing_is_in_force(tmp_path: Path, releases: Path) -> None:
    assert current_release(tmp_path / "output", releases) is None


def test_flipping_puts_a_release_in_force_under_its_number(tmp_path: Path, releases: Path) -> None:
    output = tmp_path / "output"
    release = publish(releases, output, 7)
    assert release == releases / "7" == current_release(output, releases)
    assert os.readlink(output) == ".build/releases/7"
    assert publish(releases, output, 8) == current_release(output, releases)
    assert (output / "index.html").read_text() == "8"


def test_a_release_is_shown_while_it_is_checked_and_stays(tmp_path: Path, releases: Path) -> None:
    output = tmp_path / "output"
    before, draft = publish(releases, output, 7), draft_release(releases, 8)
    draft.mkdir()
    with shown(draft, output, before) as release:
        assert release == releases / "8" == current_release(output, releases)
    assert current_release(output, releases) == release


def test_a_release_that_fails_its_check_is_withdrawn(tmp_path: Path, releases: Path) -> None:
    output = tmp_path / "output"
    before, draft = publish(releases, output, 7), draft_release(releases, 8)
    draft.mkdir()
    with pytest.raises(KeyboardInterrupt), shown(draft, output, before):
        raise KeyboardInterrupt
    assert current_release(output, releases) == before
    assert [path.name for path in releases.iterdir()] == ["7"]


def test_output_may_stand_in_another_folder(tmp_path: Path, releases: Path) -> None:
    output = tmp_path / "www" / "club" / "site"
    publish(releases, output, 7)
    assert os.readlink(output) == "../../.build/releases/7"
    assert current_release(output, releases) == (releases / "7").resolve()


def test_a_moved_project_still_finds_its_release(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    publish(old / ".build" / "releases", old / "output", 7)
    old.rename(new)
    assert current_release(new / "output", new / ".build" / "releases") == new / ".build" / "releases" / "7"


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_an_output_that_a_publish_didnt_make_is_refused(kind: str, tmp_path: Path, releases: Path) -> None:
    output = tmp_path / "output"
    output.mkdir() if kind == "folder" else output.write_text("mine")
    with pytest.raises(PublishError, match="not a link made by a publish"):
        current_release(output, releases)


ELSEWHERE = ("/etc", "..", ".build/releases/../../secrets", ".build/releases/.tmp-9", "elsewhere")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_link_that_leads_elsewhere_is_refused(target: str, tmp_path: Path, releases: Path) -> None:
    releases.mkdir(parents=True)
    (tmp_path / "output").symlink_to(target)
    with pytest.raises(PublishError, match="no release of this project"):
        current_release(tmp_path / "output", releases)


def test_a_link_to_a_release_that_is_gone_counts_as_none(tmp_path: Path, releases: Path) -> None:
    (tmp_path / "output").symlink_to(".build/releases/7")
    assert current_release(tmp_path / "output", releases) is None


def test_the_release_in_force_and_the_one_before_are_kept(tmp_path: Path, releases: Path) -> None:
    output = tmp_path / "output"
    for sequence in (9, 10, 11, 100):
        publish(releases, output, sequence)
    clear_drafts(releases, output, current_release(output, releases))
    assert {path.name for path in releases.iterdir()} == {"11", "100"}


def test_drafts_whole_releases_never_in_force_and_strangers_are_cleared(tmp_path: Path, releases: Path) -> None:
    output = tmp_path / "output"
    publish(releases, output, 9)
    for name in (".tmp-10", "10"):
        (releases / name / "_").mkdir(parents=True)
    (releases / ".DS_Store").write_text("x")
    (tmp_path / ".output.tmp").symlink_to(".build/releases/10")
    clear_drafts(releases, output, current_release(output, releases))
    assert [path.name for path in releases.iterdir()] == ["9"]
    assert not (tmp_path / ".output.tmp").is_symlink()


def test_releases_below_a_link_are_known_by_their_names(tmp_path: Path, releases: Path) -> None:
    """The folder of builds may be a link to another disk. Paths of releases would differ from the one in force."""
    (tmp_path / "disk").mkdir()
    (tmp_path / ".build").symlink_to("disk")
    output = tmp_path / "output"
    for sequence in (9, 10, 11):
        publish(releases, output, sequence)
    clear_drafts(releases, output, current_release(output, releases))
    assert {path.name for path in releases.iterdir()} == {"10", "11"}


def test_half_written_cache_files_are_cleared_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    for name in ("work.sqlite", "work.123.tmp", "fonts/a.woff2", "fonts/a.tmp"):
        (tmp_path / name).write_text("x")
    clear_cache(tmp_path)
    clear_cache(tmp_path / "none")
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"work.sqlite", "a.woff2"}


def test_the_cache_of_an_earlier_version_is_removed(tmp_path: Path) -> None:
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies/ab.json").write_text("{}")
    clear_cache(tmp_path)
    assert list(tmp_path.iterdir()) == []
