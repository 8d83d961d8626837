"""The site secret of commands: a lost or wrong one never replaces a release or makes another access code."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from members_portal.seal import Secret
from members_portal.seal.format.signature import sign
from tests.publish.project import SECRET, Project, files_of

OTHER = SECRET[::-1]  # another secret
COMMANDS = (
    ("publish",),
    ("preview",),
    ("code", "L-101"),
    ("link", "L-101"),
    ("link", "L-101", "--qr", "code.svg"),
    ("letter", "L-105"),
    ("print", "letter-one"),
    ("mail", "letter-one"),
    ("coupon", "check"),
)


def state(project: Project) -> tuple[str, dict[str, bytes]]:
    return os.readlink(project.output), files_of(project.release)


@pytest.mark.parametrize(
    "command", [COMMANDS[0], *(pytest.param(one, marks=pytest.mark.long) for one in COMMANDS[1:])], ids=" ".join
)
@pytest.mark.parametrize("secret", [None, OTHER], ids=["lost", "wrong"])
def test_a_lost_or_wrong_secret_is_refused_by_every_command(
    command: tuple[str, ...], secret: str | None, project: Project
) -> None:
    before = state(project)
    run = project.portal(*command, PORTAL_SECRET=secret)
    assert run.code == 1, run.text
    assert "--new-secret" in run.err
    lost, wrong = "Restore .portal/secret or set PORTAL_SECRET", "PORTAL_SECRET is not the site secret of output"
    assert (wrong if secret else lost) in run.err
    assert Secret(bytes.fromhex(SECRET)).public_key.hex()[:16] in run.err or secret is None
    assert not (project.root / ".portal").exists()
    assert not (project.root / "code.svg").exists()
    assert state(project) == before
    assert SECRET not in run.text
    assert OTHER not in run.text


def test_another_secret_file_is_named(project: Project) -> None:
    folder = project.root / ".portal"
    folder.mkdir(mode=0o700)
    (folder / "secret").write_text(OTHER + "\n", "ascii")
    (folder / "secret").chmod(0o600)
    run = project.portal("publish", PORTAL_SECRET=None)
    assert run.code == 1
    assert "Restore that secret in .portal/secret" in run.err


def test_an_unchanged_publish_with_another_secret_is_refused_as_well(project: Project) -> None:
    assert "Nothing changed" in project.portal("publish").out
    assert project.portal("publish", PORTAL_SECRET=OTHER).code == 1


@pytest.mark.long
def test_without_the_link_the_folder_of_releases_is_compared(project: Project) -> None:
    project.output.unlink()
    for secret in (None, OTHER):
        run = project.portal("publish", PORTAL_SECRET=secret)
        assert run.code == 1
        assert ".build/releases/" in run.err
    assert not (project.root / ".portal").exists()
    project.publish()


def test_a_secret_is_not_made_for_another_output_while_a_release_exists(project: Project, tmp_path: Path) -> None:
    run = project.portal("publish", "--output", str(tmp_path / "elsewhere"), PORTAL_SECRET=None)
    assert run.code == 1
    assert not (project.root / ".portal").exists()


def test_a_wrong_secret_is_refused_for_another_output_while_a_release_exists(project: Project, tmp_path: Path) -> None:
    run = project.portal("publish", "--output", str(tmp_path / "elsewhere"), PORTAL_SECRET=OTHER)
    assert run.code == 1
    assert "PORTAL_SECRET is not the site secret of .build/releases/" in run.err
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.long
@pytest.mark.parametrize("command", ["publish", "code L-101", "link L-101"])
def test_a_wrong_secret_is_refused_where_only_another_output_has_a_release(
    command: str, unpublished: Project, tmp_path: Path
) -> None:
    elsewhere = ("--output", str(tmp_path / "elsewhere"))
    assert unpublished.portal("publish", *elsewhere).code == 0
    run = unpublished.portal(*command.split(), PORTAL_SECRET=OTHER)
    assert run.code == 1, run.text
    assert "PORTAL_SECRET is not the site secret of .build/releases-" in run.err
    assert unpublished.portal(*command.split()).code == 0


@pytest.mark.long
def test_an_output_with_a_new_secret_does_not_refuse_because_of_another_output(
    project: Project, tmp_path: Path
) -> None:
    elsewhere = ("--output", str(tmp_path / "elsewhere"))
    assert project.portal("publish", *elsewhere, "--new-secret", PORTAL_SECRET=OTHER).code == 0
    assert project.portal("publish", *elsewhere, PORTAL_SECRET=OTHER).code == 0
    assert project.portal("publish", *elsewhere).code == 1
    assert project.portal("publish").code == 0


@pytest.mark.long
def test_new_secret_goes_on_and_the_next_publish_needs_no_option(project: Project) -> None:
    before = state(project)
    first = project.portal("publish", "--new-secret", PORTAL_SECRET=None)
    assert first.code == 0, first.text
    assert "Made the site secret in" in first.err
    assert state(project) != before
    assert "Nothing changed" in project.portal("publish", PORTAL_SECRET=None).out
    assert project.portal("publish", PORTAL_SECRET=SECRET).code == 1  # the secret of before is the wrong one now


@pytest.mark.long
def test_new_secret_takes_the_given_secret(project: Project) -> None:
    assert project.portal("publish", "--new-secret", PORTAL_SECRET=OTHER).code == 0
    assert not (project.root / ".portal").exists()
    stated = (project.release / "release.json.sig").read_text("ascii").splitlines()[0]
    assert stated == Secret(bytes.fromhex(OTHER)).public_key.hex()


def state_key(project: Project, text: str) -> None:
    with open(project.root / "pelicanconf.py", "a", encoding="utf-8") as conf:
        conf.write(f"\nPORTAL_PUBLIC_KEY = {text!r}\n")


@pytest.mark.long
@pytest.mark.parametrize("secret", [None, OTHER], ids=["lost", "wrong"])
def test_a_fresh_clone_knows_the_secret_by_its_public_key(secret: str | None, unpublished: Project) -> None:
    state_key(unpublished, Secret(bytes.fromhex(SECRET)).public_key.hex())
    for command in (("publish",), ("code", "L-101")):
        run = unpublished.portal(*command, PORTAL_SECRET=secret)
        assert run.code == 1
        assert "PORTAL_PUBLIC_KEY" in run.err
        assert "--new-secret" in run.err
    assert not (unpublished.root / ".portal").exists()
    assert not unpublished.output.is_symlink()
    unpublished.publish()


def test_a_planted_release_does_not_count_where_the_public_key_is_stated(project: Project) -> None:
    state_key(project, Secret(bytes.fromhex(SECRET)).public_key.hex())
    digests = (project.release / "release.json").read_bytes()
    (project.release / "release.json.sig").write_bytes(sign(Secret(bytes(range(32))), digests))
    project.publish()


@pytest.mark.long
def test_a_release_that_states_a_key_without_its_signature_does_not_count(project: Project) -> None:
    file = project.release / "release.json.sig"
    file.write_text("ab" * 32 + "\n" + file.read_text("ascii").partition("\n")[2], "ascii")
    project.publish()


@pytest.mark.long
def test_after_a_new_secret_the_setting_has_to_change(project: Project) -> None:
    state_key(project, Secret(bytes.fromhex(SECRET)).public_key.hex())
    run = project.portal("publish", "--new-secret", PORTAL_SECRET=OTHER)
    assert run.code == 0, run.text
    key = Secret(bytes.fromhex(OTHER)).public_key.hex()
    assert f'PORTAL_PUBLIC_KEY = "{key}"' in run.err
    assert project.portal("publish", PORTAL_SECRET=OTHER).code == 1
    state_key(project, key)
    assert project.portal("publish", PORTAL_SECRET=OTHER).code == 0


@pytest.mark.long
@pytest.mark.parametrize("key", ["d75a98", "", "g" * 64, " ".join(["d75a98ff"] * 8)])
def test_a_public_key_of_another_form_ends_with_3_at_every_command(key: str, project: Project) -> None:
    state_key(project, key)
    line = (project.root / "pelicanconf.py").read_text("utf-8").count("\n")
    export = ("export", "statements.csv")
    for command in (("check",), ("statement", "L-101"), export, ("serve",), *COMMANDS):
        run = project.portal(*command)
        expected = f"pelicanconf.py:{line}:1: `PORTAL_PUBLIC_KEY`: `{key:.60}` doesn't fit"
        assert (run.code, run.err.splitlines()[0]) == (3, f"{expected}, expected 64 hexadecimal digits"), command


def test_in_ci_a_new_secret_is_never_made(project: Project) -> None:
    run = project.portal("publish", "--new-secret", PORTAL_SECRET=None, CI="true")
    assert run.code == 1
    assert "PORTAL_SECRET is not set" in run.err


def test_the_first_publish_makes_a_secret(unpublished: Project) -> None:
    with open(unpublished.root / "publishconf.py", "a", encoding="utf-8") as file:
        file.write("\nPORTAL_FONTS = {}  # a new secret has no cut fonts, and cutting takes seconds\n")
    run = unpublished.portal("publish", PORTAL_SECRET=None)
    assert run.code == 0, run.text
    assert "Made the site secret in" in run.err
    assert f'PORTAL_PUBLIC_KEY = "{(unpublished.release / "release.json.sig").read_text("ascii")[:64]}"' in run.err


def test_a_code_can_be_printed_before_the_first_publish(unpublished: Project) -> None:
    shutil.rmtree(unpublished.root / ".build")
    assert unpublished.portal("code", "L-101", PORTAL_SECRET=None).code == 0


@pytest.mark.long
def test_a_release_with_an_unreadable_signature_does_not_stop_its_own_secret(project: Project) -> None:
    (project.release / "release.json.sig").write_bytes(b"\xff no key\n")
    project.publish()
