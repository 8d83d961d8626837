"""The weight of posted letters, known when the pages of an issue are laid out."""

from collections.abc import Callable, Iterator

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.newsletter.letter.job import Order
from members_portal.newsletter.letter.planning import Planner
from members_portal.publish.issue.mailing import Mailing, MailingBuilder


def weight_problems(
    builder: MailingBuilder, mailing: Mailing, planner: Planner, sheets_of: Callable[[Order], int]
) -> Iterator[Problem]:
    """Yield a warning for each edition with posted letters that are too heavy: a print run leaves them out.

    `sheets_of` returns the number of sheets of paper of a letter.
    """
    sheets: dict[str, int] = {}
    for order in planner.orders:
        if order.member in mailing.choice.addresses:
            sheets[order.edition] = max(sheets.get(order.edition, 0), sheets_of(order))
    file = shown_path(builder.context.content / mailing.newsletter.path)
    for edition, most in sorted(sheets.items()):
        if fault := builder.printing.press.weight_fault(most):
            what = f"no letter on paper for readers of the edition {edition}: {fault}"
            yield Problem(file, 0, 0, what, "fewer items in full").as_warning()
