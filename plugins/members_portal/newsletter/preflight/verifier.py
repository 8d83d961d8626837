"""External PDF verifiers, used when installed: qpdf and veraPDF."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf

QPDF, VERAPDF = "qpdf", "verapdf"
OUTPUT_SHOWN = 300  # characters of a program's output
QPDF_CLEAN = 0


def check_syntax(path: Path) -> Iterator[str]:
    """Yield the syntax errors found by qpdf; by its library (pikepdf) when the program isn't installed."""
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
        yield f"qpdf --check: {run.stderr.strip()[:OUTPUT_SHOWN]}"


def verify_with_verapdf(path: Path, flavour: str = "ua1") -> str | None:
    """Return the errors found by veraPDF, "" for none; None when veraPDF isn't on PATH."""
    if not shutil.which(VERAPDF):
        return None
    command = [VERAPDF, "--flavour", flavour, "--format", "text", "--verbose", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    passed = run.stdout.startswith("PASS")
    return "" if passed else (run.stdout or run.stderr).strip()[:OUTPUT_SHOWN]
