"""The candidate: a sealed release that is not in force yet, and the data that the checks compare it with."""

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.search.leak_search import LeakSearch
from members_portal.publish.issue.portal_pdfs import PortalPdfs
from members_portal.seal import Secret
from members_portal.seal.audit import is_sealed_path
from members_portal.seal.format.bootstrap import PATH
from members_portal.seal.format.signature import DIGESTS, SIGNATURE
from members_portal.work_record import WorkRecord

_CARDS_AND_MANIFESTS = re.compile(r"_/(?:c/[0-9a-f]{32}/[0-9a-f]{4}|m/[0-9a-f]{32}/[0-7]|l/[0-9a-f]{32})")
_OWN_FILES = frozenset({PATH, DIGESTS, SIGNATURE})


@dataclass(frozen=True)
class Candidate:
    """A release in `folder`, sealed from the tree of `context`; `pdfs` lists the expected PDFs.

    `work` keeps results of the checks between publishes.
    """

    folder: Path
    inputs: Inputs
    secret: Secret
    context: PublishContext
    pdfs: PortalPdfs = field(default_factory=PortalPdfs)
    work: WorkRecord = field(default_factory=WorkRecord, compare=False)
    inspected: set[str] = field(default_factory=set, compare=False)  # digests of pictures
    pdf_reader: PdfReader = field(default_factory=PdfReader, compare=False)

    @property
    def tree(self) -> Path:
        """The rendered tree, in plaintext."""
        return self.context.tree

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

    def digest(self, file: Path) -> str:
        """Return the SHA-256 (hex) of a file; each file is read once."""
        name = str(file)
        if name not in self._digests:
            self._digests[name] = sha256(file.read_bytes()).hexdigest()
        return self._digests[name]

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {}


def paths_in(root: Path) -> list[str]:
    """Return the paths of all files and links of a folder."""
    start = len(f"{root}/")
    found = (
        os.path.join(folder, name)
        for folder, folders, files in os.walk(root)
        for name in (*files, *(name for name in folders if os.path.islink(os.path.join(folder, name))))
    )
    return [path[start:] for path in found]


def is_sealed(path: str) -> bool:
    """Return whether a path is that of a sealed file."""
    return bool(_CARDS_AND_MANIFESTS.fullmatch(path) or is_sealed_path(path))
