"""Thanks in an issue: its news that respond to what a member said."""

from __future__ import annotations

from collections.abc import Callable

from members_portal.loyalty.member.member import Member
from members_portal.newsletter.issue import Thanks
from members_portal.portal.content.front.feedback import Feedback
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.issue_contents import first_news_day, newsletter_of

MOST_THANKS = 2  # in one letter or e-mail, the newest

ThanksOf = Callable[[Member], tuple[Thanks, ...]]


def thanks_in(newsletter: Item, inputs: Inputs) -> ThanksOf:
    """Return a function that gives the thanks to a member, as of the member's edition on the issue's day."""
    on, member_of = newsletter_of(newsletter).day, inputs.received.member_of
    found: dict[str, list[Item]] = {}
    for item in inputs.library.items.values():
        if isinstance(item.front, Feedback):
            for member in sorted({member_of[number] for number in item.front.answers if number in member_of}):
                found.setdefault(member, []).append(item)

    def thanks_of(member: Member) -> tuple[Thanks, ...]:
        if member.id not in found:
            return ()
        since = first_news_day(newsletter, member.edition, inputs.library)
        here = [item for item in found[member.id] if item.visible_to(member.edition, inputs.on)]
        seen = [(item.visible_since(member.edition), item) for item in here]
        news = [(day, item.path, item) for day, item in seen if day and since <= day <= on]
        newest = sorted(news, reverse=True)[:MOST_THANKS]
        return tuple(_thanks(item, inputs.site.address) for _, _, item in newest)

    return thanks_of


def _thanks(item: Item, address: str) -> Thanks:
    assert isinstance(item.front, Feedback)  # noqa: S101 - `thanks_in` selects them
    return Thanks(item.front.title, item.front.state, f"{address}{item.url}")
