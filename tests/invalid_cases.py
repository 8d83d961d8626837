"""Read the broken inputs of `tests/invalid/*.txt`; the format is described in `tests/invalid/README.md`.

The reader is strict: what it does not know, or what changes nothing, is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "invalid"

CASE = re.compile(r"^== ", re.MULTILINE)
HEADING = re.compile(r"^(-- .* --)\n", re.MULTILINE)
MESSAGE = re.compile(r"^=> ", re.MULTILINE)
CHANGE = re.compile(r"-- (new|replace|edit|delete) (.+?)(?: as ([a-z0-9-]+))? --")
ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|r|t|\\|\n)")

VALUE = re.compile(r"`[^`]*`|\d+")
KEY = re.compile(r"^[a-z -]+: ")

Files = dict[str, bytes]  # path in the project: content


@dataclass(frozen=True)
class Case:
    """A project with a broken input, and the messages that `portal check` prints for it."""

    name: str
    files: Files
    messages: list[str]


class BadCase(ValueError):
    """A case that cannot be read. The message names the case and the part that is wrong."""


def read_base(folder: Path = FOLDER) -> Files:
    """Read the valid project that all cases start from."""
    base = folder / "_base"
    return {path.relative_to(base).as_posix(): path.read_bytes() for path in base.rglob("*") if path.is_file()}


def read_cases(folder: Path = FOLDER, base: Files | None = None) -> dict[str, Case]:
    """Read all cases of a folder, by name; `base` is the project that they change (default: that of the folder)."""
    base = read_base(folder) if base is None else base
    cases: dict[str, Case] = {}
    for file in sorted(folder.glob("*.txt")):
        for case in parse(file.read_bytes().decode(), base):
            if case.name in cases:
                raise BadCase(f"{case.name}: the name is used twice")
            cases[case.name] = case
    return cases


def one_of_each_message(cases: Mapping[str, Case]) -> list[str]:
    """Name the cases with a kind of message that no case before them has."""
    found: set[str] = set()
    names = []
    for case in cases.values():
        kinds = {kind_of_message(message) for message in case.messages}
        if kinds - found:
            names.append(case.name)
            found |= kinds
    return names


def kind_of_message(message: str) -> str:
    """Return the expectation of a message, or else its fault, without place, key, values and numbers."""
    text = VALUE.sub("`", message.partition(": ")[2])
    return text.rpartition(", expected ")[2] if ", expected " in text else KEY.sub("", text)


def parse(text: str, base: Files) -> Iterator[Case]:
    """Parse one file: the changes that all its cases share, then the cases."""
    require_visible(text)
    shared, *cases = CASE.split(text)
    start = changed(base, shared, "changes of all cases")
    for case in cases:
        name, _, body = case.partition("\n")
        changes, *messages = (part.strip("\n") for part in MESSAGE.split(body))
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise BadCase(f"{name}: a name has lower-case letters, digits and hyphens")
        if not messages or any("\n" in message for message in messages):
            raise BadCase(f"{name}: must end in messages, one for each line, marked `=> `")
        files = changed(start, changes + "\n", name)
        if files == base:
            raise BadCase(f"{name}: changes nothing")
        yield Case(name, files, messages)


def require_visible(text: str) -> None:
    """Refuse characters that an editor does not show, or may change on saving."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isprintable() or not unicodedata.is_normalized("NFC", line) or line != line.rstrip():
            raise BadCase(f"line {number}: has an invisible character or spaces at its end: {line!a}; escape them")


def changed(files: Files, text: str, case: str) -> Files:
    """Return the files with the changes of a case applied."""
    comment, *parts = HEADING.split(text)
    if any(line and not line.startswith("# ") for line in comment.split("\n")):
        raise BadCase(f"{case}: expected comments (`# `) before the first change: {comment!r}")
    files = dict(files)
    for heading, content in zip(parts[::2], parts[1::2], strict=True):
        try:
            apply(files, heading, content.rstrip("\n"))
        except (ValueError, LookupError) as error:
            raise BadCase(f"{case}: {heading}: {error}") from error
    return files


def apply(files: Files, heading: str, content: str) -> None:
    """Apply one change to the files, in place."""
    change = CHANGE.fullmatch(heading)
    if not change:
        raise ValueError("unknown change, expected new, replace, edit or delete")
    verb, encoding = change[1], change[3]
    path = unescaped(change[2]).decode()
    if encoding and verb not in ("new", "replace"):
        raise ValueError("an encoding is for new and replaced files only")
    if verb == "delete":
        delete(files, path, content)
    elif (verb == "new") == (path in files):
        raise ValueError("the file exists" if path in files else "there is no such file")
    elif verb == "edit":
        files[path] = edited(files[path], content)
    else:
        before, files[path] = files.get(path), unescaped(content and content + "\n", encoding or "utf-8")
        if files[path] == before:
            raise ValueError("changes nothing")


def delete(files: Files, path: str, content: str) -> None:
    """Take away a file, or all files of a folder."""
    gone = [name for name in files if name == path or name.startswith(path + "/")]
    if not gone or content:
        raise ValueError("the change has content" if content else "there is no such file or folder")
    for name in gone:
        del files[name]


def edited(data: bytes, content: str) -> bytes:
    """Replace texts that occur exactly once, remove lines, or append lines."""
    for hunk in re.split(r"\n\n+", content):
        lines = hunk.split("\n")
        if not all(re.fullmatch(r"[-+]|[-+ ] .*", line) for line in lines):
            raise ValueError(f"expected lines that begin with `- `, `+ ` or two spaces: {hunk!r}")
        old, new = ([line[2:] for line in lines if line[0] in marks] for marks in (" -", " +"))
        if old == new:
            raise ValueError(f"changes nothing: {hunk!r}")
        data = replaced(data, unescaped("\n".join(old)), unescaped("\n".join(new)), removed=not new, added=not old)
    return data


def replaced(data: bytes, old: bytes, new: bytes, *, removed: bool, added: bool) -> bytes:
    """Apply one hunk: append the new lines, remove the old lines whole, or replace the old text."""
    if added:
        return data + new + b"\n"
    if removed:
        return replaced(b"\n" + data, b"\n" + old + b"\n", b"\n", removed=False, added=False)[1:]
    if data.count(old) != 1:
        raise ValueError(f"occurs {data.count(old)} times, expected once: {old!r}")
    return data.replace(old, new)


def unescaped(text: str, encoding: str = "utf-8") -> bytes:
    r"""Encode a text; `\xfc` is a byte, `\u0301` or `\U0001f3f4` a character, `\r`, `\t`, `\\`; `\` joins two lines."""
    parts = ESCAPE.split(text)
    if any("\\" in plain for plain in parts[::2]):
        raise ValueError(f"unknown escape: {text!r}")
    plains = [plain.encode(encoding) for plain in parts[::2]]
    escapes = [escaped(escape, encoding) for escape in parts[1::2]] + [b""]
    return b"".join(plain + escape for plain, escape in zip(plains, escapes, strict=True))


def escaped(escape: str, encoding: str) -> bytes:
    """Encode the escape without its backslash."""
    if escape[0] == "x":
        return bytes.fromhex(escape[1:])
    if escape[0] in "uU":
        return chr(int(escape[1:], 16)).encode(encoding)
    return {"r": "\r", "t": "\t", "\\": "\\", "\n": ""}[escape].encode(encoding)
