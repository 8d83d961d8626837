"""The gate of e-mails: refuse a page with items that its readers may not see."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from members_portal.newsletter.mail.mail_templates import MailPage
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.hidden_text import item_phrases, phrase_keys
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.readable_text import readings
from members_portal.publish.gate.search.phrase_table import PhraseTable
from members_portal.publish.gate.search.release_texts import front_matter
from members_portal.publish.gate.search.search_record import SearchRecord
from members_portal.publish.gate.search.sources import Sources
from members_portal.publish.issue.email_run import MailGate
from members_portal.publish.issue.print_contents import today_of
from members_portal.publish.publish_error import Leak
from members_portal.work_record import WorkRecord


def mail_gate(newsletter: Item, inputs: Inputs, context: PublishContext) -> MailGate:
    """Return the check of an issue's pages: HTML and text, as of the day of the mailing."""
    then = replace(inputs, on=today_of(newsletter, inputs))
    sources = Sources(then, context, SearchRecord(WorkRecord(), "sources of e-mails", b""), front_matter(then))
    sources.search(phrase_keys(item_phrases(then.library.items.values())))

    @cache
    def hidden_from(reader: str) -> tuple[Mapping[str, str], PhraseTable]:
        hidden = sources.hidden_from(reader)
        return hidden, PhraseTable(hidden)

    def check(page: MailPage, reader: str) -> None:
        (hidden, table), found = hidden_from(reader), set[str]()
        for name, text in (("mail.html", page.html), ("mail.txt", page.text)):
            found = found.union(*map(table.find, readings(name, text.encode(), PdfReader())))
        if found:
            leaks = sorted(hidden[key] for key in found)
            raise Leak([f"the e-mail for edition {reader} holds {what}" for what in leaks])

    return check
