"""The comparison with the release in force: stop, warn or go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from members_portal.loyalty.input.problem import Problem, check_degree, shown_path
from members_portal.loyalty.programme.audience import STAFF
from members_portal.loyalty.standings import Standings
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.exit_code import INVALID
from members_portal.publish.publish_error import Loss, LossFound, PublishError
from members_portal.publish.releases import current_release
from members_portal.publish.tripwire.census import Census, pseudonym_key, standings_on, take_census
from members_portal.publish.tripwire.census_file import recall_census
from members_portal.publish.tripwire.comparison import Comparison, compare, is_lost
from members_portal.publish.tripwire.ledger_change import listed
from members_portal.publish.tripwire.member_change import MemberChanges, member_changes
from members_portal.publish.tripwire.threshold import Thresholds, read_thresholds
from members_portal.seal import Secret


@dataclass(frozen=True)
class LossReport:
    """Warnings of a comparison, and a loss that was accepted or foreseen."""

    warnings: tuple[Problem, ...] = ()
    loss: Loss | None = None


def check_losses(
    context: PublishContext, secret: Secret, current: Path | None, inputs: Inputs, census: Census
) -> LossReport:
    """Compare the inputs with the release in force; return warnings.

    Raise LossFound beyond a limit, unless the changes are accepted. Nothing is compared without a release in force or
    in a preview. A CI without a release in force has lost its cache, or publishes for the first time: a warning. In a
    strict context, warnings are errors unless the changes are accepted.
    """
    limits = read_thresholds(inputs.site.tripwire, context.conf)
    if not context.compared:
        return LossReport()
    if current is None:
        what = "no release is in force here: members and ledger were compared with none"
        lost = [Problem(shown_path(context.output), 0, 0, what).as_warning()] if context.environ.get("CI") else []
        return _report(context, lost)
    old = recall_census(context.censuses, current, secret)
    if old is None:
        what = "holds no count of members and ledger lines of the release in force: nothing was compared"
        return _report(context, [Problem(shown_path(context.censuses), 0, 0, what).as_warning()])
    found = compare_inputs(old, census, inputs, limits, pseudonym_key(secret))
    loss = Loss(current.name, found.table(), found.markdown()) if found.is_beyond else None
    if loss and not context.changes_accepted:
        raise LossFound(loss, inputs.warnings)
    return _report(context, _corrections(found, inputs), loss)


def foresee_losses(context: PublishContext, secret: Secret | None, inputs: Inputs) -> LossReport:
    """Compare the inputs as a publish does; a loss is a warning, or in a strict context LossFound.

    Without the secret or a release in force, nothing is compared.
    """
    read_thresholds(inputs.site.tripwire, context.conf)
    current = _release_here(context)
    if secret is None or current is None:
        return LossReport()
    try:
        return check_losses(context, secret, current, inputs, take_census(inputs, secret))
    except LossFound as found:
        if context.strict:
            raise
        what = f"{found.loss.reason}: `portal publish` would stop with exit code {INVALID}"
        output = Path(shown_path(context.output.parent), context.output.name)  # the link by its own name
        return LossReport((Problem(str(output), 0, 0, what).as_warning(),), found.loss)


def compare_inputs(old: Census, new: Census, inputs: Inputs, limits: Thresholds, key: bytes) -> Comparison:
    """Compare tiers and points on the day of the new census; if some seem lost, on the day of the old one.

    Tiers end and points expire as days pass. On the same day only other data or rules make a difference.
    """
    ranks, last = (*inputs.programme.ladder, STAFF), max(old.on, new.on)

    def changes(standings: Standings) -> MemberChanges:
        editions = {member.id: member.edition for member in standings.members}
        return member_changes(old, inputs.everyone, editions, ranks, last, key)

    members, points = changes(inputs.standings), new.points
    if old.on != new.on and is_lost(old, new, members, limits):
        then = standings_on(inputs, old.on)
        members, points = changes(then), then.usable
    return compare(old, new, members, limits, points)


def _report(context: PublishContext, found: Iterable[Problem], loss: Loss | None = None) -> LossReport:
    strict = context.strict and not context.changes_accepted
    return LossReport(check_degree(found, strict=strict), loss)


def _release_here(context: PublishContext) -> Path | None:
    """Return the release in force; None without one, or if the output is no link of a publish."""
    try:
        return current_release(context.output, context.releases)
    except PublishError:
        return None


def _corrections(found: Comparison, inputs: Inputs) -> Iterable[Problem]:
    if found.corrected and inputs.ledger:
        what = f"lines of the past were changed: {listed(map(date.isoformat, found.corrected))}"
        yield Problem(inputs.ledger.name, 0, 0, what).as_warning()
