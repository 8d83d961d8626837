"""A folder of files: members.yaml or members.csv, and ledger.csv, ledger.parquet or ledger.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.located_yaml import load_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, check_regular, same_but_case, shown_path
from members_portal.loyalty.ledger import ledger_rule
from members_portal.loyalty.member import member_table
from members_portal.loyalty.member.member import RawMember

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import LedgerSource

SHOP_FILE = "shop.yaml"  # a folder with this file holds exports of a shop
MEMBER_FILES = ("members.yaml", "members.csv")
BOOKED = "ledger.csv"  # the only ledger beside exports: a till's list is booked into it
LEDGERS = ("ledger.csv", "ledger.parquet", "ledger.yaml")


@dataclass(frozen=True)
class Folder:
    """A folder with the files of members and ledger."""

    path: Path

    def members(self, problems: list[Problem], dropped: dict[str, tuple[str, ...]]) -> Iterator[RawMember]:
        """Yield the members; add unused columns to `dropped`."""
        file = self._only(MEMBER_FILES) or self.path / MEMBER_FILES[0]
        problems += self.unread_files()
        if file.suffix == ".yaml":
            yield from _members_in_yaml(file, problems)
            return
        table = CsvTable(file, member_table.MEMBER_COLUMNS, member_table.MEMBER_REQUIRED)
        dropped[table.name] = table.header.dropped
        yield from member_table.members_in_table(table, problems)

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

    def unread_files(self) -> Iterator[Problem]:
        """Yield a problem for each file that is not read, although its name is almost that of a source.

        It is an error where only upper and lower case differ and no file has the right name: all members or all
        balances would be lost.
        """
        for path in sorted(self.path.iterdir()) if self.path.is_dir() else ():
            for names in (MEMBER_FILES, LEDGERS, (SHOP_FILE,)):
                exists = any((self.path / name).exists() for name in names)
                if path.name in names or not path.is_file():
                    continue
                if meant := same_but_case(path.name, names):
                    problem = Problem(shown_path(path), 0, 0, "is not read: its name differs in case", f"`{meant}`")
                    yield problem.as_warning() if exists else problem
                elif path.stem.casefold() == Path(names[0]).stem and not exists and SHOP_FILE not in names:
                    yield Problem(shown_path(path), 0, 0, "is not read", " or ".join(names)).as_warning()

    def _only(self, names: tuple[str, ...]) -> Path | None:
        """Return the file of these names, or None; raise InvalidInput when there are two."""
        found = [self.path / name for name in names if (self.path / name).exists()]
        if len(found) > 1:
            what = f"lies beside {found[0].name}"
            raise InvalidInput([Problem(shown_path(found[1]), 0, 0, what, "only one of the two files")])
        for file in found:
            check_regular(file)
        return found[0] if found else None


def _members_in_yaml(path: Path, problems: list[Problem]) -> Iterator[RawMember]:
    """Yield the members of a YAML list; raise InvalidInput when the file holds no list."""
    located = load_yaml(path, private=True)
    problems += located.problems
    if not isinstance(located.value, list):
        raise InvalidInput([located.problem((), "holds no list", "one `- id: …` a member")])
    for index, value in enumerate(located.value):
        yield RawMember(located, (index,), value)
