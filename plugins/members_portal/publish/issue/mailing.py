"""A mailing: one issue with all that its PDFs and letters are made from, as of the issue's day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from members_portal.loyalty.member.member import Member
from members_portal.newsletter.cache import open_cache
from members_portal.newsletter.executor import open_executor
from members_portal.newsletter.issue import Issue, Sheet
from members_portal.newsletter.layout import Materials
from members_portal.newsletter.letter.planning import Workshop
from members_portal.newsletter.letter.sheets import Tools
from members_portal.newsletter.post.postal_address import FontRuler, fit, postal_address
from members_portal.newsletter.post.recipients import Choice, choose
from members_portal.newsletter.print_templates import Stationery
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.formats import date_filters, number_filters
from members_portal.portal.rendering.issue_contents import issues_in, newsletter_of
from members_portal.publish.context import PublishContext
from members_portal.publish.issue.pango import pango_version
from members_portal.publish.issue.print_contents import as_of, house, issue_of, readers_of, sheets_of
from members_portal.publish.issue.print_settings import ADDRESS_FONT, PrintSettings, print_settings
from members_portal.publish.publish_error import PublishError
from members_portal.seal import Secret

NOBODY = Choice((), (), (), {})


@dataclass(frozen=True)
class Mailing:
    """An issue; `then` are the inputs as they stood on its day, `issues` what each edition has in it."""

    newsletter: Item
    then: Inputs
    issues: Mapping[str, Issue]
    choice: Choice

    @property
    def slug(self) -> str:
        return self.newsletter.slug


@dataclass(frozen=True)
class Bureau:
    """Where mailings are made: the places, the settings and the secret of one site."""

    context: PublishContext
    settings: Mapping[str, Any]
    inputs: Inputs
    secret: Secret
    printing: PrintSettings

    @classmethod
    def of(cls, context: PublishContext, settings: Mapping[str, Any], inputs: Inputs, secret: Secret) -> Bureau:
        """Open a bureau; raise PublishError when the settings of printing are wrong."""
        return cls(context, settings, inputs, secret, print_settings(settings))

    def mailing(self, newsletter: Item, *, for_anybody: bool = False) -> Mailing:
        """Bring together an issue's editions and those who get it as a letter.

        Where nobody does, it isn't worked out how members stood on its day, unless it may be `for_anybody`.
        """
        front = newsletter_of(newsletter)
        editions = readers_of(newsletter, self.inputs.programme)
        issues = {name: issue_of(newsletter, name, self.inputs, self.settings) for name in editions}
        if not (front.letters or for_anybody):
            return Mailing(newsletter, self.inputs, issues, NOBODY)
        then = as_of(self.inputs, front.day)
        members = [member for member in then.members if member.edition in issues]
        choice = choose(members, front.letters, then.standings.segments, then.programme, then.on, self._fit)
        return Mailing(newsletter, then, issues, choice)

    @property
    def _fit(self) -> Callable[[Member], tuple[str, ...]]:
        window, fonts = self.printing.window, dict(self.printing.fonts)
        if ADDRESS_FONT not in fonts:
            raise PublishError(f"PORTAL_FONTS has no {ADDRESS_FONT!r}: addresses of letters are measured in it")
        ruler = FontRuler(fonts[ADDRESS_FONT], window.type_size)
        country, language = self.printing.country, self.settings["DEFAULT_LANG"]
        return lambda member: fit(postal_address(member, country, language), window, ruler)

    def published(self) -> list[Mailing]:
        """Make the mailings of all issues that somebody may read today."""
        return [self.mailing(item) for item in issues_in(self.inputs.library) if self.readers(item)]

    def readers(self, newsletter: Item) -> list[str]:
        """List the editions that may see an issue today."""
        return [
            reader
            for reader in readers_of(newsletter, self.inputs.programme)
            if newsletter.visible_to(reader, self.inputs.on)
        ]

    def holders(self, mailing: Mailing) -> list[Member]:
        """List the members who find their letter in the portal: those chosen who may read the issue today."""
        readers = self.readers(mailing.newsletter)
        today = {member.id for member in self.inputs.members if member.edition in readers}
        return [member for member in mailing.choice.chosen if member.id in today]

    def sheets(self, mailing: Mailing, members: Iterable[Member]) -> Iterator[Sheet]:
        """Make members' sheets, with the address where it fits the window."""
        for sheet in sheets_of(members, mailing.then, self.settings, self.secret):
            yield replace(sheet, address=mailing.choice.addresses.get(sheet.member, ()))

    def workshop(self, mailing: Mailing, sheets: Iterable[Sheet], editions: Iterable[str]) -> Workshop:
        """Set up the workshop for some editions of an issue, and sheets of theirs."""
        if not self.settings["SITEURL"].startswith(("https://", "http://")):
            raise PublishError("SITEURL is no address, and PDFs hold whole ones: set PORTAL_SITEURL, or PORTAL_PDF=no")
        language = self.settings["DEFAULT_LANG"]
        filters = date_filters(language) | number_filters(language, self.inputs.programme.currency)
        theme = self.context.theme / "print"
        stationery = Stationery(theme, house(self.settings, self.inputs), filters, self.printing.window)
        materials = Materials(self.context.content.resolve(), theme.resolve(), self.printing.fonts)
        issues = {name: mailing.issues[name] for name in editions}
        return Workshop(stationery, materials, issues, list(sheets))

    @contextmanager
    def tools(self, done: Callable[[int], None] = lambda _letters: None) -> Iterator[Tools]:
        """Open the cache, and have workers at hand."""
        if not pango_version():
            raise PublishError("PDFs need Pango: run `.ci/setup publish`, which installs it or says how")
        with (
            open_cache(self.context.cache / "newsletters.sqlite") as cache,
            open_executor(self.context.executor) as workers,
        ):
            yield Tools(workers, cache, done)
