"""Handling of Ctrl-C: raise KeyboardInterrupt, but not during an import, and again where Python has ignored it.

Some extension modules abort the process when an exception is raised during their import (nanobind does). An exception
in a finalizer or in a callback from C is only reported (sys.unraisablehook).
"""

import os
import signal
import sys
import threading
import time
from types import FrameType

AGAIN = 0.02  # seconds until a delayed interrupt is raised again
IMPORTS = "<frozen importlib._bootstrap>"


def handle_interrupts() -> None:
    """Install the handlers of SIGINT and of unraisable exceptions.

    A process started with SIGINT ignored (a background job) keeps ignoring it.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
        sys.unraisablehook = retry_unraisable


def interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt; during an import, raise it later."""
    if importing(frame):
        interrupt_soon()
    else:
        signal.default_int_handler(signum, frame)


def importing(frame: FrameType | None) -> bool:
    """Return whether a frame or one of its callers is an import."""
    while frame is not None:
        if frame.f_code.co_filename == IMPORTS:
            return True
        frame = frame.f_back
    return False


def interrupt_soon() -> None:
    """Send SIGINT to this process after AGAIN seconds, from a thread."""
    threading.Thread(target=interrupt_later, daemon=True).start()  # a Timer never ends under a fake clock (faketime)


def interrupt_later() -> None:
    """Sleep for AGAIN seconds, and send SIGINT to this process."""
    time.sleep(AGAIN)
    os.kill(os.getpid(), signal.SIGINT)


def retry_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Interrupt again after an unraisable KeyboardInterrupt; report other exceptions as Python does."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        interrupt_soon()
    else:
        sys.__unraisablehook__(unraisable)
