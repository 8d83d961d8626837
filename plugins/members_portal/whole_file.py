"""Private files and folders, and their atomic replacement.

After a crash the old or the new content is there, never a mixture.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SUFFIX = ".tmp"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
PRIVATE_UMASK = 0o077  # new files have mode 0600, new folders 0700


def make_private(folder: Path) -> None:
    """Create a folder with mode 0700, or set this mode: its content is then private, whatever the modes below it."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)


@contextmanager
def private_umask() -> Iterator[None]:
    """Let new files have mode 0600 and new folders 0700, in the whole process."""
    umask = os.umask(PRIVATE_UMASK)
    try:
        yield
    finally:
        os.umask(umask)


def draft_of(file: Path) -> Path:
    """Return the path of the draft beside a file."""
    return file.with_name(f".{file.name}{SUFFIX}")


@contextmanager
def replaced_file(file: Path, draft: Path | None = None) -> Iterator[Path]:
    """Yield the path of a draft; rename it to `file` at the end, or remove it on an error.

    The draft is beside `file` under a fixed name, so that the next run removes the draft of a killed run. Concurrent
    writers of the same file must pass different drafts.
    """
    draft = draft or draft_of(file)
    try:
        draft.unlink(missing_ok=True)
        yield draft
        draft.replace(file)
    except OSError as error:
        if error.filename == str(draft):
            raise OSError(error.errno, error.strerror, str(file)) from None  # the draft is unknown to the user
        raise
    finally:
        with suppress(NotADirectoryError):
            draft.unlink(missing_ok=True)


@contextmanager
def replaced_folder(folder: Path, mode: int = PRIVATE_FOLDER) -> Iterator[Path]:
    """Yield an empty draft folder; remove the old `folder` and rename the draft to it at the end.

    On an error the draft is removed. A crash between removal and renaming leaves no folder, but never a mixture.
    """
    draft = folder.with_name(f".{folder.name}{SUFFIX}")
    folder.parent.mkdir(mode=mode, parents=True, exist_ok=True)
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(mode=mode)
    try:
        yield draft
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
