"""The candidate: a sealed release that is not in force yet, and the data that the checks compare it with."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.issue.portal_pdfs import PortalPdfs
from members_portal.seal import Secret
from members_portal.seal.member_slots import SLOTS_FILE, MemberSlots


@dataclass(frozen=True)
class Candidate:
    """A release in `folder`, sealed from the tree of `context`; `pdfs` lists the expected PDFs."""

    folder: Path
    inputs: Inputs
    secret: Secret
    context: PublishContext
    pdfs: PortalPdfs = field(default_factory=PortalPdfs)
    inspected: set[str] = field(default_factory=set, compare=False)  # digests of pictures
    pdf_reader: PdfReader = field(default_factory=PdfReader, compare=False)

    @property
    def tree(self) -> Path:
        """The rendered tree, in plaintext."""
        return self.context.tree

    @cached_property
    def slots(self) -> MemberSlots:
        """The rendered slots of all members."""
        return MemberSlots(self.tree / SLOTS_FILE)
