"""The rendered tree: equal files are kept, others are written anew, all else is removed."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from members_portal.portal.rendering import rendered_tree
from members_portal.portal.rendering.rendered_tree import RenderedTree, TreeMemory
from tests.portal.small_portal import listing, write

FILES = {"public/a.html": "a", "public/b/index.html": "b", "editions/gold/c.html": "c"}


def write_all(folder: Path, files: dict[str, str]) -> RenderedTree:
    """Write a whole tree over an earlier one."""
    tree = RenderedTree(folder)
    for path, content in files.items():
        tree.write(path, content.encode())
    tree.remove_rest()
    return tree


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def test_a_tree_holds_the_files_of_the_last_run_and_no_others(tmp_path: Path) -> None:
    write_all(tmp_path, FILES)
    files = {"public/a.html": "a", "public/b.html": "b", "members/M-1/slots.json": "{}"}
    tree = write_all(tmp_path, files)
    assert listing(tmp_path) == sorted(files)
    assert tree.digests == {path: digest(content) for path, content in files.items()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["members", "public"]


def test_an_equal_file_is_kept_and_a_changed_one_is_another_file(tmp_path: Path) -> None:
    write_all(tmp_path, FILES)
    os.link(tmp_path / "public/a.html", tmp_path.with_name("linked"))
    before = {path: (tmp_path / path).stat().st_ino for path in FILES}
    write_all(tmp_path, {**FILES, "public/a.html": "other"})
    after = {path: (tmp_path / path).stat().st_ino for path in FILES}
    assert [path for path in FILES if before[path] != after[path]] == ["public/a.html"]
    assert tmp_path.with_name("linked").read_text() == "a"
    tmp_path.with_name("linked").unlink()


@pytest.mark.parametrize("path", ["public/a.html", "public/b/index.html"])
def test_a_file_that_somebody_changed_is_written_anew(tmp_path: Path, path: str) -> None:
    write_all(tmp_path, FILES)
    (tmp_path / path).write_text("forged")
    tree = RenderedTree(tmp_path)
    assert not tree.keep(path, digest(FILES[path]))
    tree.write(path, FILES[path].encode())
    assert (tmp_path / path).read_text() == FILES[path]


def test_a_file_in_the_memory_is_read_again_only_if_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(tmp_path, FILES)
    memory: TreeMemory = {}
    RenderedTree(tmp_path, memory)
    assert {path: digest for path, (_, digest) in memory.items()} == {path: digest(FILES[path]) for path in FILES}
    (changed, other, gone), read = FILES, list[str]()
    state = (tmp_path / changed).stat()
    (tmp_path / changed).write_text("f")
    os.utime(tmp_path / changed, ns=(state.st_atime_ns, state.st_mtime_ns))  # the time of the entry stays new
    (tmp_path / gone).unlink()
    digest_of = rendered_tree._digest_of

    def read_digest(file: str) -> str:
        read.append(file)
        return digest_of(file)

    monkeypatch.setattr(rendered_tree, "_digest_of", read_digest)
    tree = RenderedTree(tmp_path, memory)
    assert read == [f"{tmp_path}/{changed}"]
    assert memory.keys() == {changed, other}
    assert not tree.keep(changed, digest("a"))
    assert tree.keep(changed, digest("f"))
    assert tree.keep(other, digest("b"))


def test_a_file_is_kept_by_its_digest_alone(tmp_path: Path) -> None:
    write_all(tmp_path, FILES)
    tree = RenderedTree(tmp_path)
    assert tree.keep("public/a.html", digest("a"))
    assert not tree.keep("public/none.html", digest("a"))
    with pytest.raises(FileExistsError):
        tree.write("public/a.html", b"a")


def test_links_and_special_files_are_removed_and_never_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"a.html": "outside"})
    tree = tmp_path / "tree"
    write_all(tree, FILES)
    (tree / "public/a.html").unlink()
    (tree / "public/a.html").symlink_to(outside / "a.html")
    (tree / "members").symlink_to(outside)
    os.mkfifo(tree / "editions/pipe")
    write_all(tree, {**FILES, "members/a.html": "inside"})
    assert listing(tree) == sorted([*FILES, "members/a.html"])
    assert (outside / "a.html").read_text() == "outside"
    assert not any(path.is_symlink() for path in tree.rglob("*"))


def test_a_folder_and_a_file_can_take_each_others_name(tmp_path: Path) -> None:
    write_all(tmp_path, {"public/a/b.html": "b", "public/c": "c"})
    files = {"public/a": "a", "public/c/d.html": "d"}
    write_all(tmp_path, files)
    assert listing(tmp_path) == sorted(files)
    with pytest.raises(FileExistsError):
        write_all(tmp_path, {"public/x/y": "y", "public/x": "x"})


def test_the_rest_of_one_folder_is_removed_alone(tmp_path: Path) -> None:
    write_all(tmp_path, FILES)
    tree = RenderedTree(tmp_path)
    tree.write("public/a.html", b"a")
    tree.remove_rest("public")
    assert listing(tmp_path) == ["editions/gold/c.html", "public/a.html"]


def test_a_file_of_parts_is_written_anew_and_its_digest_is_known(tmp_path: Path) -> None:
    RenderedTree(tmp_path / "tree").write_parts("slots.tsv", [b"M-1\t{}\n"])
    os.link(tmp_path / "tree/slots.tsv", tmp_path / "linked")
    tree = RenderedTree(tmp_path / "tree")
    tree.write_parts("slots.tsv", iter([b"M-1\t{}\n", b"M-2\t{}\n"]))
    tree.remove_rest()
    assert (tmp_path / "tree/slots.tsv").read_text() == "M-1\t{}\nM-2\t{}\n"
    assert tree.digests == {"slots.tsv": digest("M-1\t{}\nM-2\t{}\n")}
    assert (tmp_path / "linked").read_text() == "M-1\t{}\n"


@pytest.mark.parametrize("content", ["same", "other"])
def test_a_file_gets_a_second_path_whatever_was_there(tmp_path: Path, content: str) -> None:
    write_all(tmp_path, {"members/M-1/photo.jpg": "same", "members/M-2/photo.jpg": "same"})
    for _run in range(2):
        tree = RenderedTree(tmp_path)
        tree.write("members/M-1/photo.jpg", content.encode())
        assert all(tree.link(f"members/{member}/photo.jpg", "members/M-1/photo.jpg") for member in ("M-2", "M-3"))
        tree.remove_rest()
    files = {f"members/{member}/photo.jpg": content for member in ("M-1", "M-2", "M-3")}
    assert {path: (tmp_path / path).read_text() for path in listing(tmp_path)} == files
    assert tree.digests == {path: digest(content) for path in files}


def test_a_file_that_cannot_be_linked_is_left_to_be_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_paths: str) -> None:
        raise OSError(31, "Too many links")

    monkeypatch.setattr(os, "link", refuse)
    write_all(tmp_path, {"members/M-2/photo.jpg": "old"})
    tree = RenderedTree(tmp_path)
    tree.write("members/M-1/photo.jpg", b"new")
    assert not tree.link("members/M-2/photo.jpg", "members/M-1/photo.jpg")
    tree.write("members/M-2/photo.jpg", b"new")
    assert (tmp_path / "members/M-2/photo.jpg").read_text() == "new"
