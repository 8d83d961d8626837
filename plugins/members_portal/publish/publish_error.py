"""The errors of a publish. exit_code.py lists their exit codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import IOBase
from traceback import walk_tb

from members_portal.inbox.inbox_error import InboxError
from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.newsletter.print_error import PrintError
from members_portal.seal import SealError
from members_portal.source.unreadable import Unreadable
from members_portal.workers.worker_error import WorkerError


class PublishError(Exception):
    """Raised when a publish can't continue; the message states the remedy."""


class Leak(PublishError):
    """Raised by the gate; `findings` lists the faults of the new release."""

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        super().__init__("\n".join(findings))


REMEDY = "If this is meant, `portal publish --accept-changes` goes on."


@dataclass(frozen=True)
class Loss:
    """A difference from the release in force beyond a limit: the measures as text, and in Markdown for CI."""

    release: str
    table: str
    markdown: str

    @property
    def reason(self) -> str:
        """The reason why a publish stops, as a message."""
        return f"members or ledger differ too much from release {self.release}, which is in force"

    @property
    def acceptance(self) -> str:
        """The message of a publish that went on."""
        return f"accepted with --accept-changes: members or ledger differ from release {self.release}"


class LossFound(PublishError):
    """Raised when the inputs lost too much of what the release in force holds.

    `warnings` are those of the inputs: they often name the reason.
    """

    def __init__(self, loss: Loss, warnings: Sequence[Problem] = ()) -> None:
        self.loss, self.warnings = loss, warnings
        super().__init__(f"{loss.reason}:\n\n{loss.table}\n\n{REMEDY}")


class Locked(PublishError):
    """Raised when another publish is running."""


class UnknownMember(PublishError):
    """Raised for an id that no member has; suggests the id that differs only in case, hyphens or spaces."""

    def __init__(self, member_id: str, ids: Iterable[str], where: str = "") -> None:
        meant = next((known for known in ids if _plain(known) == _plain(member_id)), "")
        hint = f" (did you mean `{meant}`?)" if meant else ""
        super().__init__(f"no member has the id {member_id!r}{where}{hint}")


def _plain(member_id: str) -> str:
    return "".join(filter(str.isalnum, member_id)).casefold()


def file_written(error: OSError) -> str:
    """Return the name of the file that could not be written, "" if unknown.

    Failed writes carry no file name (only failed opens do): take the innermost open file of the traceback."""
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        for value in frame.f_locals.values():
            if isinstance(value, IOBase) and isinstance(name := getattr(value, "name", None), str):
                return name
    return ""


EXPECTED_ERRORS = (PublishError, InvalidInput, InboxError, PrintError, SealError, Unreadable, WorkerError, OSError)
