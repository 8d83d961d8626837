"""The press: seven stages from inputs to a release in force, all or nothing."""

from __future__ import annotations

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from members_portal.publish import fingerprint, releases
from members_portal.publish.context import PublishContext
from members_portal.publish.lock import only_one
from members_portal.seal import Enrolment, Report, SealError, Secret, seal_release, verify_release

# Pelican, markdown and pydantic take longer to import than an unchanged publish takes: only stages that need them do.
if TYPE_CHECKING:
    from members_portal.portal.inputs import Inputs
    from members_portal.publish.issue.mailing import Bureau, Mailing

STAGES = ("load", "validate", "render", "letters", "seal", "gate", "flip")

Stage = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Loaded:
    """What stage 1 found; `current` is the release in force, `made_of` the fingerprints it was made from."""

    inputs_print: str
    current: Path | None
    made_of: Mapping[str, str]


@dataclass(frozen=True)
class Published:
    """What a publish came to; `report` is None when nothing had changed. `items` and `members` count by edition.

    `dropped` names the columns that weren't read, by the table they are in; `segments` counts the members of each;
    `findings` the redemptions with which something is wrong; `pdfs` the letters of each newsletter that became PDFs,
    and is None where there can be none.
    """

    release: Path
    report: Report | None
    items: Mapping[str, int]
    members: Mapping[str, int]
    seconds: float
    dropped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    segments: Mapping[str, int] = field(default_factory=dict)
    findings: int = 0
    pdfs: Mapping[str, int] | None = field(default_factory=dict)


def publish(context: PublishContext, secret: Secret, stage: Stage) -> Published:
    """Run the stages; `stage` wraps each to show progress. After any error the release in force is what it was."""
    start = perf_counter()
    with only_one(context.build):
        with stage("load"):
            loaded = load(context, secret)
        if loaded.current and loaded.made_of.get("inputs") == loaded.inputs_print:
            return Published(loaded.current, None, {}, {}, perf_counter() - start)
        with stage("validate"):
            settings, inputs = validate(context)
        settings |= coupons(inputs, secret)
        with stage("render"):
            bureau, mailings = newsletters(context, settings, inputs, secret)
            settings |= pdfs(bureau, mailings)
            render(settings, inputs, context)
        with stage("letters"):
            letters(bureau, mailings, context, loaded.current)
        release, report = renew(context, secret, loaded, inputs, settings, stage)
    return Published(
        release,
        report,
        items=count_items(inputs),
        members=count_members(inputs),
        seconds=perf_counter() - start,
        dropped=inputs.dropped,
        segments=inputs.standings.count_segments(),
        findings=count_findings(inputs, secret),
        pdfs=count_letters(bureau, mailings, context),
    )


def load(context: PublishContext, secret: Secret) -> Loaded:
    """1. Clear away what a killed publish left, read the inputs, and see what the release in force was made of."""
    current = releases.current_release(context.output, context.releases)
    releases.clear_drafts(context.releases, context.output, current)
    releases.clear_cache(context.cache)
    fingerprint.forget(context.state, context.releases)
    made_of = fingerprint.recall(context.state, current)
    if current and not is_whole(current, secret, made_of):
        made_of = {}
    return Loaded(fingerprint.inputs_fingerprint(context, secret), current, made_of)


def is_whole(release: Path, secret: Secret, made_of: Mapping[str, str]) -> bool:
    """Tell whether a release is still as this site signed it, with as many sealed files as it was made with."""
    try:
        verify_release(release, secret.public_key)
        return made_of.get("blobs") == measure_blobs(release)
    except (SealError, OSError):
        return False


def measure_blobs(release: Path) -> str:
    """Say how many sealed files a release holds, and how long they are: opening each would take too long."""
    sizes = [entry.stat().st_size for folder in os.scandir(release / "_" / "b") for entry in os.scandir(folder.path)]
    return f"{len(sizes)} files, {sum(sizes)} bytes"


def validate(context: PublishContext, *, links: bool = True) -> tuple[dict[str, Any], Inputs]:
    """2. Read Pelican's settings and check every input; raise InvalidInput with all problems.

    `links` says whether to check where links lead, which only a portal needs that is published.
    """
    from members_portal.portal.inputs import load_inputs
    from members_portal.publish.pelican_run import pelican_settings

    settings = pelican_settings(context)
    cache, language = context.cache / "bodies.json", settings["DEFAULT_LANG"]
    inputs = load_inputs(
        context.content,
        context.members,
        context.on,
        settings["MARKDOWN"],
        cache,
        language,
        database=context.database,
        today=context.today,
        links=links,
    )
    return settings, inputs


def render(settings: dict[str, Any], inputs: Inputs, context: PublishContext) -> None:
    """3. Render every edition and every member's slots, in clear, into the private tree."""
    from members_portal.publish.pelican_run import render_site

    render_site(settings, inputs, context.tree)


def coupons(inputs: Inputs, secret: Secret) -> dict[str, Any]:
    """Derive what pages say of coupons, which Pelican's own settings files never hold."""
    from members_portal.publish.till import ledger_redemptions, till_settings

    return till_settings(inputs, secret, ledger_redemptions(inputs))


def newsletters(
    context: PublishContext, settings: dict[str, Any], inputs: Inputs, secret: Secret
) -> tuple[Bureau, list[Mailing]]:
    """Bring together the issues that will be PDFs; none where they aren't wanted or can't be made."""
    from members_portal.publish.issue.mailing import Bureau
    from members_portal.publish.issue.pango import pango_version

    bureau = Bureau.of(context, settings, inputs, secret)
    return bureau, bureau.published() if context.pdfs and pango_version() else []


def pdfs(bureau: Bureau, mailings: list[Mailing]) -> dict[str, Any]:
    """Derive what pages say of PDFs and letters."""
    from members_portal.publish.issue.portal_pdfs import announced

    return announced(bureau, mailings)


def letters(bureau: Bureau, mailings: list[Mailing], context: PublishContext, current: Path | None) -> None:
    """4. Lay out newsletters and letters, and put them where their readers have their files."""
    from members_portal.publish.issue.pdf_reuse import Previous
    from members_portal.publish.issue.portal_pdfs import write_letters

    write_letters(bureau, mailings, context.tree, Previous(current, bureau.secret))


def gate(release: Path, inputs: Inputs, secret: Secret, context: PublishContext, settings: dict[str, Any]) -> None:
    """6. Raise Leak when the release holds what it shouldn't, or lacks what somebody is owed."""
    from members_portal.publish.gate.release_check import check_release

    check_release(release, inputs, secret, context, settings)


def renew(
    context: PublishContext, secret: Secret, loaded: Loaded, inputs: Inputs, settings: dict[str, Any], stage: Stage
) -> tuple[Path, Report | None]:
    """5 to 7. Seal, gate and flip, unless what was rendered is what the release in force holds already."""
    roster = [Enrolment(member.id, member.edition, member.code_version) for member in inputs.members]
    generation = inputs.programme.generation
    tree = fingerprint.tree_fingerprint(context.tree, roster, generation, secret)
    made_of = {"inputs": loaded.inputs_print, "tree": tree}
    if loaded.current and loaded.made_of.get("tree") == tree:
        fingerprint.remember(context.state, loaded.current, {**loaded.made_of, **made_of})
        return loaded.current, None
    sequence = max(context.now, int(loaded.current.name) + 1 if loaded.current else 1)
    draft = releases.draft_release(context.releases, sequence)
    try:
        with stage("seal"):
            report = seal_release(
                context.tree,
                roster,
                secret=secret,
                publish_id=secrets.token_hex(16),
                sequence=sequence,
                date=context.on,
                generation=generation,
                out=draft,
                previous=loaded.current,
                durable=context.durable,
            )
        with stage("gate"):
            gate(draft, inputs, secret, context, settings)
        with stage("flip"):
            made_of["blobs"] = measure_blobs(draft)
            fingerprint.remember(context.state, releases.whole_release(draft), made_of)
            return releases.flip(draft, context.output), report
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def count_items(inputs: Inputs) -> dict[str, int]:
    """Count the items each edition shows."""
    from members_portal.loyalty.visibility import may_see

    return {
        reader: sum(may_see(item.audience, item.window, reader, inputs.on) for item in inputs.library.items.values())
        for reader in inputs.programme.readers
    }


def count_findings(inputs: Inputs, secret: Secret) -> int:
    """Count the redemptions of the ledger with which something is wrong."""
    from members_portal.publish.till import ledger_findings

    return len(ledger_findings(inputs, secret))


def count_letters(bureau: Bureau, mailings: list[Mailing], context: PublishContext) -> dict[str, int] | None:
    """Count the letters of each newsletter; None where this machine can't make PDFs."""
    from members_portal.publish.issue.pango import pango_version

    if not context.pdfs or pango_version():
        return {mailing.slug: len(bureau.holders(mailing)) for mailing in mailings}
    return None


def count_members(inputs: Inputs) -> dict[str, int]:
    """Count the members of each edition."""
    return dict(Counter(member.edition for member in inputs.members))
