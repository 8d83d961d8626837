"""Inputs with warnings: every warning is listed with its place, and `--strict` makes it an error.

The cases are in `tests/warned/*.txt`, described in `tests/warned/README.md`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.invalid_cases import read_cases
from tests.test_invalid import BASE, check, lay_out_files, project

__all__ = ["project"]  # the fixture

CASES = read_cases(Path(__file__).parent / "warned", BASE)


@pytest.mark.parametrize("case", CASES)
def test_every_warning_is_told_with_its_place(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out_files(CASES[case].files, project)
    code, out, err = check(capsys)
    count = len(CASES[case].messages)
    assert err.splitlines() == CASES[case].messages
    assert out.endswith(f" members have {count} warning{'s' if count > 1 else ''}.\n")
    assert code == 0


@pytest.mark.parametrize("case", CASES)
def test_a_strict_check_refuses_every_warning(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out_files(CASES[case].files, project)
    code, out, err = check(capsys, "--strict")
    *problems, total = err.splitlines()
    assert problems == [message.replace(": warning: ", ": ") for message in CASES[case].messages]
    assert total == f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    assert (code, out) == (3, "")
