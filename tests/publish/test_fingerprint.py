"""Fingerprints: which changes alter them, and that they reveal nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.fingerprint import (
    RELEASE_PACKAGES,
    forget,
    inputs_fingerprint,
    package_versions,
    recall,
    remember,
    tree_fingerprint,
)
from members_portal.seal import Enrolment, Secret

SECRET = Secret(bytes(range(32)))
DAY = date(2026, 11, 20)


@pytest.fixture
def context(tmp_path: Path) -> PublishContext:
    for path in ("content/pages/a.md", "members/members.yaml", "theme/base.html", "plugins/x.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    for name in ("pelicanconf.py", "publishconf.py"):
        (tmp_path / name).write_text(name)
    return replace(make_context({}, root=tmp_path, on=DAY, today=DAY, now=1), code=tmp_path / "plugins")


def test_the_same_inputs_have_the_same_fingerprint_whenever_they_were_written(context: PublishContext) -> None:
    before = inputs_fingerprint(context, SECRET)
    (context.content / "pages" / "a.md").write_text("content/pages/a.md")
    assert inputs_fingerprint(replace(context, now=2), SECRET) == before


CHANGES: dict[str, Callable[[Path], object]] = {
    "a word": lambda root: (root / "content/pages/a.md").write_text("other"),
    "a new file": lambda root: (root / "content/pages/b.md").write_text(""),
    "a file that is gone": lambda root: (root / "members/members.yaml").unlink(),
    "a file that was renamed": lambda root: (root / "theme/base.html").rename(root / "theme/bass.html"),
    "a file in another folder": lambda root: (root / "content/pages/a.md").rename(root / "content/a.md"),
    "code": lambda root: (root / "plugins/x.py").write_text("other"),
    "settings": lambda root: (root / "pelicanconf.py").write_text("other"),
    "a module that the settings import": lambda root: (root / "helper.py").write_text("other"),
    "settings of the release": lambda root: (root / "publishconf.py").write_text("other"),
    "a folder with the name of an item": lambda root: (root / "content/pages/b.md").mkdir(),
    "a link that leads nowhere": lambda root: (root / "content/pages/b.md").symlink_to("none.md"),
    "a name that is not UTF-8": lambda root: Path(bytes(root / "content").decode() + "/\udcff").write_text(""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_an_input_changes_it(change: str, context: PublishContext) -> None:
    before = inputs_fingerprint(context, SECRET)
    CHANGES[change](context.root)
    assert inputs_fingerprint(context, SECRET) != before


def test_a_package_that_a_module_of_the_settings_imports_changes_it(context: PublishContext) -> None:
    files = {
        "helper.py": "from club import words",
        "club/words.py": "import names.a as a",
        "names/a.py": "",
    }
    for path, text in files.items():
        (context.root / path).parent.mkdir(exist_ok=True)
        (context.root / path).write_text(text)
    before = inputs_fingerprint(context, SECRET)
    (context.root / "names/a.py").write_text("A = 1")
    after = inputs_fingerprint(context, SECRET)
    (context.root / "club/words.py").write_text("import")
    last = inputs_fingerprint(context, SECRET)
    (context.root / "other").mkdir()
    (context.root / "other/a.py").write_text("")
    assert inputs_fingerprint(context, SECRET) == last
    assert len({before, after, last}) == 3


def test_day_address_and_secret_change_it(context: PublishContext) -> None:
    prints = {
        inputs_fingerprint(context, SECRET),
        inputs_fingerprint(replace(context, on=date(2026, 11, 21)), SECRET),
        inputs_fingerprint(replace(context, siteurl="https://lamps.example"), SECRET),
        inputs_fingerprint(context, Secret(bytes(range(1, 33)))),
    }
    assert len(prints) == 4


def test_compiled_code_doesnt_change_it(context: PublishContext) -> None:
    before = inputs_fingerprint(context, SECRET)
    (context.root / "plugins" / "__pycache__").mkdir()
    (context.root / "plugins" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert inputs_fingerprint(context, SECRET) == before


def test_the_lock_of_an_editor_doesnt_change_it(context: PublishContext) -> None:
    before = inputs_fingerprint(context, SECRET)
    (context.content / "pages/.#a.md").symlink_to("editor@host.4711")
    assert inputs_fingerprint(context, SECRET) == before


def test_a_checkout_of_the_same_members_doesnt_change_it(context: PublishContext) -> None:
    before = inputs_fingerprint(context, SECRET)
    (context.members / ".git").mkdir()
    (context.members / ".git" / "index").write_bytes(b"times of a checkout")
    assert inputs_fingerprint(context, SECRET) == before


def test_a_tree_depends_on_its_files_its_readers_and_the_generation(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("x")
    roster = [Enrolment("L-1", "brass", 1)]
    prints = [
        tree_fingerprint(tmp_path, roster, 1, SECRET),
        tree_fingerprint(tmp_path, [Enrolment("L-1", "brass", 2)], 1, SECRET),
        tree_fingerprint(tmp_path, [Enrolment("L-1", "copper", 1)], 1, SECRET),
        tree_fingerprint(tmp_path, [], 1, SECRET),
        tree_fingerprint(tmp_path, roster, 2, SECRET),
    ]
    (tmp_path / "index.html").write_text("y")
    prints.append(tree_fingerprint(tmp_path, roster, 1, SECRET))
    assert len(set(prints)) == 6


def test_what_is_remembered_is_recalled(tmp_path: Path) -> None:
    state, release = tmp_path / "state", tmp_path / "releases" / "7"
    remember(state, release, {"inputs": "a", "tree": "b"})
    assert recall(state, release) == {"inputs": "a", "tree": "b"}
    assert state.stat().st_mode & 0o077 == 0
    assert recall(state, tmp_path / "releases" / "8") == recall(state, None) == {}


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", "\x00\xff"])
def test_a_damaged_note_counts_as_none(damage: str, tmp_path: Path) -> None:
    remember(tmp_path, Path("7"), {"inputs": "a"})
    (tmp_path / "7.json").write_bytes(damage.encode("latin-1"))
    assert recall(tmp_path, Path("7")) == {}


def test_notes_of_releases_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    for name in ("7", "8"):
        remember(tmp_path / "state", releases / name, {})
    (releases / "8").mkdir(parents=True)
    forget(tmp_path / "state", releases)
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["8.json"]


PASSES = "PORTAL_PASSES = {'apple': {'key': '.portal/key.pem'}}\n"


def test_a_changed_certificate_or_key_changes_it(context: PublishContext) -> None:
    (context.root / "pelicanconf.py").write_text(PASSES)
    (context.root / ".portal").mkdir()
    seen = set()
    for text in (None, "one", "other"):
        if text:
            (context.root / ".portal/key.pem").write_text(text)
        seen.add(inputs_fingerprint(context, SECRET))
        assert inputs_fingerprint(context, SECRET) in seen
    assert len(seen) == 3


def test_passes_that_are_not_plain_texts_count_as_always_changed(context: PublishContext) -> None:
    (context.root / "pelicanconf.py").write_text(PASSES.replace("'.portal/key.pem'", "FOLDER"))
    assert inputs_fingerprint(context, SECRET) != inputs_fingerprint(context, SECRET)


def test_the_versions_of_packages_are_those_of_their_metadata() -> None:
    assert list(package_versions()) == [f"{name} {version(name)}" for name in RELEASE_PACKAGES]
