"""Small sites to seal: a tree written from a dictionary, a secret, and successive publishes."""

from __future__ import annotations

import datetime
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from members_portal.seal import BatchRunner, Enrolment, SealReport, Secret, access_code, seal_release
from members_portal.seal.format.decoys import DecoyKind, decoy_kind
from members_portal.seal.format.manifest import encode_json
from members_portal.seal.member_slots import PIECES_FILE, SLOTS_FILE
from members_portal.seal.record_memory import Memory

DATE = datetime.date(2026, 11, 21)
GREETING = {"greeting": [{"html": "Good evening, Maya", "from": None, "until": None}]}
SITE = {
    "public/index.html": "<h1>Lantern</h1>",
    "public/theme/portal.css": "h1 { color: teal }",
    "editions/gold/index.html": "<!--slot:greeting-->Good evening<!--/slot-->" + "<p>words</p>" * 400,
    "editions/gold/offers/tasting/index.html": "<h1>A tasting</h1>",
    "editions/gold/images/roast.png": "\x89PNG pixels",
    "editions/silver/index.html": "<h1>Silver</h1>",
    "editions/silver/images/roast.png": "\x89PNG pixels",
    "editions/staff/index.html": "<h1>Staff</h1>",
    "members/M-1001/slots.json": encode_json(GREETING).decode(),
    "members/M-1001/letter.pdf": "%PDF a letter to Maya",
}
ROSTER = (
    Enrolment("M-1001", "gold", 1),
    Enrolment("M-1002", "silver", 1),
    Enrolment("M-1003", "silver", 4),
)


_OWN_TEXT = re.compile("members/([^/]+)/own text:(.+)")


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder; `members/<id>/slots.json` is a line of `slots.tsv` and a piece.

    `members/<id>/own text:<path>` is the own text of a member with slots.
    """
    written, lines, pieces = dict[str, bytes](), list[str](), list[bytes]()
    encoded = {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}
    texts = {found[1]: (found[2], data) for path, data in encoded.items() if (found := _OWN_TEXT.fullmatch(path))}
    for path, data in encoded.items():
        if member := re.fullmatch("members/([^/]+)/slots.json", path):
            pieces.append(zlib.compress(data))
            covered, line = member[1].encode() + b"\0" + data, f"{len(pieces[-1])}"
            if member[1] in texts:
                own, text = texts[member[1]]
                pieces.append(zlib.compress(text))
                digest = hashlib.sha256(text).hexdigest()
                covered, line = covered + f"\0{own}\0{digest}".encode(), f"{line}\t{own}\t{digest}\t{len(text)}"
                line += f"\t{len(pieces[-1])}"
            lines.append(f"{member[1]}\t{hashlib.sha256(covered).hexdigest()}\t{line}\n")
        elif not _OWN_TEXT.fullmatch(path):
            written[path] = data
    if lines:
        written |= {SLOTS_FILE: "".join(lines).encode(), PIECES_FILE: b"".join(pieces)}
    for path, data in written.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return root


def secret_of(name: str) -> Secret:
    """Return a secret derived from a name."""
    return Secret(hashlib.sha256(name.encode()).digest())


@dataclass
class Site:
    """A site in a folder, and its successive releases."""

    root: Path
    files: dict[str, str | bytes] = field(default_factory=lambda: dict(SITE))
    roster: tuple[Enrolment, ...] = ROSTER
    secret: Secret = field(default_factory=lambda: secret_of("lantern"))
    generation: int = 1
    sequence: int = 0
    edition_files: frozenset[str] = frozenset()
    memory: Memory | None = None
    done: Callable[[int, int], None] | None = None
    runner: BatchRunner | None = None

    @property
    def release(self) -> Path:
        """Return the folder of the newest release."""
        return self.root / f"release-{self.sequence}"

    def publish(self) -> SealReport:
        """Seal the current files into a new release."""
        previous = self.release if self.sequence else None
        self.sequence += 1
        return seal_release(
            write_tree(self.root / f"tree-{self.sequence}", self.files),
            self.roster,
            secret=self.secret,
            publish_id=hashlib.sha256(f"{self.root}{self.sequence}".encode()).hexdigest()[:32],
            sequence=self.sequence,
            date=DATE,
            generation=self.generation,
            out=self.release,
            previous=previous,
            edition_files=self.edition_files,
            durable=False,
            memory=self.memory,
            done=self.done,
            runner=self.runner,
        )

    def code(self, member: str) -> str:
        """Return the access code of an enrolled member."""
        version = next(one.code_version for one in self.roster if one.member == member)
        return access_code(self.secret, member, version)

    def blobs(self) -> dict[str, bytes]:
        """Return the messages of the newest release's blobs, without decoys, by id."""
        return {name: data for name, data in self.messages().items() if self.kind(name) is None}

    def decoys(self, kind: DecoyKind) -> dict[str, bytes]:
        """Return the messages of the newest release's decoys of one kind, by id."""
        return {name: data for name, data in self.messages().items() if self.kind(name) == kind}

    def messages(self) -> dict[str, bytes]:
        """Return the messages of the newest release's blobs and decoys, by id."""
        return {path.name: path.read_bytes() for path in (self.release / "_/b").glob("*/*")}

    def kind(self, name: str) -> DecoyKind | None:
        """Return the kind of a decoy; None for a blob."""
        return decoy_kind(self.secret, self.generation, name)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, by path."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def members_of(roster: Iterable[Enrolment]) -> list[str]:
    """Return the member ids of a roster."""
    return [enrolment.member for enrolment in roster]
