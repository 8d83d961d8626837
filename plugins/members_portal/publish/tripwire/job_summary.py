"""The summary of a CI job: GitHub shows the Markdown that a step appends to the file in GITHUB_STEP_SUMMARY."""

from collections.abc import Mapping
from pathlib import Path

from members_portal.publish.publish_error import REMEDY, Loss

VARIABLE_NAME = "GITHUB_STEP_SUMMARY"


def add_stop(environ: Mapping[str, str], loss: Loss) -> None:
    """Append the table of a stopped publish; do nothing outside of such a job."""
    _add(environ, f"## Nothing was published\n\n{loss.reason}:\n\n{loss.markdown}\n\n{REMEDY}\n")


def add_acceptance(environ: Mapping[str, str], loss: Loss) -> None:
    """Append the table of accepted changes; do nothing outside of such a job."""
    _add(environ, f"## Changes were accepted\n\n{loss.acceptance}:\n\n{loss.markdown}\n")


def _add(environ: Mapping[str, str], text: str) -> None:
    if path := environ.get(VARIABLE_NAME):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
