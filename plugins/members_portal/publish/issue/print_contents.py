"""Contents of newsletters on paper: issues by edition, from the portal's data.

Editions are as of the issue's day. An item is in an issue when the reader may see it on the issue's day and still may
see it today, in the edition that the reader has today.
"""

import re
from dataclasses import replace
from datetime import date
from html import escape, unescape
from urllib.parse import quote, unquote

from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.loyalty.programme.programme import AccountManager, Programme
from members_portal.newsletter.issue import Article, ArticleSection, House, Issue, Manager, Picture
from members_portal.portal.content.item import Item, without_links
from members_portal.portal.content.markdown_files import address
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.edition import Edition, make_edition
from members_portal.portal.rendering.issue_contents import (
    Contents,
    IssueItem,
    contents_of,
    newsletter_of,
    summarised,
)

_TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(\s)([a-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_CODE = re.compile(r"(<pre[^>]*><code[^>]*>)([^<]*)(</code></pre>)")
_FOR_SCREENS = frozenset({"loading", "decoding", "srcset", "sizes"})
_PICTURED = frozenset({"src", "poster", "data"})


def house_of(inputs: Inputs) -> House:
    """Return the publisher's data from the settings and the programme."""
    site, contact = inputs.site, inputs.site.contact
    return House(
        name=site.name,
        company=site.company,
        tagline=site.tagline,
        programme=inputs.programme.name,
        points=inputs.programme.points.name,
        language=site.language,
        site=site.address,
        hotline=contact.hotline,
        hours=contact.hours,
        email=contact.email,
        address=contact.address,
    )


def readers_of(newsletter: Item, programme: Programme) -> tuple[str, ...]:
    """Return the editions of an issue on any day, without the public one, which is not printed."""
    readers = [reader for reader in programme.readers if reader != PUBLIC and reader in newsletter.audience.readers]
    return () if newsletter.draft else tuple(readers)


def find_newsletter(inputs: Inputs, slug: str) -> Item | None:
    """Return a newsletter by its slug, None when there is none."""
    return next((item for item in inputs.library.newsletters if item.slug == slug), None)


def issue_of(
    newsletter: Item,
    reader: str,
    inputs: Inputs,
    today_reader: str | None = None,
    *,
    without_ended: bool = False,
    as_summaries: bool = False,
) -> Issue:
    """Return the contents of an issue for one edition; `today_reader`: the reader's edition today, if another.

    `without_ended` leaves out offers and events that have ended by today. `as_summaries`: no item has its whole text.
    """
    on = newsletter_of(newsletter).day
    edition = make_edition(reader, inputs.library, inputs.programme, on)
    today = today_of(newsletter, inputs)
    edition = _still_visible(edition, today_reader or reader, today)
    ended_by = today if without_ended else None
    contents = contents_of(newsletter, edition, inputs.library, inputs.site.language, ended_by)
    contents = summarised(contents) if as_summaries else contents
    return _issue(newsletter, edition, contents, inputs, PrintConverter(inputs.site.address, edition))


def today_of(newsletter: Item, inputs: Inputs) -> date:
    """Return the day of the second check of visibility: the present day, or the day of an issue to come."""
    return max(newsletter_of(newsletter).day, inputs.on)


def _still_visible(edition: Edition, reader: str, on: date) -> Edition:
    """Return an edition without the items that a reader may not see on a day."""
    return replace(edition, items={p: shown for p, shown in edition.items.items() if shown.item.visible_to(reader, on)})


def _issue(
    newsletter: Item, edition: Edition, contents: Contents, inputs: Inputs, converter: "PrintConverter"
) -> Issue:
    front, editorial = newsletter_of(newsletter), converter.print_html(newsletter, newsletter.html)
    tiers = {tier.key: tier for tier in inputs.programme.tiers}
    picture = converter.picture(newsletter.front.image, newsletter.front.image_alt)
    return Issue(
        slug=newsletter.slug,
        number=front.number,
        title=front.title,
        summary=front.summary,
        on=contents.on,
        edition=edition.name,
        edition_title=edition.title,
        tier=tiers.get(edition.name),
        url=converter.site + newsletter.url,
        picture=picture,
        editorial=editorial,
        sections=tuple(
            ArticleSection(each.kind, each.title, tuple(map(converter.article, each.items)))
            for each in contents.sections
        ),
        promises=tuple(converter.article(IssueItem(shown, False)) for shown in contents.promises),
        events=tuple(converter.article(IssueItem(shown, False)) for shown in contents.events),
        charts=contents.charts,
        greeting=front.paragraphs,
        files=frozenset(converter.files),
        file=newsletter.path,
        subject=front.subject or "",
        preheader=front.preheader or "",
        has_derived_summary=newsletter.has_derived_summary,
    )


class PrintConverter:
    """Converts rendered items for print; `files` collects the content paths of their pictures."""

    def __init__(self, site: str, edition: Edition) -> None:
        self.site, self.edition, self.files = site, edition, set[str]()

    def article(self, item: IssueItem) -> Article:
        """Return an item of an issue as an article."""
        shown, front = item.shown, item.shown.item.front
        return Article(
            kind=shown.kind,
            kind_label=shown.kind_label,
            title=front.title,
            summary="" if item.full and shown.item.has_derived_summary else front.summary,
            url=self.site + shown.item.url,
            since=shown.since,
            minutes=shown.item.minutes,
            html=self.print_html(shown.item, str(shown.body)) if item.full else "",
            full=item.full,
            picture=self.picture(front.image, front.image_alt),
            front=front,
            file=shown.item.path,
        )

    def picture(self, path: str | None, alt: str | None) -> Picture | None:
        """Return a picture, and record its path in `files`."""
        if path is None:
            return None
        self.files.add(path)
        return Picture(content_url(path), alt or "")

    def print_html(self, item: Item, html: str) -> str:
        """Return an item's HTML with addresses for print; links to items outside the edition become plain text."""
        unseen = (path for path in sorted(item.links) if path.endswith(".md") and path not in self.edition.items)
        html = without_links(html, map(address, unseen))
        root, name = "../" * item.url.count("/"), item.path.removesuffix(".md").replace("/", "-")

        def rewrite(found: re.Match[str]) -> str:
            attribute, value = found[2].lower(), unescape(found[3].strip("\"'"))
            new = self._value(attribute, value, root, name)
            return "" if new is None else f'{found[1]}{attribute}="{escape(new)}"'

        return _CODE.sub(_in_lines, _TAG.sub(lambda tag: _ATTRIBUTE.sub(rewrite, tag[0]), html))

    def _value(self, attribute: str, value: str, root: str, name: str) -> str | None:
        """Return an attribute's value for print, None to drop it. Ids get a prefix, so that articles do not clash."""
        if attribute in _FOR_SCREENS:
            return None
        if attribute == "id":
            return f"{name}-{value}"
        if attribute == "href" and value.startswith("#"):
            return f"#{name}-{value[1:]}"
        if attribute == "href" and value.startswith(root):
            return self.site + value.removeprefix(root)
        if attribute in _PICTURED and value.startswith(root):
            path = unquote(value.removeprefix(root).partition("#")[0])
            self.files.add(path)
            return content_url(path)
        return value


def _in_lines(code: re.Match[str]) -> str:
    """Return a block of code with an element for each line, so that paper can indent what does not fit on a line."""
    lines = (f'<span class="code-line">{line}</span>' for line in code[2].rstrip("\n").split("\n"))
    return f"{code[1]}{''.join(lines)}{code[3]}"


def manager_of(manager: AccountManager | None) -> Manager | None:
    """Return an account manager for a letter or an e-mail."""
    if manager is None:
        return None
    photo = Picture(content_url(manager.photo), manager.name) if manager.photo else None
    return Manager(manager.name, manager.role, manager.phone, manager.email, manager.hours, photo)


def content_url(path: str) -> str:
    """Return the `content:` URL of a file below content/, as in print templates."""
    return f"content:{quote(path)}"


def as_of(inputs: Inputs, on: date) -> Inputs:
    """Return the inputs as of another day: tiers, accounts, segments, membership.

    Former members are excluded, even if they were members on that day: they get no mail.
    """
    if on == inputs.on:
        return inputs
    written = [inputs.standings.by_hand.get(member.id, member) for member in inputs.members]
    then = inputs.taken(written, on)
    return replace(inputs, on=on, standings=then, members=then.members)
