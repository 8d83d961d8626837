"""Verifiers: programs of others that check PDF files, used when they are there."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf

QPDF, VERAPDF = "qpdf", "verapdf"
SHOWN = 300  # characters of what a program says
QPDF_CLEAN = 0


def check_syntax(path: Path) -> Iterator[str]:
    """Say what qpdf finds wrong with a file's syntax, by its library where the program isn't there."""
    if shutil.which(QPDF):
        yield from _qpdf(path)
        return
    try:
        with pikepdf.open(path) as pdf:
            yield from pdf.check_pdf_syntax()
    except pikepdf.PdfError as error:
        yield f"can't be read: {error}"


def _qpdf(path: Path) -> Iterator[str]:
    run = subprocess.run([QPDF, "--check", str(path)], capture_output=True, text=True, check=False)
    if run.returncode != QPDF_CLEAN:
        yield f"qpdf --check: {run.stderr.strip()[:SHOWN]}"


def verify_with_verapdf(path: Path, flavour: str = "ua1") -> str | None:
    """Say what veraPDF finds wrong with a file, "" for nothing; None when it isn't on PATH, which callers say."""
    if not shutil.which(VERAPDF):
        return None
    command = [VERAPDF, "--flavour", flavour, "--format", "text", "--verbose", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    passed = run.stdout.startswith("PASS")
    return "" if passed else (run.stdout or run.stderr).strip()[:SHOWN]
