"""The front matter that all kinds of item have, and the kinds that have nothing, or little, more."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from members_portal.form.form import Form
from members_portal.loyalty.input.schema import Count, Day, Flag, Record, Text, Words, read_day
from members_portal.portal.content.front.selection import ListedWords
from members_portal.portal.content_check.other_keys import FRONT_KEYS


def _publish_day(value: Any) -> Any:
    """Read the day of `Publish:`. An empty one would mean: publish at once."""
    try:
        return read_day(value)
    except ValueError as error:
        raise ValueError(f"{error}, or a day and a time, as YYYY-MM-DD HH:MM") from None


class Front(Record):
    """The front matter that every kind of item has. `contents` asks for a table of contents, `form` for a form."""

    other_names = FRONT_KEYS

    title: Text
    audience: ListedWords
    summary: Text = ""
    contents: Flag = False
    publish: Annotated[date | None, BeforeValidator(_publish_day)]
    embargo: Mapping[str, Day] = {}
    expires: Day | None = None
    status: Literal["draft", "published"] = "published"
    teaser: Text | None = None
    image: Text | None = None
    image_alt: Text | None = None
    interests: Words = ()
    form: Form | None = None


class Report(Front):
    pass


class FormFront(Front):
    """A page that is there for its form."""

    form: Form


class Page(Front):
    publish: Day | None = None
    menu: Literal["none", "footer", "main"] = "footer"
    order: Count = 100
