"""The commands `portal inbox …`: take the answers of members, and decide on changes and joins."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click

from members_portal.inbox.decision import DecisionMaker
from members_portal.inbox.inbox_error import FutureDay
from members_portal.inbox.keeping import KeptAnswers
from members_portal.inbox.likeness import Likeness, sharing_members
from members_portal.inbox.record.inbox_files import ANSWERS, InboxFiles, read_inbox
from members_portal.inbox.record.inbox_row import OPEN, ChangeRow
from members_portal.inbox.record.set_aside import ASIDE_LIST
from members_portal.portal.answering.waiting_answer import waiting_answers
from members_portal.portal.inputs import Inputs
from members_portal.publish.answers.inbox_run import (
    InboxRun,
    decision_maker,
    inbox_folder,
    kept_inbox,
    renew_inbox,
    take_answers,
)
from members_portal.publish.command.command_group import CommandGroup
from members_portal.publish.command.site_secret import known_secret, secret_for
from members_portal.publish.command.terminal import (
    content_option,
    context_for,
    date_option,
    debug_option,
    errors,
    flag,
    in_words,
    input_options,
    members_option,
    reported,
    screen,
    shown,
)
from members_portal.publish.context import PublishContext
from members_portal.publish.lock import inbox_lock
from members_portal.publish.validation import validate

TAKE = "take"
DECIDED = "the same command goes on"


class InboxCommands(CommandGroup):
    """The commands of the inbox; without the name of one, `take` is meant: `portal inbox SOURCE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `take` before sources."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [TAKE, *args]
        return super().parse_args(ctx, args)


app = click.Group()

_SOURCES = "A folder, an mbox, a Maildir, a CSV or JSON file, imaps://user@host/FOLDER; or none, to renew the files."
sources_argument = click.argument("sources", nargs=-1, metavar="[SOURCE…]", help=_SOURCES)
number_argument = click.argument("number", metavar="NUMBER", help="The number of an answer, such as A-7K3Q-9XMP-2T4V.")


@app.group(cls=InboxCommands)
def inbox() -> None:
    """Take the answers of members, and decide on changes and joins."""


@inbox.command(TAKE)
@sources_argument
@flag("--forget", "Also remove the answers of many members who are gone.")
@input_options
def take(
    sources: tuple[str, ...],
    forget: bool,
    content: str | None,
    members: str | None,
    on: date | None,
    debug: bool,
) -> None:
    """Open, check and count the answers that have arrived; an answer counts once. Without a source, renew the files."""
    left = "what was taken is whole, and the same command goes on"
    with reported(debug, "What was taken before is whole.", left):
        context = context_for(on, content=content, members=members)
        if context.on > context.today:
            raise FutureDay(f"{context.on} is in the future: its lines of the ledger would stop each publish")
        secret = secret_for(context)
        with inbox_lock(context.build, context.members):
            files, kept = kept_inbox(context, secret, forget=forget)
            if kept.held:
                screen.print(_held_line(kept.held))
            inputs = validate(context, secret, links=False, redemptions=False, forgotten=kept.gone)
            old = renew_inbox(context, files, inputs, secret)
            for line in _kept_lines(kept, old):
                screen.print(line)
            run = take_answers(context, files, inputs, secret, sources)
        _show_run(context, run, is_renewed=not sources)


@inbox.command("list")
@input_options
def list_waiting(
    content: str | None,
    members: str | None,
    on: date | None,
    debug: bool,
) -> None:
    """List what waits for somebody: changes and joins to approve, feedback to answer, lost codes, answers set aside."""
    with reported(debug):
        context = context_for(on, content=content, members=members)
        with inbox_lock(context.build, context.members):
            files = read_inbox(inbox_folder(context))
            inputs = validate(context, known_secret(context), links=False, redemptions=False)
        for line in (*_waiting_lines(files, inputs), *_unanswered_lines(inputs)):
            screen.print(line, markup=False)


@inbox.command("approve")
@number_argument
@click.option("--id", "new_id", default="", metavar="ID", help="The id of a new member, not the next free one.")
@input_options
def approve(
    number: str,
    new_id: str,
    content: str | None,
    members: str | None,
    on: date | None,
    debug: bool,
) -> None:
    """Approve a change or a new member: it is written into the file of members."""
    with reported(debug, "Nothing was approved.", DECIDED):
        context = context_for(on, content=content, members=members)
        with _decisions(context) as decisions:
            told = decisions.approve(_plain(number), new_id)
        for line in told:
            screen.print(line, markup=False)


@inbox.command("answered")
@number_argument
@click.option("--by", default="", metavar="NAME", help="Who has answered.")
@date_option
@content_option
@members_option
@debug_option
def answered(
    number: str,
    by: str,
    on: date | None,
    content: str | None,
    members: str | None,
    debug: bool,
) -> None:
    """Note that somebody has answered a member: promises to answer in time count it."""
    with reported(debug, "Nothing was noted."):
        context = context_for(on, content=content, members=members)
        if context.on > context.today:
            raise FutureDay(f"{context.on} is in the future, expected the day of the answer")
        with _decisions(context) as decisions:
            earlier = decisions.note_answer(_plain(number), context.on, by.strip())
        replaced = f"; this replaces {earlier.day}" if earlier else ""
        screen.print(f"{_plain(number)} answered on {context.on}{replaced}.", markup=False)


@inbox.command("refuse")
@number_argument
@input_options
def refuse(
    number: str,
    content: str | None,
    members: str | None,
    on: date | None,
    debug: bool,
) -> None:
    """Refuse a change or a new member."""
    with reported(debug, "Nothing was refused.", DECIDED):
        context = context_for(on, content=content, members=members)
        with _decisions(context) as decisions:
            decisions.refuse(_plain(number))
        screen.print(f"{_plain(number)} refused.", markup=False)


@contextmanager
def _decisions(context: PublishContext) -> Iterator[DecisionMaker]:
    """Return the maker of decisions on the inbox, while no publish can run."""
    secret = secret_for(context)
    with inbox_lock(context.build, context.members):
        inputs = validate(context, secret, links=False, redemptions=False)
        yield decision_maker(context, inputs, secret)


def _plain(number: str) -> str:
    """Return a number as it is written, however it was typed."""
    return number.strip().upper()


def _show_run(context: PublishContext, run: InboxRun, *, is_renewed: bool) -> None:
    """Print the summary of a run: numbers, never a word of an answer."""
    count, folder = run.count, shown(inbox_folder(context))
    total = count.kinds.total()
    taken = f"{in_words(total, 'answer')} taken from {in_words(count.messages, 'message')}"
    screen.print(f"{'No source: the files were renewed' if is_renewed else taken}; see {folder}/.")
    for kind, number in sorted(count.kinds.items()):
        screen.print(f"  {number:6}  {kind}")
    if count.replayed:
        screen.print(f"  {count.replayed:6}  had arrived before, and were not counted again")
    for reason, number in count.refused.most_common():
        errors.print(f"set aside: {number:5}  {reason}", markup=False)
    if count.left:
        errors.print(f"Too many to set aside at once: {count.left} stay where they are, for the next run.")
    if run.files.waiting:
        screen.print(
            f"{in_words(len(run.files.waiting), 'change or join', 'changes and joins')} to approve: portal inbox list"
        )


def _kept_lines(kept: KeptAnswers, old: int) -> Iterator[str]:
    if old:
        yield f"{in_words(old, 'answer')} removed: older than answers are kept."
    if kept.gone:
        yield f"{in_words(len(kept.gone), 'member')} gone: their answers were removed."


def _held_line(held: int) -> str:
    are = "is" if held == 1 else "are"
    return (
        f"{in_words(held, 'member')} of earlier answers {are} missing. If they are to be forgotten, type"
        " --forget; otherwise the list of members is incomplete."
    )


def _waiting_lines(files: InboxFiles, inputs: Inputs) -> Iterator[str]:
    """Yield what waits by number, without personal data but ids."""
    rows: dict[tuple[str, str], list[ChangeRow]] = defaultdict(list)
    for change in files.changes:
        if change.state == OPEN:
            rows[change.number, change.member].append(change)
    likeness = Likeness(inputs.everyone)
    for (number, member), changes in rows.items():
        shared = sharing_members(changes, likeness)
        same = f"; {' '.join(shared)} can be reached there, too" if shared else ""
        yield f"{number}  change of {member}: {', '.join(row.field for row in changes)}{same}"
    for join in files.joins:
        if join.state == OPEN:
            like = f", like {join.like}" if join.like else ""
            yield f"{join.number}  new member{like}{f', sent by {join.by}' if join.by else ''}"
    lost = dict.fromkeys(row.number for row in files.answers if row.kind == "lost-code")
    yield from (f"{number}  lost code: see {ANSWERS}" for number in lost if number not in files.answered)
    if files.aside.rows:
        yield f"{in_words(len(files.aside.rows), 'answer')} set aside: see {ASIDE_LIST}"
    yield f"{in_words(len(files.waiting), 'decision')} to make."


def _unanswered_lines(inputs: Inputs) -> Iterator[str]:
    """Yield the feedback that nobody has answered, with the working days that it has waited."""
    for each in waiting_answers(inputs.library, inputs.received, inputs.on, inputs.site.answers.calendar):
        late = ", longer than promised" if each.is_late else ""
        yield f"{each.number}  feedback, waits {in_words(each.waited, 'working day')}{late}"
