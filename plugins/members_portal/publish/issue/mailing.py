"""A mailing: one issue with its editions, recipients and inputs, as of the issue's day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial

from members_portal.loyalty.member.member import Member
from members_portal.newsletter.cache import open_cache
from members_portal.newsletter.issue import Issue, Sheet
from members_portal.newsletter.layout import Materials
from members_portal.newsletter.letter.planning import Planner
from members_portal.newsletter.letter.sheets import LETTER_PACKAGES, Tools
from members_portal.newsletter.post.recipients import Choice, choose_recipients
from members_portal.newsletter.print_templates import PrintTemplates
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs, WorkPlace
from members_portal.portal.rendering.formats import date_filters, number_filters
from members_portal.portal.rendering.issue_contents import newsletter_of
from members_portal.publish.context import PublishContext
from members_portal.publish.issue.pango import pango_version
from members_portal.publish.issue.print_contents import as_of, house_of, issue_of, readers_of
from members_portal.publish.issue.print_settings import PrintSettings, print_settings
from members_portal.publish.publish_error import PublishError
from members_portal.publish.reuse.template_cache import TemplateCache, print_template_cache
from members_portal.seal import Secret
from members_portal.workers.executor import open_executor

NOBODY = Choice((), {}, ())


def issue_name(reader: str, today_reader: str) -> str:
    """Return the name of an issue's contents for a reader who has another edition today."""
    return reader if reader == today_reader else f"{reader}-now-{today_reader}"


@dataclass(frozen=True)
class Mailing:
    """An issue with its recipients; `then`: the inputs as of its day.

    `issues`: its contents by edition, and by pair of editions for members who changed the tier since; `issue_names`:
    the key among them of each member. `without_ended` leaves out offers and events that have ended since.
    """

    newsletter: Item
    then: Inputs
    issues: Mapping[str, Issue]
    choice: Choice
    issue_names: Mapping[str, str] = field(default_factory=dict)
    without_ended: bool = False

    @property
    def slug(self) -> str:
        return self.newsletter.slug


@dataclass(frozen=True)
class MailingBuilder:
    """Builds mailings from the inputs, settings and secret of one site. `place` has the results of earlier runs."""

    context: PublishContext
    inputs: Inputs
    secret: Secret
    printing: PrintSettings
    place: WorkPlace | None = None

    @classmethod
    def of(
        cls, context: PublishContext, inputs: Inputs, secret: Secret, place: WorkPlace | None = None
    ) -> MailingBuilder:
        """Return a builder; raise PublishError when PORTAL_PRINT is invalid."""
        return cls(context, inputs, secret, print_settings(inputs.site), place)

    def build(self, newsletter: Item, *, for_any_member: bool = False, without_ended: bool = False) -> Mailing:
        """Build the mailing of an issue: its contents by edition, and the recipients of letters.

        For an issue without letters the inputs of its day are not computed, unless `for_any_member` asks for them.
        `without_ended`, for letters that are yet to be posted: leave out offers and events that have ended by today.
        """
        front = newsletter_of(newsletter)
        contents = partial(issue_of, newsletter, inputs=self.inputs, without_ended=without_ended)
        issues = {reader: contents(reader) for reader in readers_of(newsletter, self.inputs.programme)}
        if not (front.letters or for_any_member):
            return Mailing(newsletter, self.inputs, issues, NOBODY)
        then = as_of(self.inputs, front.day)
        members = [member for member in then.members if {member.edition, self.today[member.id]} <= issues.keys()]
        setter = self.printing.address_setter(self.inputs.site.language)
        choice = choose_recipients(
            members, front.letters, then.standings.segments, then.programme, then.on, setter.lines, setter.missing
        )
        readers = members if for_any_member else choice.members
        names = {member.id: issue_name(member.edition, self.today[member.id]) for member in readers}
        for member in readers:
            if (name := names[member.id]) not in issues:
                issues[name] = contents(member.edition, today_reader=self.today[member.id])
        return Mailing(newsletter, then, issues, choice, names, without_ended)

    @cached_property
    def today(self) -> dict[str, str]:
        """The edition of each member today."""
        return {member.id: member.edition for member in self.inputs.members}

    @cached_property
    def _codes(self) -> TemplateCache:
        """The print templates, compiled by an earlier run or for the first issue."""
        return print_template_cache(self.inputs.site.language, self.inputs.programme.currency, self.place)

    def keep_templates(self) -> None:
        """Keep the compiled print templates for the next run."""
        if self.place:
            self._codes.keep(self.place.record)

    def published(self) -> list[Mailing]:
        """Return the mailings of all issues that are visible today."""
        return [self.build(item) for item in self.inputs.library.newsletters if self.readers(item)]

    def published_contents(self) -> list[Mailing]:
        """Return the mailings of all issues that are visible today, without recipients: for checks of contents."""
        found = (item for item in self.inputs.library.newsletters if self.readers(item))
        return [self._contents(item) for item in found]

    def _contents(self, newsletter: Item) -> Mailing:
        readers = readers_of(newsletter, self.inputs.programme)
        issues = {reader: issue_of(newsletter, reader, self.inputs) for reader in readers}
        return Mailing(newsletter, self.inputs, issues, NOBODY)

    def undrafted(self) -> list[Mailing]:
        """Return the mailings of all issues that are no drafts, on any day."""
        return [self.build(item) for item in self.inputs.library.newsletters if not item.draft]

    def readers(self, newsletter: Item) -> list[str]:
        """Return the editions in which an issue is visible today."""
        return [
            reader
            for reader in readers_of(newsletter, self.inputs.programme)
            if newsletter.visible_to(reader, self.inputs.on)
        ]

    def holders(self, mailing: Mailing) -> list[Member]:
        """Return the members with a letter in the portal today: recipients with an edition that shows the issue."""
        readers = self.readers(mailing.newsletter)
        today = {member.id for member in self.inputs.members if member.edition in readers}
        return [member for member in mailing.choice.members if member.id in today]

    def planner(self, mailing: Mailing, sheets: Sequence[Sheet], editions: Iterable[str]) -> Planner:
        """Return the planner of an issue for `editions` and `sheets`; raise PublishError for a relative SITEURL."""
        if not self.inputs.site.url.startswith(("https://", "http://")):
            raise PublishError("SITEURL is no address, and PDFs hold whole ones: set PORTAL_SITEURL, or PORTAL_PDF=no")
        language = self.inputs.site.language
        filters = date_filters(language) | number_filters(language, self.inputs.programme.currency)
        theme = self.context.theme / "print"
        templates = PrintTemplates(theme, house_of(self.inputs), filters, self.printing.window, self._codes)
        materials = Materials(self.context.content.resolve(), theme.resolve(), self.printing.fonts)
        issues = {name: mailing.issues[name] for name in editions}
        return Planner(templates, materials, issues, sheets)

    @contextmanager
    def tools(self, done: Callable[[int], None] = lambda _letters: None) -> Iterator[Tools]:
        """Open the cache and the executor; raise PublishError when Pango is missing."""
        if not pango_version():
            raise PublishError("PDFs need Pango: run `.ci/setup publish`, which installs it or says how")
        with (
            open_cache(self.context.cache / "newsletters.sqlite", self.secret.cache_key()) as cache,
            open_executor(self.context.executor, packages=LETTER_PACKAGES) as workers,
        ):
            yield Tools(workers, cache, done)
