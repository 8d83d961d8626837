"""The summary of a CI job: GitHub shows the Markdown that a step appends to the file in GITHUB_STEP_SUMMARY."""

from collections.abc import Mapping
from pathlib import Path

from members_portal.publish.publish_error import LossFound

VARIABLE_NAME = "GITHUB_STEP_SUMMARY"


def add_to_job_summary(environ: Mapping[str, str], loss: LossFound) -> None:
    """Append the table of a stopped publish; do nothing outside of such a job."""
    if path := environ.get(VARIABLE_NAME):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"## Nothing was published\n\n{loss.reason}:\n\n{loss.markdown}\n\n{loss.remedy}\n")
