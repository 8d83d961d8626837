"""E-mail run of an issue: one message per member who agreed to e-mail, in a private folder.

Editions, tiers and membership are as of the issue's day, as in letters. Consent, address and visibility of the issue
are as of the day of the mailing. An item is in a message when its reader may see it on both days. Offers and events
that have ended by then are left out.
"""

import csv
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from members_portal.loyalty.member.mail_fault import MAIL_CHANNEL, mail_fault
from members_portal.loyalty.member.member import Member
from members_portal.newsletter.issue import Thanks
from members_portal.newsletter.mail.delivery import Envelope
from members_portal.newsletter.mail.mail_templates import MailPage, MailTemplates
from members_portal.newsletter.mail.message import Mail, Recipient, compose_mail, unsubscribe_token
from members_portal.newsletter.mail.sender import Sender, read_sender
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.formats import date_filters, number_filters
from members_portal.portal.rendering.issue_contents import newsletter_of
from members_portal.publish.issue.answer_thanks import thanks_in
from members_portal.publish.issue.print_contents import (
    as_of,
    find_newsletter,
    house_of,
    issue_of,
    manager_of,
    readers_of,
)
from members_portal.publish.publish_error import PublishError
from members_portal.whole_file import PRIVATE_FILE, PRIVATE_FOLDER, replaced_folder

LIST = "recipients.csv"


MailGate = Callable[[MailPage, str], None]  # (page, edition of its readers today)


@dataclass(frozen=True)
class LeftOut:
    """A member without a message, and the reason."""

    member: str
    edition: str
    reason: str


@dataclass(frozen=True)
class EmailRun:
    """The envelopes of the written messages, and the members left out."""

    envelopes: tuple[Envelope, ...]
    left_out: tuple[LeftOut, ...]


def get_newsletter(inputs: Inputs, slug: str) -> Item:
    """Return a newsletter by its slug; raise PublishError when there is none."""
    if (found := find_newsletter(inputs, slug)) is None:
        raise PublishError(f"no newsletter is called {slug!r}; it is the name of a file in content/newsletters/")
    return found


def choose_email_recipients(newsletter: Item, inputs: Inputs) -> tuple[list[tuple[Member, Recipient]], list[LeftOut]]:
    """Return the recipients of an issue by e-mail, and the members left out."""
    chosen, left_out = [], []
    today = editions_today(inputs)
    for member in as_of(inputs, newsletter_of(newsletter).day).members:
        if reason := _reason(member, today[member.id], newsletter, inputs):
            left_out.append(LeftOut(member.id, member.edition, reason))
        else:
            chosen.append((member, Recipient(member.id, member.full_name, str(member.email), member.called)))
    return chosen, left_out


def editions_today(inputs: Inputs) -> dict[str, str]:
    """Return the edition of each member on the day of the mailing."""
    return {member.id: member.edition for member in inputs.members}


def _reason(member: Member, today: str, newsletter: Item, inputs: Inputs) -> str | None:
    """Return the first reason to leave a member out, None for a recipient."""
    if not member.consent.get(MAIL_CHANNEL, False):
        return "has not agreed to e-mail"
    if not member.email:
        return "has no e-mail address"
    if member.joined > newsletter_of(newsletter).day:
        return "joined after the issue's day"
    if not {member.edition, today} <= set(newsletter.audience.readers):
        return "reads an edition that has no such issue"
    if not all(is_visible(newsletter, edition, inputs) for edition in (member.edition, today)):
        return "reads an edition in which it is not out yet, or over"
    fault = mail_fault(member)
    return fault.reason if fault else None


def is_visible(newsletter: Item, reader: str, inputs: Inputs) -> bool:
    """Return whether an issue is visible in an edition on the day of the mailing."""
    return newsletter.visible_to(reader, inputs.on)


class EmailWriter:
    """Writes the messages of one issue. A page is rendered once for an edition, an account manager and thanks.

    `key` is the key of the Message-IDs. `gate` checks the page of an edition as of today, and raises Leak.
    """

    def __init__(self, newsletter: Item, inputs: Inputs, theme: Path, key: bytes, gate: MailGate) -> None:
        self.newsletter, self.inputs, self.key, self.gate = newsletter, inputs, key, gate
        language, currency = inputs.site.language, inputs.programme.currency
        filters = date_filters(language) | number_filters(language, currency)
        house = house_of(inputs)
        self.templates = MailTemplates(theme, house, filters)
        self.sender = read_sender(inputs.site.mail, house)
        self._pages: dict[tuple[str, str, str | None, tuple[Thanks, ...]], MailPage] = {}

    def write_members(self, folder: Path) -> EmailRun:
        """Write a message per recipient, and the list of all members; replace the folder atomically."""
        chosen, left_out = choose_email_recipients(self.newsletter, self.inputs)
        today, envelopes = editions_today(self.inputs), []
        thanks = thanks_in(self.newsletter, self.inputs)
        with replaced_folder(folder, PRIVATE_FOLDER) as draft:
            for member, recipient in chosen:
                own = member.manager_key, thanks(member)
                page = self._page(member.edition, today[member.id], *own, personal=True)
                mail = compose_mail(page, self.sender, self.key, recipient)
                _write(draft / _file(member), mail.data)
                envelopes.append(_envelope(mail, self.sender, folder / _file(member)))
            _write(draft / LIST, _listed(chosen, left_out, self.key).encode())
        return EmailRun(tuple(envelopes), tuple(left_out))

    def write_editions(self, folder: Path) -> list[str]:
        """Write one message per edition without personal data; return the editions' names."""
        readers = readers_of(self.newsletter, self.inputs.programme)
        editions = [reader for reader in readers if is_visible(self.newsletter, reader, self.inputs)]
        with replaced_folder(folder, PRIVATE_FOLDER) as draft:
            for edition in editions:
                page = self._page(edition, edition, None, (), personal=False)
                _write(draft / f"{edition}.eml", compose_mail(page, self.sender, self.key).data)
        return editions

    def _page(
        self, edition: str, today: str, manager: str | None, thanks: tuple[Thanks, ...], *, personal: bool
    ) -> MailPage:
        """Return the page for readers of an edition on the issue's day and of another one today."""
        if (edition, today, manager, thanks) not in self._pages:
            issue = issue_of(self.newsletter, edition, self.inputs, today, without_ended=True, as_summaries=True)
            contact = manager_of(self.inputs.programme.manager(manager))
            page = self.templates.page(issue, personal=personal, manager=contact, thanks=thanks)
            self.gate(page, today)
            self._pages[edition, today, manager, thanks] = page
        return self._pages[edition, today, manager, thanks]


def _file(member: Member) -> str:
    return f"{member.id}.eml"


def _envelope(mail: Mail, sender: Sender, file: Path) -> Envelope:
    """Return a message's envelope. Its name is the Message-ID without the host: after a move of the site no message is
    sent again."""
    name = mail.message_id.strip("<>").partition("@")[0]
    return Envelope(mail.member, name, sender.address, mail.to, file)


def _listed(chosen: Iterable[tuple[Member, Recipient]], left_out: Iterable[LeftOut], key: bytes) -> str:
    """Return the list as CSV: members with file or reason, without names and addresses."""
    rows = [(one.id, one.edition, _file(one), unsubscribe_token(key, one.id), "") for one, _ in chosen]
    rows += [(left.member, left.edition, "", "", left.reason) for left in left_out]
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("member", "edition", "file", "unsubscribe_token", "left_out"))
    writer.writerows(sorted(rows))
    return text.getvalue()


def _write(path: Path, data: bytes) -> None:
    """Write a new file with mode 0600."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with open(os.open(path, flags, PRIVATE_FILE), "wb") as file:
        file.write(data)
