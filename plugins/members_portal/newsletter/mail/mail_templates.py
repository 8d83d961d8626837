"""The theme's mail templates, rendered for one edition.

An e-mail leaves the sealed portal: its content passes through unknown servers and archives. It holds only the
editorial, titles and summaries with links to the portal, the state of promises, the next events and the contact, also
the account manager's of a key customer. It never holds an access code, a
sign-in address, a coupon code or a figure of an account. It holds no pictures: remote ones report when the e-mail is
read, embedded ones are attachments.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from members_portal.newsletter.issue import House, Issue, Manager, Thanks
from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.plain_text import plain_text, underlined, wrapped
from members_portal.newsletter.mail.prose import as_html, read_prose
from members_portal.newsletter.mail.salutation import split_salutation
from members_portal.newsletter.mail.wide_table import narrow_tables

CALLED, UNSUBSCRIBE = "\ue000called\ue001", "\ue000unsubscribe\ue001"  # placeholders of the personal values


@dataclass(frozen=True)
class MailPage:
    """An edition's e-mail as HTML and as text, with the placeholder UNSUBSCRIBE; a personal one also has CALLED."""

    issue: Issue
    subject: str
    html: str
    text: str
    personal: bool


class MailTemplates:
    """Renders the mail templates of one theme for one house; needs css-inline (extra `mail`)."""

    def __init__(self, folder: Path, house: House, filters: Mapping[str, Callable[..., Any]]) -> None:
        self.folder, self.house = folder, house
        self.pages = _environment(folder, filters, autoescape=True)
        self.texts = _environment(folder, filters, autoescape=False)
        self.texts.filters |= {"wrapped": wrapped, "underlined": underlined}

    def page(
        self, issue: Issue, *, personal: bool, manager: Manager | None = None, thanks: Sequence[Thanks] = ()
    ) -> MailPage:
        """Render an issue: personal for members, or without personal values for a provider's mailing list.

        In a personal page, the member's greeting takes the place of the letter's salutation.
        """
        salutation, editorial = (
            split_salutation(read_prose(issue.editorial)) if personal else ("", read_prose(issue.editorial))
        )
        subject = issue.subject or f"{self.house.name}: {issue.title}"
        greeted = {"called": CALLED if personal else "", "comma": salutation[-1:]}
        given = {"house": self.house, "issue": issue, "subject": subject, "manager": manager, **greeted}
        given["unsubscribe"] = UNSUBSCRIBE
        markup = Markup(as_html(narrow_tables(editorial)))  # noqa: S704 - `as_html` writes known elements only
        html = self.pages.get_template("newsletter.html").render(editorial=markup, thanks=thanks, **given)
        text = self.texts.get_template("newsletter.txt").render(editorial=plain_text(editorial), thanks=thanks, **given)
        return MailPage(issue, subject, self._inlined(html), _tidy(text), personal)

    def _inlined(self, html: str) -> str:
        """Move the style sheet into style attributes: many mail clients ignore style sheets."""
        try:
            from css_inline import CSSInliner
        except ImportError:
            raise MailError("css-inline isn't installed: pip install 'members-portal[mail]'") from None
        css = (self.folder / "mail.css").read_text("utf-8")
        inliner = CSSInliner(
            extra_css=css,
            keep_at_rules=True,
            load_remote_stylesheets=False,
            minify_css=True,
            resolve_css_variables=True,
        )
        return inliner.inline(html)


def _tidy(text: str) -> str:
    """Strip trailing spaces, and collapse empty lines to one."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


def _environment(folder: Path, filters: Mapping[str, Callable[..., Any]], *, autoescape: bool) -> Environment:
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=autoescape,  # noqa: S701 - off for plain text only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= filters
    return env
