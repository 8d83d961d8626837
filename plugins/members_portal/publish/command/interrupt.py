"""Ctrl-C, raised where it ends the command: neither during an import nor where Python would swallow it.

Extension modules abort the process if an exception reaches them while they are imported (nanobind does), and one
raised in a finalizer or in a callback from C is reported and forgotten.
"""

import os
import signal
import sys
import threading
from types import FrameType

AGAIN = 0.02  # seconds until an interrupt that had to wait is tried again
IMPORTS = "<frozen importlib._bootstrap>"


def heed_interrupts() -> None:
    """Have Ctrl-C raise `KeyboardInterrupt` in the main thread as soon as it can end the command.

    Where the command was started with interrupts ignored (in the background, say), it stays so.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
        sys.unraisablehook = try_again_if_swallowed


def interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise `KeyboardInterrupt`, or wait while anything is being imported."""
    if importing(frame):
        interrupt_soon()
    else:
        signal.default_int_handler(signum, frame)


def importing(frame: FrameType | None) -> bool:
    """Say whether a frame runs, directly or not, inside an import."""
    while frame is not None:
        if frame.f_code.co_filename == IMPORTS:
            return True
        frame = frame.f_back
    return False


def interrupt_soon() -> None:
    """Interrupt the main thread in a moment."""
    timer = threading.Timer(AGAIN, os.kill, (os.getpid(), signal.SIGINT))
    timer.daemon = True
    timer.start()


def try_again_if_swallowed(unraisable: "sys.UnraisableHookArgs") -> None:
    """Interrupt once more if it was the interrupt that couldn't be raised; report anything else as Python does."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        interrupt_soon()
    else:
        sys.__unraisablehook__(unraisable)
