"""The exit codes of the command `portal`."""

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.publish.publish_error import Leak, Locked, LossFound
from members_portal.seal.seal_error import ForeignSlots

OK, ERROR, USAGE, INVALID, LEAK, LOCKED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130  # the shell's own for SIGINT: 128 + 2
SIGNALLED = 128  # plus the number of the signal, as in a shell

_CODES = {
    InvalidInput: INVALID,
    LossFound: INVALID,
    Leak: LEAK,
    ForeignSlots: LEAK,
    Locked: LOCKED,
    KeyboardInterrupt: INTERRUPTED,
}


def exit_code(error: BaseException) -> int:
    """Return the exit code of the command for an error."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), ERROR)
