"""The desk's page: the parts that all staff may read."""

from __future__ import annotations

from dataclasses import dataclass, field

from members_portal.loyalty.offer_eligibility import CouponCodes
from members_portal.loyalty.programme.programme import TeamReward
from members_portal.portal.answering.waiting_answer import waiting_answers
from members_portal.portal.content.item import Shown
from members_portal.portal.desk.desk_file import MOST_IN_ONE_LIST, listed_members
from members_portal.portal.desk.heard_answer import NOTE, heard_answers
from members_portal.portal.desk.promise_gap import PromiseGap, promise_gap
from members_portal.portal.desk.redemption_count import RedemptionCount, redemption_counts
from members_portal.portal.desk.team_thanks import EmployeeThanks, colleagues_of, team_thanks
from members_portal.portal.desk.theme_count import ThemeCount, last_quarters, theme_counts
from members_portal.portal.desk.week_ahead import ComingOccasion, week_ahead
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.edition import Edition


@dataclass(frozen=True)
class DeskPage:
    """The parts of the page. `is_split`: the list of members is in several files, by first letter.

    `note` is the item with the form for a note about a member, if there is one. `overdue` counts what waits longer than
    promised.
    """

    members: int
    is_split: bool
    birthdays: tuple[ComingOccasion, ...]
    quarters: tuple[str, ...]
    themes: tuple[ThemeCount, ...]
    thanks: tuple[EmployeeThanks, ...]
    rewards: tuple[TeamReward, ...]
    gap: PromiseGap
    redemptions: tuple[RedemptionCount, ...]
    note: Shown | None = field(repr=False)  # one of the edition's items
    overdue: int


def desk_page(inputs: Inputs, edition: Edition, coupon_codes: CouponCodes | None) -> DeskPage:
    """Return the parts of the page on the day of the inputs."""
    on, members = inputs.on, listed_members(inputs.members)
    heard = heard_answers(inputs.received, {member.id for member in inputs.members}, on)
    rewards = tuple(sorted(inputs.programme.staff.team_rewards, key=lambda reward: reward.thanks))
    return DeskPage(
        len(members),
        len(members) > MOST_IN_ONE_LIST,
        tuple(each for each in week_ahead(members, on) if each.occasion.kind == "birthday"),
        last_quarters(on),
        tuple(theme_counts(heard, on)),
        tuple(team_thanks(heard, rewards, on, colleagues_of(inputs))),
        rewards,
        promise_gap(edition.items.values()),
        tuple(redemption_counts(inputs, coupon_codes)),
        _note_form(edition),
        sum(
            each.is_late for each in waiting_answers(inputs.library, inputs.received, on, inputs.site.answers.calendar)
        ),
    )


def _note_form(edition: Edition) -> Shown | None:
    """Return the first item with a form for notes."""
    items = (edition.items[path] for path in sorted(edition.items))
    return next((item for item in items if (form := item.item.front.form) and form.kind == NOTE), None)
