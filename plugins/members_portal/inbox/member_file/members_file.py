"""The members file of a folder: found, edited, checked, and replaced whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from members_portal.inbox.inbox_error import NotEditable
from members_portal.inbox.member_file.csv_edit import add_row, set_row
from members_portal.inbox.member_file.yaml_edit import add_member, set_member
from members_portal.inbox.record.row_file import write_whole
from members_portal.loyalty.input.problem import InvalidInput, read_text
from members_portal.loyalty.member.member_table import nested
from members_portal.loyalty.programme.programme import Programme
from members_portal.source.folder import MEMBER_FILES, Folder
from members_portal.source.people import load_members

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class MembersFile:
    """A file with members; `texts` of a member are those of a row of members.csv."""

    path: Path
    programme: Programme

    def change(self, member_id: str, texts: Mapping[str, str]) -> None:
        """Set values of a member; raise NotEditable or InvalidInput, and leave the file as it is."""
        text = self._text()
        if self.path.suffix == ".yaml":
            changed = set_member(text, member_id, self._value(texts))
        else:
            changed = set_row(self.path, text, member_id, texts)
        self.replace(self._checked(changed))

    def with_member(self, texts: Mapping[str, str]) -> bytes:
        """Return the file with one member more, checked; raise NotEditable or InvalidInput."""
        given = {name: each for name, each in texts.items() if each}
        text = self._text()
        if self.path.suffix == ".yaml":
            changed = add_member(text, self._value(given))
        else:
            changed = add_row(self.path, text, given)
        return self._checked(changed)

    def replace(self, content: bytes) -> None:
        """Replace the file."""
        write_whole(self.path, content)

    def _value(self, texts: Mapping[str, str]) -> dict[str, Any]:
        """Return texts in the shape of members.yaml; consent states each channel."""
        value = nested(texts)
        for name in ("interests", "formerly"):
            if name in value:
                value[name] = list(value[name])
        if "consent" in value:
            agreed = value["consent"]
            value["consent"] = {key: "true" if key in agreed else "false" for key in self.programme.channels}
        return value

    def _text(self) -> str:
        read_text(self.path)  # raises InvalidInput at a byte that is not UTF-8
        return self.path.read_bytes().decode("utf-8").removeprefix(BYTE_ORDER_MARK)

    def _checked(self, text: str) -> bytes:
        """Return a new text as bytes, checked as in a publish."""
        has_mark = self.path.read_bytes().startswith(BYTE_ORDER_MARK.encode())
        content = f"{BYTE_ORDER_MARK if has_mark else ''}{text}".encode()
        with TemporaryDirectory(dir=self.path.parent, prefix=".check-") as folder:
            (Path(folder) / self.path.name).write_bytes(content)
            try:
                load_members(Folder(Path(folder)), self.programme)
            except InvalidInput as error:
                words = "; ".join(
                    dict.fromkeys(f"{each.what}, expected {each.expected}" for each in error.problems[:3])
                )
                raise NotEditable(f"the members would not be valid: {words}") from None
        return content


def members_file(folder: Path, programme: Programme) -> MembersFile | None:
    """Return the members file of a folder; None where members are elsewhere, as in a database."""
    found = next((folder / name for name in MEMBER_FILES if (folder / name).is_file()), None)
    return MembersFile(found.resolve(), programme) if found else None
