"""Offers and events of an issue that have ended since its day: e-mail and posted letters leave them out."""

from collections.abc import Iterator

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.portal.content.item import Item, Offer
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.edition import Edition, make_edition
from members_portal.portal.rendering.issue_contents import contents_of, newsletter_of
from members_portal.publish.issue.print_contents import readers_of, today_of


def ended_items(newsletter: Item, inputs: Inputs, *, coupons: bool = False) -> list[Problem]:
    """Return what an issue leaves out because it has ended by today; with `coupons`, also the offers of letters."""
    on, today = newsletter_of(newsletter).day, today_of(newsletter, inputs)
    if on == today:
        return []
    found: set[str] = set()
    for reader in readers_of(newsletter, inputs.programme):
        edition = make_edition(reader, inputs.library, inputs.programme, on)
        found.update(_contained(newsletter, edition, inputs))
        found.update(path for path, item in edition.items.items() if coupons and isinstance(item.item.front, Offer))
    items = (inputs.library.items[path] for path in sorted(found))
    return [_left_out(item, inputs) for item in items if item.has_ended(today) and not item.has_ended(on)]


def _contained(newsletter: Item, edition: Edition, inputs: Inputs) -> Iterator[str]:
    """Yield the paths of the items of an issue as of its day."""
    contents = contents_of(newsletter, edition, inputs.library, inputs.site.language)
    for section in contents.sections:
        yield from (each.shown.path for each in section.items)
    yield from (event.path for event in contents.events)


def _left_out(item: Item, inputs: Inputs) -> Problem:
    file = shown_path(inputs.library.folder / item.path)
    return Problem(file, 0, 0, f"the {item.kind.name} ended on {item.last_day}").as_left_out()
