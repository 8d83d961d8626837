"""A run of `portal inbox`: the answers of all sources, taken under the lock of a publish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.referral_code import referral_code
from members_portal.inbox.decision import DecisionMaker
from members_portal.inbox.invitation import renew_replies
from members_portal.inbox.judgement import AnswerJudge
from members_portal.inbox.keeping import KeptAnswers, first_day_kept, keep_answers, note_last_id, remove_aged
from members_portal.inbox.known_people import KnownPeople
from members_portal.inbox.likeness import Likeness
from members_portal.inbox.member_file.members_file import members_file
from members_portal.inbox.outcome import OutcomeWriter
from members_portal.inbox.record.inbox_files import INBOX_FOLDER, InboxFiles, read_inbox
from members_portal.inbox.sources.opened_sources import opened_answers, source_kind
from members_portal.inbox.taking import AnswerTaker, TakenCount
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.portal.inputs import Inputs
from members_portal.publish.answers.known_forms import known_forms
from members_portal.publish.context import PublishContext
from members_portal.publish.pelican_run import site_settings
from members_portal.seal import Secret
from members_portal.source.open_source import open_source
from members_portal.source.people import load_members

INBOX_PASSWORD = "PORTAL_INBOX_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True)
class InboxRun:
    """What a run did, and the files after it."""

    count: TakenCount
    files: InboxFiles


def inbox_folder(context: PublishContext) -> Path:
    """Return the folder of the inbox."""
    return context.members / INBOX_FOLDER


def known_people(inputs: Inputs, secret: Secret) -> KnownPeople:
    """Return the people of the inputs."""
    present = {member.id: member for member in inputs.members}
    return KnownPeople(present, inputs.everyone, partial(referral_code, secret))


def kept_inbox(context: PublishContext, secret: Secret, *, forget: bool = False) -> tuple[InboxFiles, KeptAnswers]:
    """Return the files of the inbox without answers to be removed, not saved yet; raise InvalidInput.

    Only the members are read: lines of the inbox's ledger about somebody who is gone would be an error.
    """
    programme, site = load_programme(context.members), site_settings(context)
    with open_source(context.members, context.database, site.timezone) as source:
        people = KnownPeople({}, load_members(source, programme), partial(referral_code, secret))
    files = read_inbox(inbox_folder(context))
    return files, keep_answers(files, people, first_day_kept(context.on, site.answers.keep_months), forget=forget)


def renew_inbox(context: PublishContext, files: InboxFiles, inputs: Inputs, secret: Secret) -> int:
    """Save the files of an inbox, with replies and lists for the door computed again, and without old answers.

    Return the number of answers of which something was removed.
    """
    if not files.folder.exists():
        return 0
    forms, first = known_forms(inputs), first_day_kept(context.on, inputs.site.answers.keep_months)
    old = remove_aged(files, forms, first, context.on)
    renew_replies(files, forms, known_people(inputs, secret))
    files.save()
    return old


def take_answers(
    context: PublishContext, files: InboxFiles, inputs: Inputs, secret: Secret, sources: Iterable[str]
) -> InboxRun:
    """Take the answers of sources; raise InvalidInput or UnreadableInbox, after which the same command goes on."""
    people, forms = known_people(inputs, secret), known_forms(inputs)
    note_last_id(files, people)
    renew = partial(renew_replies, forms=forms, people=people)
    country = str(inputs.site.printing.get("country", ""))
    taker = AnswerTaker(
        files,
        AnswerJudge(AnswerKeys(secret), forms, people, received_at(context, inputs)),
        OutcomeWriter(inputs.programme, people, Likeness(inputs.everyone), country),
        renew,
    )
    for name in sources:
        with opened_answers(name, context.root, context.environ.get(INBOX_PASSWORD)) as source:
            taker.take(source, source_kind(name))
    return InboxRun(taker.count, files)


def received_at(context: PublishContext, inputs: Inputs) -> datetime:
    """Return the time of receipt in the time zone of the site, without a zone; on the stated day, if there is one."""
    moment = datetime.fromtimestamp(context.now, inputs.site.timezone).replace(tzinfo=None)
    return datetime.combine(context.on, moment.time()) if context.is_dated else moment


def decision_maker(context: PublishContext, inputs: Inputs, secret: Secret) -> DecisionMaker:
    """Return the maker of decisions on what waits in the inbox."""
    file = None if context.database else members_file(context.members, inputs.programme)
    files, people = read_inbox(inbox_folder(context)), known_people(inputs, secret)
    return DecisionMaker(files, people, inputs.programme, file, context.on)
