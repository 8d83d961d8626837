"""Stages 2 to 7 of a publish, for inputs that have changed since the release in force."""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from members_portal.loyalty.input.problem import InvalidInput, Problem, check_degree, count_warnings, has_error
from members_portal.portal.inputs import Inputs, WorkPlace
from members_portal.portal.personal.slot_batch import SLOT_PACKAGES
from members_portal.portal.rendering.issue_contents import newsletter_of
from members_portal.publish import fingerprint, releases
from members_portal.publish.answers.release_answer_keys import ReleaseAnswerKeys
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.candidate import Candidate
from members_portal.publish.gate.release_check import check_hidden, check_release
from members_portal.publish.issue.mailing import Mailing, MailingBuilder
from members_portal.publish.issue.pango import pango_version
from members_portal.publish.issue.paper_check import paper_problems
from members_portal.publish.issue.pdf_reuse import ReleasedPdfs
from members_portal.publish.issue.portal_pdfs import PortalPdfs, check_issue_layout, portal_pdfs, write_letters
from members_portal.publish.member_pass.member_passes import MemberPasses
from members_portal.publish.member_pass.pass_files import ReleasedPasses, write_passes
from members_portal.publish.pelican_run import render, slot_nonce
from members_portal.publish.pipeline import WARNINGS, Loaded, Published, Stage, remove_old, write_pack
from members_portal.publish.reuse.work_place import work_place
from members_portal.publish.till.till_data import ledger_redemptions, till_settings
from members_portal.publish.tripwire.census import Census, take_census
from members_portal.publish.tripwire.census_file import forget_censuses, remember_census
from members_portal.publish.tripwire.loss_check import check_losses
from members_portal.publish.validation import validate
from members_portal.seal import Enrolment, SealReport, Secret, seal_release
from members_portal.work_record import WorkRecord
from members_portal.workers.crew import Crew


def publish_changes(context: PublishContext, secret: Secret, loaded: Loaded, stage: Stage) -> Published:
    """Run stages 2 to 7."""
    with work_place(context, secret) as place, Crew(context.executor, SLOT_PACKAGES) as crew:
        return _publish_with(place, crew, context, secret, loaded, stage)


def _publish_with(
    place: WorkPlace, crew: Crew, context: PublishContext, secret: Secret, loaded: Loaded, stage: Stage
) -> Published:
    with stage("validate"):
        inputs = validate(context, secret, place)
        census = take_census(inputs, secret)
        losses = check_losses(context, secret, loaded.current, inputs, census)
        builder = MailingBuilder.of(context, inputs, secret, place)
        mailings = builder.published() if context.pdfs and pango_version() else []
        on_paper = paper_problems(builder, mailings or _printed_contents(builder, context))
        passes = MemberPasses.of(context, inputs, secret, place.record)
        found = [*inputs.warnings, *losses.warnings, *on_paper, *passes.settings.warnings]
        warnings = check_degree(found, strict=context.strict)
    forget_censuses(context.censuses, context.releases)
    with stage("render"):
        pdfs = portal_pdfs(builder, mailings)
        till = till_settings(inputs, secret, ledger_redemptions(inputs))
        keys = {
            "PORTAL_PUBLIC_KEY": secret.public_key.hex(),
            "PORTAL_SLOT_NONCE": slot_nonce(secret),
            "PORTAL_CACHE_KEY": secret.cache_key(),
            "PORTAL_SPREAD": crew.anywhere,
            "PORTAL_ANSWER_SOURCE": ReleaseAnswerKeys(secret),
        }
        rendered = render(inputs, context, {**till, **pdfs.settings(), **passes.handed_over(), **keys}, place)
    with stage("letters"), listed_with(warnings):
        left_out = write_letters(builder, mailings, context.tree, ReleasedPdfs(loaded.verified, secret))
        released = ReleasedPasses(loaded.verified, secret)
        pdfs = replace(pdfs, passes=write_passes(passes, inputs.members, context.tree, released))
        digests = fingerprint.FileDigests(context.tree, rendered)
    warnings = (*warnings, *left_out, *passes.left_out.values())
    lasting = count_warnings({*warnings}.difference(losses.warnings))  # those that an unchanged publish would have, too
    release, report, notes = renew(
        context, secret, loaded, inputs, census, pdfs, stage, digests, place.record, crew, warned=lasting
    )
    return Published(
        release,
        report,
        items=count_items(inputs),
        members=dict(Counter(member.edition for member in inputs.members)),
        dropped=inputs.dropped,
        warnings=warnings,
        warned=count_warnings(warnings),
        segments=inputs.standings.count_segments(),
        pdfs=count_letters(builder, mailings, context),
        accepted=losses.loss,
        notes=notes,
    )


@contextmanager
def listed_with(warnings: Iterable[Problem]) -> Iterator[None]:
    """List warnings with the problems of an InvalidInput that is raised in this context."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput([*(each for each in warnings if each.is_warning), *error.problems]) from error


def _printed_contents(builder: MailingBuilder, context: PublishContext) -> list[Mailing]:
    """Return the issues that a preview without PDFs checks, so that its errors and warnings are those of a publish."""
    return builder.published_contents() if context.has_paper and pango_version() else []


def check_paper(
    context: PublishContext, inputs: Inputs, secret: Secret | None, warnings: Iterable[Problem]
) -> tuple[Problem, ...]:
    """Return the warnings found before and those of all issues on paper; raise InvalidInput with all for an error."""
    unused = secret or Secret(secrets.token_bytes(32))  # no sheets are made without one
    builder = MailingBuilder.of(context, inputs, unused)
    mailings = builder.undrafted() if context.pdfs and pango_version() else []
    problems = [*warnings, *paper_problems(builder, mailings)]
    if secret and mailings and not has_error(problems):
        newest = max(mailings, key=lambda mailing: newsletter_of(mailing.newsletter).day)
        with listed_with(problems):
            problems += check_issue_layout(builder, newest)
    return check_degree(problems, strict=context.strict)


def next_opening(inputs: Inputs) -> str:
    """Return the next time today at which an item opens, in seconds since 1970; empty without one."""
    times = [item.held_until.timestamp() for item in inputs.library.items.values() if item.held_until]
    return str(int(min(times))) if times else ""


def renew(
    context: PublishContext,
    secret: Secret,
    loaded: Loaded,
    inputs: Inputs,
    census: Census,
    pdfs: PortalPdfs,
    stage: Stage,
    digests: fingerprint.FileDigests,
    record: WorkRecord,
    crew: Crew,
    *,
    warned: int,
) -> tuple[Path, SealReport | None, tuple[str, ...]]:
    """5 to 7. Seal, check and flip; keep the release in force when the rendered tree has not changed.

    That release is searched for what is hidden now. Return the release, the report of a new one, and notes about the
    work pack.

    `warned` is the number of warnings that a publish of the same inputs has again.
    `digests` holds those of the tree's files that the rendering knows. A preview shows a release, and then checks it.
    Its fingerprints are remembered after the check: a preview that was killed before makes and checks it again.
    """
    roster = [Enrolment(member.id, member.edition, member.code_version) for member in inputs.members]
    generation = inputs.programme.generation
    sequence = releases.next_sequence(context.releases, context.now, secret)
    draft = releases.draft_release(context.releases, sequence)
    try:
        with stage("seal"):
            tree = fingerprint.tree_fingerprint(context.tree, roster, generation, secret, digests)
            fingerprints = {
                "inputs": _settled_print(context, secret, loaded),
                "tree": tree,
                "opens": next_opening(inputs),
                "made": str(context.now),
                WARNINGS: str(warned),
            }
            unchanged = loaded.verified if loaded.fingerprints.get("tree") == tree else None
            if unchanged is None:
                report = seal_release(
                    context.tree,
                    roster,
                    secret=secret,
                    publish_id=secrets.token_hex(16),
                    sequence=sequence,
                    date=context.on,
                    generation=generation,
                    out=draft,
                    previous=loaded.verified,
                    edition_files=edition_pdfs(inputs, pdfs),
                    durable=context.durable,
                    digests=digests.below(context.tree),
                    found=loaded.found,
                    memory=record,
                    runner=crew.here,
                    done=context.members_done,
                )
                crew.close()
        if unchanged:
            with stage("gate"):  # a title may be hidden since the last publish that the same pictures hold
                check_hidden(Candidate(unchanged, inputs, secret, context, pdfs, unchanged, record, digests))
            fingerprint.remember(context.state, unchanged, {**loaded.fingerprints, **fingerprints})
            remember_census(context.censuses, unchanged, census, secret)
            record.save()
            return unchanged, None, write_pack(context, secret, unchanged)
        show, previous = context.show, loaded.verified
        checked = releases.shown(draft, context.output, previous) if show and previous else nullcontext(draft)
        with checked as folder:
            if show and previous:
                show(folder)
            with stage("gate"):
                check_release(Candidate(folder, inputs, secret, context, pdfs, loaded.verified, record, digests))
        with stage("flip"):
            release = releases.whole_release(draft)
            fingerprint.remember(context.state, release, fingerprints)
            remember_census(context.censuses, release, census, secret)
            if not (show and previous):
                releases.flip(draft, context.output)
            record.save()
            notes = write_pack(context, secret, release)
            if not context.release_memory:  # a preview shows the release before it removes others
                remove_old(context, release, *filter(None, [loaded.current]))
            return release, report, notes
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _settled_print(context: PublishContext, secret: Secret, loaded: Loaded) -> str:
    """Return the fingerprint of the inputs; empty if one has changed meanwhile: it may have been read before or after.

    Otherwise an edit during a publish that is undone would count as published, with the text of the edit.
    """
    is_settled = fingerprint.inputs_fingerprint(context, secret) == loaded.inputs_print
    return loaded.inputs_print if is_settled else ""


def edition_pdfs(inputs: Inputs, pdfs: PortalPdfs) -> frozenset[str]:
    """Return the paths of the PDFs of newsletters, of which each edition has its own version."""
    items = inputs.library.items.values()
    return frozenset(f"{item.url}{item.slug}.pdf" for item in items if item.slug in pdfs.issues)


def count_items(inputs: Inputs) -> dict[str, int]:
    """Return the number of items of each edition."""
    return {
        reader: sum(item.visible_to(reader, inputs.on) for item in inputs.library.items.values())
        for reader in inputs.programme.readers
    }


def count_letters(builder: MailingBuilder, mailings: list[Mailing], context: PublishContext) -> dict[str, int] | None:
    """Return the number of letters of each newsletter; None when Pango is missing."""
    if not context.pdfs or pango_version():
        return {mailing.slug: len(builder.holders(mailing)) for mailing in mailings}
    return None
