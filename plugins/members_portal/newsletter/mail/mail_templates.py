"""The templates for e-mail: the theme's mail templates, filled for one edition.

All that is in an e-mail leaves the sealed portal, for servers and archives that we know nothing of. So there is only
what the letter needs: the editor's words, titles and summaries with addresses in the portal, what became of promises,
the next events, whom to call. Never an access code, a sign-in address, a coupon's code, or a figure of somebody's
account; and no pictures: those of other hosts would tell when it is read, those inside would be attachments.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from members_portal.newsletter.issue import House, Issue
from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.plain_text import plain_text, underlined, wrapped
from members_portal.newsletter.mail.prose import as_html, read_prose

CALLED, UNSUBSCRIBE = "\ue000called\ue001", "\ue000unsubscribe\ue001"  # stand for what is each recipient's own


@dataclass(frozen=True)
class MailPage:
    """An edition's e-mail in both its forms; a personal one has the two marks in it that stand for its recipient."""

    issue: Issue
    html: str
    text: str
    personal: bool


class MailTemplates:
    """Renders the mail templates of one theme for one house; needs css-inline, of the extra `mail`."""

    def __init__(self, folder: Path, house: House, filters: Mapping[str, Callable[..., Any]]) -> None:
        self.folder, self.house = folder, house
        self.pages = _environment(folder, filters, autoescape=True)
        self.texts = _environment(folder, filters, autoescape=False)
        self.texts.filters |= {"wrapped": wrapped, "underlined": underlined}

    def page(self, issue: Issue, *, personal: bool) -> MailPage:
        """Fill the templates: for members, or with nothing personal for a provider's list."""
        letter = read_prose(issue.letter)
        mine = {"called": CALLED, "unsubscribe": UNSUBSCRIBE} if personal else {"called": "", "unsubscribe": ""}
        given = {"house": self.house, "issue": issue, **mine}
        markup = Markup(as_html(letter))  # noqa: S704 - written anew by `as_html`, from what it knows
        html = self.pages.get_template("newsletter.html").render(letter=markup, **given)
        text = self.texts.get_template("newsletter.txt").render(letter=plain_text(letter), **given)
        return MailPage(issue, self._inlined(html), _tidy(text), personal)

    def _inlined(self, html: str) -> str:
        """Give every element its own style: many mail clients read no style sheets."""
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
    """Leave one empty line where templates leave several."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


def _environment(folder: Path, filters: Mapping[str, Callable[..., Any]], *, autoescape: bool) -> Environment:
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=autoescape,  # noqa: S701 - off for the plain text only, which nothing reads as markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= filters
    return env
