"""A folder of files: members.yaml or members.csv, and ledger.csv, ledger.parquet or ledger.yaml."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING

from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.located_yaml import load_yaml
from members_portal.loyalty.input.problem import (
    InvalidInput,
    Problem,
    check_regular,
    closest,
    same_but_case,
    shown_path,
)
from members_portal.loyalty.ledger import ledger_rule
from members_portal.loyalty.member import member_table
from members_portal.loyalty.member.known_rows import KnownRows
from members_portal.loyalty.member.member import RawMember

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import LedgerSource

SHOP_FILE = "shop.yaml"  # a folder with this file holds exports of a shop
MEMBER_FILES = ("members.yaml", "members.csv")
BOOKED = "ledger.csv"  # the only ledger beside exports: a till's list is booked into it
LEDGERS = ("ledger.csv", "ledger.parquet", "ledger.yaml")
NEAR_NAME = 0.8  # similarity of a name that is probably a typing error: `leger` has 0.91, `badger` 0.67


@dataclass(frozen=True)
class Folder:
    """A folder with the files of members and ledger."""

    path: Path

    def members(
        self, problems: list[Problem], dropped: dict[str, tuple[str, ...]], rows: KnownRows | None = None
    ) -> Iterator[RawMember]:
        """Yield the members; add unused columns to `dropped`."""
        file = self._only(MEMBER_FILES) or self.path / MEMBER_FILES[0]
        problems += self.unread_files()
        if file.suffix == ".yaml":
            yield from _members_in_yaml(file, problems)
            return
        table = CsvTable(file, member_table.MEMBER_COLUMNS, member_table.MEMBER_REQUIRED)
        dropped[table.name] = table.header.dropped
        yield from member_table.members_in_table(table, problems, rows)

    def members_digest(self) -> str:
        """Return the digest (hex) of all that `members` reads: the names in the folder with their kind, and members.

        Problems and columns name the file as it is shown: a link by the file that it leads to.
        """
        names = sorted((one.name, one.is_file()) for one in os.scandir(self.path)) if self.path.is_dir() else ()
        files = (self.path / name for name in MEMBER_FILES)
        found = [(shown_path(file), file_sha256(file)) for file in files if file.is_file()]
        whole = sha256(repr((str(self.path), names, found)).encode())
        return whole.hexdigest() if all(digest for _, digest in found) else ""

    def ledger(self) -> LedgerSource | None:
        """Return the ledger, or None without a ledger file."""
        file = self._only(LEDGERS)
        if file is None:
            return None
        from members_portal.loyalty.ledger.ledger_file import CsvLedger, ParquetLedger, YamlLedger

        kinds: dict[str, Callable[[Path], LedgerSource]] = {
            ".csv": lambda path: CsvLedger(path, ledger_rule.LEDGER_COLUMNS, ledger_rule.LEDGER_REQUIRED),
            ".parquet": ParquetLedger,
            ".yaml": YamlLedger,
        }
        return kinds[file.suffix](file)

    def ledger_digest(self) -> str:
        """Return the digest (hex) of the ledger file; empty without one that can be read."""
        file = self._only(LEDGERS)
        digest = file_sha256(file) if file else ""
        return sha256(f"{file}\0{digest}".encode("utf-8", "surrogateescape")).hexdigest() if digest else ""

    def unread_files(self) -> Iterator[Problem]:
        """Yield a problem for each file that is not read, although its name is almost that of a source.

        It is an error where only upper and lower case differ and no file has the right name: all members or all
        balances would be lost.
        """
        is_shop = (self.path / SHOP_FILE).exists()  # its exports have any name
        for path in sorted(self.path.iterdir()) if self.path.is_dir() else ():
            for names in (MEMBER_FILES, LEDGERS, (SHOP_FILE,)):
                exists = any((self.path / name).exists() for name in names)
                if path.name in names or not path.is_file():
                    continue
                if meant := same_but_case(path.name, names):
                    problem = Problem(shown_path(path), 0, 0, "is not read: its name differs in case", f"`{meant}`")
                    yield problem.as_warning() if exists else problem
                elif not exists and SHOP_FILE not in names and _is_near(path, names, is_shop=is_shop):
                    yield Problem(shown_path(path), 0, 0, "is not read", " or ".join(names)).as_warning()

    def without_ledger(self) -> Iterator[Problem]:
        """Yield a warning, unless a file with almost the right name has one."""
        if not any(_is_near(path, LEDGERS) for path in self.path.iterdir()):
            what = "holds no ledger: nobody has points or spend"
            yield Problem(shown_path(self.path), 0, 0, what, " or ".join(LEDGERS)).as_warning()

    def _only(self, names: tuple[str, ...]) -> Path | None:
        """Return the file of these names, or None; raise InvalidInput when there are two."""
        found = [self.path / name for name in names if (self.path / name).exists()]
        if len(found) > 1:
            what = f"lies beside {found[0].name}"
            raise InvalidInput([Problem(shown_path(found[1]), 0, 0, what, "only one of the two files")])
        for file in found:
            check_regular(file)
        return found[0] if found else None


def _is_near(path: Path, names: Sequence[str], *, is_shop: bool = False) -> bool:
    """Return whether a file may be meant as one of the names: `ledger.xlsx`, `ledger (1).csv`, `Ledgers.csv`."""
    meant, stem = Path(names[0]).stem, path.name.casefold().partition(".")[0]
    if is_shop:
        return path.stem.casefold() == meant
    return path.is_file() and (meant in path.name.casefold() or bool(closest(stem, (meant,), NEAR_NAME)))


def file_sha256(file: Path) -> str:
    """Return the SHA-256 (hex) of a file; empty for one that can't be read, which its reader tells."""
    try:
        with file.open("rb") as data:
            return file_digest(data, "sha256").hexdigest()
    except OSError:
        return ""


def _members_in_yaml(path: Path, problems: list[Problem]) -> Iterator[RawMember]:
    """Yield the members of a YAML list; raise InvalidInput when the file holds no list."""
    located = load_yaml(path, private=True)
    problems += located.problems
    if not isinstance(located.value, list):
        raise InvalidInput([located.problem((), "holds no list", "one `- id: …` a member")])
    for index, value in enumerate(located.value):
        yield RawMember(located, (index,), value)
