"""The errors of a publish and their exit codes."""

from io import IOBase
from traceback import walk_tb

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.newsletter.print_error import PrintError
from members_portal.seal import SealError
from members_portal.source.unreadable import Unreadable

OK, ERROR, USAGE, INVALID, LEAK, LOCKED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


class PublishError(Exception):
    """Raised when a publish can't continue; the message states the remedy."""

    exit_code = ERROR


class Leak(PublishError):
    """Raised by the gate; `findings` lists the faults of the new release."""

    exit_code = LEAK

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        super().__init__("\n".join(findings))


class Locked(PublishError):
    """Raised when another publish is running."""

    exit_code = LOCKED


def exit_code(error: BaseException) -> int:
    """Return the exit code of the command for an error."""
    if isinstance(error, PublishError):
        return error.exit_code
    if isinstance(error, InvalidInput):
        return INVALID
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else ERROR


def file_written(error: OSError) -> str:
    """Return the name of the file that could not be written, "" if unknown.

    Failed writes carry no file name (only failed opens do): take the innermost open file of the traceback."""
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        for value in frame.f_locals.values():
            if isinstance(value, IOBase) and isinstance(name := getattr(value, "name", None), str):
                return name
    return ""


EXPECTED = (PublishError, InvalidInput, PrintError, SealError, Unreadable, OSError)
