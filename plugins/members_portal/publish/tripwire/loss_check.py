"""The comparison with the release in force: stop, warn or go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from members_portal.loyalty.input.problem import Problem, check_degree, shown_path
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.exit_code import INVALID
from members_portal.publish.publish_error import LossFound, PublishError
from members_portal.publish.releases import current_release
from members_portal.publish.tripwire.census import Census, members_on, take_census
from members_portal.publish.tripwire.census_file import recall_census
from members_portal.publish.tripwire.comparison import Comparison, compare, lost_members
from members_portal.publish.tripwire.threshold import read_thresholds
from members_portal.seal import Secret

MOST_DAYS = 10  # corrected days named in a warning


def check_losses(
    context: PublishContext, secret: Secret, current: Path | None, inputs: Inputs, census: Census
) -> tuple[Problem, ...]:
    """Compare the inputs with the release in force; return warnings.

    Raise LossFound beyond a limit. Nothing is compared without a release in force, in a preview, or when the changes
    are accepted. A CI without a release in force has lost its cache, or publishes for the first time: a warning. In a
    strict context, warnings are errors.
    """
    limits = read_thresholds(inputs.site.tripwire, context.conf)
    if not context.compared or context.changes_accepted:
        return ()
    if current is None:
        what = "no release is in force here: members and ledger were compared with none"
        lost = [Problem(shown_path(context.output), 0, 0, what).as_warning()] if context.environ.get("CI") else []
        return check_degree(lost, strict=context.strict)
    old = recall_census(context.censuses, current, secret)
    if old is None:
        what = "holds no count of members and ledger lines of the release in force: nothing was compared"
        unknown = Problem(shown_path(context.censuses), 0, 0, what).as_warning()
        return check_degree([unknown], strict=context.strict)
    found = compare(old, census, _members(old, inputs, census, lost_members(old, census.members, limits)), limits)
    if found.is_beyond:
        raise LossFound(current.name, found.table(), found.markdown(), inputs.warnings)
    return check_degree(_corrections(found, inputs), strict=context.strict)


@dataclass(frozen=True)
class ForeseenLoss:
    """What the comparison of a publish would find: warnings, and the table of a publish that would stop."""

    warnings: tuple[Problem, ...] = ()
    table: str = ""


def foresee_losses(context: PublishContext, secret: Secret | None, inputs: Inputs) -> ForeseenLoss:
    """Compare the inputs as a publish does; a loss is a warning, or in a strict context LossFound.

    Without the secret or a release in force, nothing is compared.
    """
    read_thresholds(inputs.site.tripwire, context.conf)
    current = _release_here(context)
    if secret is None or current is None:
        return ForeseenLoss()
    try:
        return ForeseenLoss(check_losses(context, secret, current, inputs, take_census(inputs)))
    except LossFound as loss:
        if context.strict:
            raise
        what = f"{loss.reason}: `portal publish` would stop with exit code {INVALID}"
        output = Path(shown_path(context.output.parent), context.output.name)  # the link by its own name
        stop = Problem(str(output), 0, 0, what).as_warning()
        return ForeseenLoss((stop,), loss.table)


def _release_here(context: PublishContext) -> Path | None:
    """Return the release in force; None without one, or if the output is no link of a publish."""
    try:
        return current_release(context.output, context.releases)
    except PublishError:
        return None


def _members(old: Census, inputs: Inputs, census: Census, is_lost: bool) -> dict[str, int]:
    """Return the members by edition on the day of the census; if some seem lost, on the day of the old one.

    Members leave, and tiers end, as days pass. On the same day only other data or rules make a difference.
    """
    return dict(members_on(inputs, old.on) if is_lost and old.on != census.on else census.members)


def _corrections(found: Comparison, inputs: Inputs) -> Iterable[Problem]:
    if not found.corrected or inputs.ledger is None:
        return
    listed = ", ".join(map(date.isoformat, found.corrected[:MOST_DAYS]))
    more = len(found.corrected) - MOST_DAYS
    what = f"lines of the past were changed: {listed}{f' and {more} more days' if more > 0 else ''}"
    yield Problem(inputs.ledger.name, 0, 0, what).as_warning()
