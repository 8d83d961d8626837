"""The reader of `tests/invalid/`: what each change does, and that mistakes in a case are errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.invalid_cases import FOLDER, BadCase, parse, read_base, read_cases

BASE = {"members/one.yaml": b"- {id: M-1, tier: gold}\n", "content/a/b.md": b"---\nTitle: B\n---\nB\n"}
MESSAGE = "=> something is wrong\n"


def files(changes: str) -> dict[str, bytes]:
    """Read one case that makes these changes; return its files."""
    (case,) = parse(f"== a-case\n{changes}{MESSAGE}", BASE)
    return case.files


@pytest.mark.parametrize(
    ("hunks", "after"),
    [
        ("- tier: gold\n+ tier: silver\n", b"- {id: M-1, tier: silver}\n"),
        ("+ - {id: M-2}\n+\n+ - {id: M-3}\n", b"- {id: M-1, tier: gold}\n- {id: M-2}\n\n- {id: M-3}\n"),
        ("- - {id: M-1, tier: gold}\n", b""),
        ("  - {id: M-1, tier: gold}\n+   # the first\n", b"- {id: M-1, tier: gold}\n  # the first\n"),
        ("- M-1\n+ M-2\n\n- M-2\n+ M-3\n", b"- {id: M-3, tier: gold}\n"),
        ("- gold\n+ g\\xf6ld\\r\n", b"- {id: M-1, tier: g\xf6ld\r}\n"),
    ],
)
def test_an_edit_replaces_removes_and_appends(hunks: str, after: bytes) -> None:
    assert files(f"-- edit members/one.yaml --\n{hunks}") == BASE | {"members/one.yaml": after}


@pytest.mark.parametrize(
    ("content", "data"),
    [
        ("", b""),
        ("a\n\nb\n", b"a\n\nb\n"),
        ("a\n\\x0a\\\n", b"a\n\n"),
        ("a\\\n", b"a"),
        ("\\ufeffa\\tb\\\\\\r\n", b"\xef\xbb\xbfa\tb\\\r\n"),
        ("\\x2d- edit a --\n", b"-- edit a --\n"),
    ],
)
def test_a_new_file_holds_its_lines(content: str, data: bytes) -> None:
    assert files(f"-- new members/two.yaml --\n{content}") == BASE | {"members/two.yaml": data}


def test_a_file_may_have_another_encoding_and_a_path_escapes() -> None:
    assert files("-- new a\\u0301 b as utf-16-le --\n\\ufeffü\\xff\\\n") == BASE | {"a\u0301 b": b"\xff\xfe\xfc\0\xff"}


def test_a_file_or_a_folder_is_deleted() -> None:
    assert list(files("-- delete content --\n")) == ["members/one.yaml"]
    assert list(files("-- delete members/one.yaml --\n")) == ["content/a/b.md"]


def test_changes_before_the_first_case_apply_to_all() -> None:
    shared = "# A topic.\n-- edit members/one.yaml --\n- gold\n+ silver\n\n"
    first, second = parse(f"{shared}== a\n{MESSAGE}\n== b\n# Why.\n-- delete content --\n=> one\n=> two\n", dict(BASE))
    assert first.files == BASE | {"members/one.yaml": b"- {id: M-1, tier: silver}\n"}
    assert second.files == {"members/one.yaml": b"- {id: M-1, tier: silver}\n"}
    assert (first.messages, second.messages) == (["something is wrong"], ["one", "two"])


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ("", "changes nothing"),
        ("-- replace members/one.yaml --\n- {id: M-1, tier: gold}\n", "changes nothing"),
        ("-- delete content --\n-- replace members/one.yaml --\n- {id: M-1, tier: gold}\n", "changes nothing"),
        ("-- edit members/one.yaml --\n- gold\n+ gold\n", "changes nothing"),
        ("-- edit members/one.yaml --\n", "expected lines that begin with"),
        ("-- edit members/one.yaml --\n-gold\n+silver\n", "expected lines that begin with"),
        ("-- edit members/one.yaml --\n- bronze\n+ silver\n", "occurs 0 times"),
        ("-- edit content/a/b.md --\n- B\n+ C\n", "occurs 2 times"),
        ("-- edit content/a/b.md --\n- ---\n", "occurs 2 times"),
        ("-- edit members/one.yaml --\n- gold}\n", "occurs 0 times"),
        ("-- edit members/one.yaml as latin-1 --\n- gold\n+ silver\n", "an encoding is for"),
        ("-- edit members/two.yaml --\n+ a\n", "there is no such file"),
        ("-- replace members/two.yaml --\na\n", "there is no such file"),
        ("-- new members/one.yaml --\na\n", "the file exists"),
        ("-- delete members/o --\n", "there is no such file or folder"),
        ("-- delete members/one.yaml --\na\n", "the change has content"),
        ("-- rename members/one.yaml --\na\n", "unknown change"),
        ("-- new members/two.yaml as klingon --\na\n", "klingon"),
        ("-- new members/two.yaml --\na\\q\n", "unknown escape"),
        ("a\n", "expected comments"),
        ("-- new members/two.yaml --\na\tb\n", "invisible character"),
        ("-- new members/two.yaml --\na\r\n", "invisible character"),
        ("-- new members/two.yaml --\na\u0301\n", "invisible character"),
        ("-- new members/two.yaml --\na \n", "spaces at its end"),
    ],
)
def test_a_mistake_is_an_error(changes: str, mistake: str) -> None:
    with pytest.raises(BadCase, match=mistake):
        files(changes)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("== a\n-- delete content --\n", "must end in messages"),
        (f"== a\n-- delete content --\n{MESSAGE}and more\n", "must end in messages"),
        (f"== A case\n-- delete content --\n{MESSAGE}", "a name has lower-case letters"),
    ],
)
def test_a_case_has_a_name_and_messages(text: str, mistake: str) -> None:
    with pytest.raises(BadCase, match=mistake):
        list(parse(text, BASE))


def test_a_name_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "_base" / "content").mkdir(parents=True)
    (tmp_path / "_base" / "content" / "a.md").write_bytes(b"A\n")
    assert read_base(tmp_path) == {"content/a.md": b"A\n"}
    for topic in ("one", "two"):
        (tmp_path / f"{topic}.txt").write_text(f"== a\n-- delete content --\n{MESSAGE}", "utf-8")
    with pytest.raises(BadCase, match="a: the name is used twice"):
        read_cases(tmp_path)


def test_the_example_of_the_readme_is_a_case() -> None:
    example = (FOLDER / "README.md").read_text("utf-8").split("```\n")[1]
    (case,) = parse(example, read_base())
    assert case == read_cases()["audience-mapping"]
