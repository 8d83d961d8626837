"""Run every benchmark, or those named: `python -m tests.bench cards publish`."""

import importlib
import os
import sys
from pathlib import Path


def main() -> None:
    """Import and run `bench_<name>.py` for each name. Publishes are of pages; PDFs have a benchmark of their own."""
    os.environ["PORTAL_PDF"] = "no"
    every = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    for name in sys.argv[1:] or every:
        importlib.import_module(f"tests.bench.bench_{name}").main()


if __name__ == "__main__":
    main()
