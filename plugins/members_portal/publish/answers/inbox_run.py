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
from members_portal.inbox.keeping import KeptAnswers, first_day_kept, keep_answers
from members_portal.inbox.known_people import KnownPeople
from members_portal.inbox.likeness import Likeness
from members_portal.inbox.member_file.members_file import members_file
from members_portal.inbox.outcome import OutcomeWriter
from members_portal.inbox.record.inbox_files import INBOX_FOLDER, InboxFiles, read_inbox
from members_portal.inbox.sources.opened_sources import opened_answers, source_kind
from members_portal.inbox.taking import AnswerTaker, TakenCount
from members_portal.portal.inputs import Inputs
from members_portal.publish.answers.known_forms import known_forms
from members_portal.publish.context import PublishContext
from members_portal.seal import Secret

INBOX_PASSWORD = "PORTAL_INBOX_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True)
class InboxRun:
    """What a run did, and the files after it."""

    count: TakenCount
    kept: KeptAnswers
    files: InboxFiles


def inbox_folder(context: PublishContext) -> Path:
    """Return the folder of the inbox."""
    return context.members / INBOX_FOLDER


def known_people(inputs: Inputs, secret: Secret) -> KnownPeople:
    """Return the people of the inputs."""
    present = {member.id: member for member in inputs.members}
    return KnownPeople(present, inputs.everyone, partial(referral_code, secret))


def take_answers(
    context: PublishContext, inputs: Inputs, secret: Secret, sources: Iterable[str], *, forget: bool = False
) -> InboxRun:
    """Take the answers of sources; raise InvalidInput or UnreadableInbox, after which the same command goes on."""
    people, forms = known_people(inputs, secret), known_forms(inputs)
    files = read_inbox(inbox_folder(context))
    kept = keep_answers(files, people, first_day_kept(context.on, inputs.site.answers.keep_months), forget=forget)
    renew = partial(renew_replies, forms=forms, people=people)
    if kept.old or kept.gone:
        renew(files)
        files.save()
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
    return InboxRun(taker.count, kept, files)


def received_at(context: PublishContext, inputs: Inputs) -> datetime:
    """Return the time of receipt in the time zone of the site, without a zone; on the stated day, if there is one."""
    moment = datetime.fromtimestamp(context.now, inputs.site.timezone).replace(tzinfo=None)
    return datetime.combine(context.on, moment.time()) if context.is_dated else moment


def decision_maker(context: PublishContext, inputs: Inputs, secret: Secret) -> DecisionMaker:
    """Return the maker of decisions on what waits in the inbox."""
    file = None if context.database else members_file(context.members, inputs.programme)
    return DecisionMaker(read_inbox(inbox_folder(context)), known_people(inputs, secret), inputs.programme, file)
