"""The front matter of an issue of the newsletter."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from members_portal.loyalty.input.schema import Count, Day, Line
from members_portal.portal.content.front.front import Front
from members_portal.portal.content.front.selection import Charts, ListedWords, Selections, last_issue


class Newsletter(Front):
    """An issue of the newsletter. Its sections and the figures in its letters are as of its `day`.

    `since` is the first day that counts as news; default: the day after the previous issue. `letters` names the
    segments that get a printed letter; `greeting` is the account manager's text in it. `subject` and `preheader` are
    the subject of its e-mail and the preview text in an inbox.
    """

    title: Line
    number: Count
    subject: Line | None = None
    preheader: Line | None = None
    sections: Selections = ()
    since: Annotated[Day | None, BeforeValidator(last_issue)] = None
    figures: Day | None = None
    letters: ListedWords = ()
    greeting: str = ""
    charts: Charts = ()

    @property
    def day(self) -> date:
        """The day as of which all content and figures of the issue are computed."""
        assert self.publish is not None  # noqa: S101 - `_given` refuses None
        return self.figures or self.publish

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the greeting; blank lines separate them."""
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.greeting) if part.strip())
