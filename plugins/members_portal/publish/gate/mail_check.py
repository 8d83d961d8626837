"""The gate of e-mails: refuse a page with items that its readers may not see."""

from dataclasses import replace

from members_portal.newsletter.mail.mail_templates import MailPage
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.hidden_text import hidden_from_readers
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.readable_text import readings
from members_portal.publish.issue.email_run import MailGate
from members_portal.publish.issue.print_contents import today_of
from members_portal.publish.publish_error import Leak


def mail_gate(newsletter: Item, inputs: Inputs, context: PublishContext) -> MailGate:
    """Return the check of an issue's pages: HTML and text, as of the day of the mailing."""
    then = replace(inputs, on=today_of(newsletter, inputs))

    def check(page: MailPage, reader: str) -> None:
        watchlist, found = hidden_from_readers(then, reader, context), set[str]()
        for name, text in (("mail.html", page.html), ("mail.txt", page.text)):
            found = found.union(*(watchlist.find(each) for each in readings(name, text.encode(), PdfReader())))
        if found:
            raise Leak([f"the e-mail for edition {reader} holds {what}" for what in sorted(found)])

    return check
