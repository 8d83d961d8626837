"""A mailing: one issue with all that its PDFs and letters are made from, as of the issue's day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from plugins.loyalty.gate import may_see
from plugins.loyalty.member import Member
from plugins.newsletter.cache import open_cache
from plugins.newsletter.executor import open_executor
from plugins.newsletter.issue import Issue, Sheet
from plugins.newsletter.layout import Materials
from plugins.newsletter.letter.sheets import Tools
from plugins.newsletter.letter.workshop import Workshop
from plugins.newsletter.post.address import FontRuler, fit, postal_address
from plugins.newsletter.post.recipients import Choice, choose
from plugins.newsletter.stationery import Stationery
from plugins.portal.formats import date_filters, number_filters
from plugins.portal.inputs import Inputs
from plugins.portal.issue import issues_in, newsletter_of
from plugins.portal.item import Item
from plugins.publish.desk import Desk
from plugins.publish.errors import PublishError
from plugins.publish.issues import as_of, house, issue_of, readers_of, sheets_of
from plugins.publish.pango import pango_version
from plugins.publish.print_settings import ADDRESS_FONT, PrintSettings, print_settings
from plugins.seal import Secret

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

    desk: Desk
    settings: Mapping[str, Any]
    inputs: Inputs
    secret: Secret
    printing: PrintSettings

    @classmethod
    def of(cls, desk: Desk, settings: Mapping[str, Any], inputs: Inputs, secret: Secret) -> Bureau:
        """Open a bureau; raise PublishError when the settings of printing are wrong."""
        return cls(desk, settings, inputs, secret, print_settings(settings))

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
            if may_see(newsletter.audience, newsletter.window, reader, self.inputs.on)
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
        theme = self.desk.root / "theme" / "print"
        stationery = Stationery(theme, house(self.settings, self.inputs), filters, self.printing.window)
        materials = Materials(self.desk.content.resolve(), theme.resolve(), self.printing.fonts)
        issues = {name: mailing.issues[name] for name in editions}
        return Workshop(stationery, materials, issues, list(sheets))

    @contextmanager
    def tools(self, done: Callable[[int], None] = lambda _letters: None) -> Iterator[Tools]:
        """Open the cache, and have workers at hand."""
        if not pango_version():
            raise PublishError("PDFs need Pango: run `.ci/setup publish`, which installs it or says how")
        with (
            open_cache(self.desk.cache / "newsletters.sqlite") as cache,
            open_executor(self.desk.executor) as workers,
        ):
            yield Tools(workers, cache, done)
