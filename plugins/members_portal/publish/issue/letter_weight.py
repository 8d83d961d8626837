"""The weight of posted letters, known when the pages of an issue are laid out."""

from collections.abc import Iterator

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.newsletter.letter.planning import Layouts, Planner
from members_portal.publish.issue.mailing import Mailing, MailingBuilder


def weight_problems(builder: MailingBuilder, mailing: Mailing, planner: Planner, layouts: Layouts) -> Iterator[Problem]:
    """Yield a warning for each edition with posted letters that are too heavy: a print run leaves them out."""
    sheets: dict[str, int] = {}
    for order in planner.orders:
        if order.member in mailing.choice.addresses:
            sheets[order.edition] = max(sheets.get(order.edition, 0), layouts.sheets(order))
    file = shown_path(builder.context.content / mailing.newsletter.path)
    for edition, most in sorted(sheets.items()):
        if fault := builder.printing.press.weight_fault(most):
            what = f"no letter on paper for readers of the edition {edition}: {fault}"
            yield Problem(file, 0, 0, what, "fewer items in full").as_warning()
