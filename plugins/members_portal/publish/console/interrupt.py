"""Handling of Ctrl-C and SIGTERM: raise KeyboardInterrupt, but not during an import, and again where Python ignored it.

Some extension modules abort the process when an exception is raised during their import (nanobind does). An exception
in a finalizer or in a callback from C is only reported (sys.unraisablehook).
"""

import os
import signal
import sys
import threading
import time
from functools import partial
from types import FrameType

AGAIN = 0.02  # seconds until a delayed interrupt is raised again
IMPORTS = "<frozen importlib._bootstrap>"
ENDING = (signal.SIGTERM, signal.SIGHUP)


class Terminated(KeyboardInterrupt):
    """Raised by a signal of ENDING, so that a command cleans up as after Ctrl-C; `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def handle_interrupts() -> None:
    """Install the handlers of SIGINT, of the signals in ENDING, and of unraisable exceptions.

    A process started with SIGINT ignored (a background job) keeps ignoring it.
    """
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, partial(terminate, os.getpid()))
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
        sys.unraisablehook = retry_unraisable


def interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt; during an import, raise it later."""
    if importing(frame):
        interrupt_soon()
    else:
        signal.default_int_handler(signum, frame)


def terminate(process: int, signum: int, frame: FrameType | None) -> None:
    """Raise Terminated, during an import later; a second signal, and one to a forked process, ends the process."""
    if os.getpid() != process:
        end_by(signum)
    elif importing(frame):
        interrupt_soon(signum)
    else:
        signal.signal(signum, signal.SIG_DFL)
        raise Terminated(signum)


def end_by(number: int) -> None:
    """End this process by a signal, as if it was not handled."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def importing(frame: FrameType | None) -> bool:
    """Return whether a frame or one of its callers is an import."""
    while frame is not None:
        if frame.f_code.co_filename == IMPORTS:
            return True
        frame = frame.f_back
    return False


def interrupt_soon(number: int = signal.SIGINT) -> None:
    """Send a signal to this process after AGAIN seconds, from a thread."""
    # a Timer never ends under a fake clock (faketime)
    threading.Thread(target=interrupt_later, args=(number,), daemon=True).start()


def interrupt_later(number: int) -> None:
    """Sleep for AGAIN seconds, and send a signal to this process."""
    time.sleep(AGAIN)
    os.kill(os.getpid(), number)


def retry_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Interrupt again after an unraisable KeyboardInterrupt; report other exceptions as Python does."""
    if isinstance(unraisable.exc_value, Terminated):
        signal.signal(unraisable.exc_value.number, partial(terminate, os.getpid()))
        interrupt_soon(unraisable.exc_value.number)
    elif issubclass(unraisable.exc_type, KeyboardInterrupt):
        interrupt_soon()
    else:
        sys.__unraisablehook__(unraisable)
