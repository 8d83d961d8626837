"""The candidate: a sealed release that is not in force yet, and the data that the checks compare it with."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from members_portal.loyalty.member.member import Member
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.fingerprint import FileDigests, code_digest
from members_portal.publish.gate.kept.passed_files import PassedFiles
from members_portal.publish.gate.kept.sealed_digests import SealedDigests
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.search.leak_search import LeakSearch
from members_portal.publish.issue.portal_pdfs import PortalPdfs
from members_portal.seal import OpenedRelease, Secret, access_code, open_edition, open_release
from members_portal.seal.audit import is_sealed_path
from members_portal.seal.format.bootstrap import PATH
from members_portal.seal.format.cards import ManifestSlot
from members_portal.seal.format.manifest import Manifest
from members_portal.seal.format.signature import DIGESTS, SIGNATURE
from members_portal.seal.member_slots import MemberSlots
from members_portal.seal.reader import read_bootstrap
from members_portal.work_record import WorkRecord

_CARDS_AND_MANIFESTS = re.compile(r"_/(?:c/[0-9a-f]{32}/[0-9a-f]{4}|m/[0-9a-f]{32}/[0-7]|l/[0-9a-f]{32})")
FromInputs = TypeVar("FromInputs")
_OWN_FILES = frozenset({PATH, DIGESTS, SIGNATURE})


@dataclass(frozen=True)
class Candidate:
    """A release in `folder`, sealed from the tree of `context`; `pdfs` lists the expected PDFs.

    `previous` is the release in force, if this publish has verified it. `work` keeps results of the checks between
    publishes. `digests` has those of files that were read before.
    """

    folder: Path
    inputs: Inputs
    secret: Secret
    context: PublishContext
    pdfs: PortalPdfs = field(default_factory=PortalPdfs)
    previous: Path | None = None
    work: WorkRecord = field(default_factory=WorkRecord, compare=False)
    digests: FileDigests = field(default_factory=FileDigests, compare=False)
    inspected: set[str] = field(default_factory=set, compare=False)  # digests of pictures
    pdf_reader: PdfReader = field(default_factory=PdfReader, compare=False)
    _made: dict[tuple[str, str], Any] = field(default_factory=dict, init=False, compare=False)
    _sealed_digests: dict[str, str] = field(default_factory=dict, init=False, compare=False)
    _passed: dict[str, PassedFiles] = field(default_factory=dict, init=False, compare=False)
    _editions: dict[str, OpenedRelease] = field(default_factory=dict, init=False, compare=False)
    _sign_ins: dict[str, OpenedRelease] = field(default_factory=dict, init=False, compare=False)
    _manifests: dict[ManifestSlot, Manifest] = field(default_factory=dict, init=False, compare=False)

    @cached_property
    def tree(self) -> Path:
        """The rendered tree, in plaintext."""
        return self.context.tree

    @cached_property
    def rendered(self) -> frozenset[str]:
        """The paths of all files and links of the rendered tree."""
        return frozenset(paths_in(self.tree))

    @cached_property
    def rendered_editions(self) -> Mapping[str, list[str]]:
        """The paths of the rendered files of each edition, below its folder."""
        found = defaultdict[str, list[str]](list)
        for path in self.rendered:
            top, _, rest = path.partition("/")
            if top == "editions":
                reader, _, path = rest.partition("/")
                found[reader].append(path)
        return found

    @cached_property
    def slots(self) -> MemberSlots:
        """The rendered slots of all members."""
        return MemberSlots(self.tree)

    @cached_property
    def leaks(self) -> LeakSearch:
        """The search for texts that are hidden from readers."""
        return LeakSearch(self.inputs, self.secret, self.context, self.work)

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of all files and links of the release."""
        return frozenset(paths_in(self.folder))

    @cached_property
    def clear_files(self) -> frozenset[str]:
        """The paths of plaintext files, without the bootstrap, digests and signature."""
        return frozenset(path for path in self.files if not is_sealed(path)) - _OWN_FILES

    @cached_property
    def publish_id(self) -> str:
        """The publish id of the release."""
        return read_bootstrap(self.folder).publish

    def digest(self, file: Path | str) -> str:
        """Return the SHA-256 (hex) of a file in plaintext; each file is read once."""
        return self.digests.of(str(file))

    def sealed_digest(self, path: str) -> str:
        """Return the SHA-256 (hex) of a sealed file of the release."""
        if path not in self._sealed_digests:
            self._sealed_digests[path] = self._sealed.of(path)
        return self._sealed_digests[path]

    def own_file(self, member: Member, path: str) -> bytes:
        """Return a rendered file of a member; raise OSError without one."""
        place = self.slots.texts.get(member.id)
        if place and place.path == path:
            return place.read()
        return (self.tree / "members" / member.id / path).read_bytes()

    def once(self, name: str, reader: str, make: Callable[[Inputs, str], FromInputs]) -> FromInputs:
        """Return what a function makes of the inputs for a reader; it is called once."""
        if (name, reader) not in self._made:
            self._made[name, reader] = make(self.inputs, reader)
        found: FromInputs = self._made[name, reader]
        return found

    def passed(self, check: str) -> PassedFiles:
        """Return the files that passed a check of their bytes, now or at an earlier publish."""
        if check not in self._passed:
            self._passed[check] = PassedFiles(self.work, check, code_digest(self.context.code))
        return self._passed[check]

    def edition(self, reader: str) -> OpenedRelease:
        """Open an edition of the release; each is opened once."""
        if reader not in self._editions:
            self._editions[reader] = open_edition(self.folder, self.secret, reader, self._manifests)
        return self._editions[reader]

    def sign_in(self, member: Member) -> OpenedRelease:
        """Open the release with the code of a member; each signs in once. Editions share the manifest that is read."""
        if member.id not in self._sign_ins:
            code = access_code(self.secret, member.id, member.code_version)
            opened = open_release(self.folder, code, self.secret.public_key, self._manifests)
            self._sign_ins[member.id] = opened
        return self._sign_ins[member.id]

    def keep(self) -> None:
        """Keep the results of the checks in the work record."""
        self.leaks.keep()
        for passed in self._passed.values():
            passed.keep()

    @cached_property
    def _sealed(self) -> SealedDigests:
        return SealedDigests(self.folder, self.previous, self.secret)


def whole_content(file: str) -> bytes:
    """Return the bytes of a file. A publish reads thousands: a Path takes as long to make as a small file to read."""
    with open(file, "rb", buffering=0) as opened:
        return opened.read()


def paths_in(root: Path | str) -> Iterator[str]:
    """Yield the paths of all files and links of a folder."""
    if os.path.isdir(root):
        yield from _paths_below(str(root), "")


def _paths_below(folder: str, prefix: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _paths_below(entry.path, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name


def is_sealed(path: str) -> bool:
    """Return whether a path is that of a sealed file."""
    return bool(_CARDS_AND_MANIFESTS.fullmatch(path) or is_sealed_path(path))
