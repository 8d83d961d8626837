"""Errors of workers."""


class WorkerError(Exception):
    """Raised when workers can't be reached, die again and again, or differ from this machine."""
