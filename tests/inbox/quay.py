"""The portal of these tests: its inbox, and what the command makes of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from tests.inbox.letters import Letter
from tests.publish.project import Project, Run


@dataclass(frozen=True)
class Quay:
    """A project with forms, and its files of answers."""

    project: Project

    @property
    def root(self) -> Path:
        return self.project.root

    @property
    def inbox(self) -> Path:
        return self.root / "members" / "inbox"

    @property
    def post(self) -> Path:
        """The folder in which messages arrive."""
        folder = self.root / "post"
        folder.mkdir(exist_ok=True)
        return folder

    def arrive(self, *letters: Letter) -> None:
        """Put answers into the folder of messages, in this order."""
        for number, letter in enumerate(letters, len(list(self.post.rglob("*.txt")))):
            (self.post / f"{number:05}.txt").write_text(letter.text)

    def run(self, *arguments: str, **environ: str) -> Run:
        """Run `portal inbox`."""
        return self.project.portal("inbox", *arguments, **environ)

    def take(self, *letters: Letter, **environ: str) -> Run:
        """Take answers from the folder, and be sure that it worked."""
        self.arrive(*letters)
        run = self.run("post", **environ)
        assert run.code == 0, run.text
        return run

    def rows(self, name: str) -> list[dict[str, str]]:
        """Read a file of the inbox as a spreadsheet does."""
        file = self.inbox / name
        if not file.exists():
            return []
        with file.open(encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))

    def column(self, name: str, column: str) -> list[str]:
        return [row[column] for row in self.rows(name)]

    def contents(self) -> dict[str, bytes]:
        """Read all files of the inbox."""
        files = (path for path in self.inbox.rglob("*") if path.is_file())
        return {path.relative_to(self.inbox).as_posix(): path.read_bytes() for path in files}
