"""Reproducibility: the same inputs give the same decrypted tree in any folder and environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.project import Project, everything

SHELL = ("sh", "-c", 'umask 077; exec "$@"', "sh")

# name: folder, wrapper command, environment
ENVIRONMENTS: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "far east, seed 1": ("portal", (), {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}),
    "ascii locale": ("portal", (), {"LC_ALL": "POSIX", "LANG": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "umask 077": ("portal", SHELL, {"PYTHONHASHSEED": "2"}),
    "another folder, one core": ("Ünïcode & spaces/%20/portal", ("taskset", "-c", "0"), {}),
    "far west": ("portal", (), {"TZ": "Pacific/Niue", "PYTHONHASHSEED": "3"}),
    "turkish": ("portal", (), {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}),
    "optimised": ("portal", (), {"PYTHONOPTIMIZE": "2"}),
    "no cache of bytecode": ("portal", (), {"PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "20", "TERM": "dumb"}),
    "idle priority": ("portal", ("nice", "-n", "19"), {"SOURCE_DATE_EPOCH": "1", "TZ": "UTC"}),
    "deep folder": ("a/" * 60 + "portal", (), {"PYTHONHASHSEED": "4294967295"}),
}
SAMPLE = tuple(ENVIRONMENTS)[:1]


def published_in(unpublished: Project, name: str, folder: Path) -> dict[str, bytes]:
    place, through, environ = ENVIRONMENTS[name]
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    project = Project.copy(unpublished, folder / place)
    run = project.run("publish", through=through, **environ)
    assert run.code == 0, run.text
    return everything(project)


@pytest.mark.long
@pytest.mark.parametrize("name", SAMPLE)
def test_the_environment_changes_nothing(name: str, harbour: Project, unpublished: Project, tmp_path: Path) -> None:
    assert published_in(unpublished, name, tmp_path / "there") == everything(harbour)


@pytest.mark.long
def test_ten_environments(harbour: Project, unpublished: Project, tmp_path: Path) -> None:
    expected = everything(harbour)
    for number, name in enumerate(ENVIRONMENTS):
        assert published_in(unpublished, name, tmp_path / str(number)) == expected, name
    print(f"environments={len(ENVIRONMENTS)} files={len(expected)}")


@pytest.mark.long
def test_the_order_of_the_file_system_changes_nothing(harbour: Project, unpublished: Project, tmp_path: Path) -> None:
    content = unpublished.root / "content"
    for file in sorted(content.rglob("*.md"), reverse=True):  # rewritten in reverse order
        text = file.read_bytes()
        file.unlink()
        file.write_bytes(text)
    unpublished.publish()
    assert everything(unpublished) == everything(harbour)


@pytest.mark.long
def test_a_release_can_be_read_by_a_web_server_whatever_the_umask(unpublished: Project) -> None:
    assert unpublished.run("publish", through=SHELL).code == 0
    assert all(path.stat().st_mode & 0o004 for path in unpublished.release.rglob("*"))
    assert unpublished.release.stat().st_mode & 0o005 == 0o005


def test_what_is_in_clear_is_for_the_owner_only(unpublished: Project) -> None:
    assert unpublished.portal("publish").code == 0
    for name in ("tree", "cache", "state"):
        assert (unpublished.root / ".build" / name).stat().st_mode & 0o077 == 0, name
