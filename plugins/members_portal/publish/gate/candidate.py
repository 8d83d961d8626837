"""The candidate: a sealed release before it is put in force, with everything that the checks compare it to."""

from dataclasses import dataclass, field
from pathlib import Path

from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.issue.portal_pdfs import PortalPdfs
from members_portal.seal import Secret


@dataclass(frozen=True)
class Candidate:
    """A release in `folder`, sealed from the tree of `context`; `pdfs` lists the PDFs that it has to hold."""

    folder: Path
    inputs: Inputs
    secret: Secret
    context: PublishContext
    pdfs: PortalPdfs = field(default_factory=PortalPdfs)

    @property
    def tree(self) -> Path:
        """The rendered tree, in clear."""
        return self.context.tree
