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

from plugins.publish import fingerprint, shelf
from plugins.publish.desk import Desk
from plugins.publish.lock import only_one
from plugins.seal import Enrolment, Report, SealError, Secret, seal_release, verify_release

# Pelican, markdown and pydantic take longer to import than an unchanged publish takes: only stages that need them do.
if TYPE_CHECKING:
    from plugins.portal.inputs import Inputs
    from plugins.publish.bureau import Bureau, Mailing

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


def publish(desk: Desk, secret: Secret, stage: Stage) -> Published:
    """Run the stages; `stage` wraps each to show progress. After any error the release in force is what it was."""
    start = perf_counter()
    with only_one(desk.build):
        with stage("load"):
            loaded = load(desk, secret)
        if loaded.current and loaded.made_of.get("inputs") == loaded.inputs_print:
            return Published(loaded.current, None, {}, {}, perf_counter() - start)
        with stage("validate"):
            settings, inputs = validate(desk)
        settings |= coupons(inputs, secret)
        with stage("render"):
            bureau, mailings = newsletters(desk, settings, inputs, secret)
            settings |= pdfs(bureau, mailings)
            render(settings, inputs, desk)
        with stage("letters"):
            letters(bureau, mailings, desk, loaded.current)
        release, report = renew(desk, secret, loaded, inputs, settings, stage)
    return Published(
        release,
        report,
        items=count_items(inputs),
        members=count_members(inputs),
        seconds=perf_counter() - start,
        dropped=inputs.dropped,
        segments=inputs.standings.count_segments(),
        findings=count_findings(inputs, secret),
        pdfs=count_letters(bureau, mailings, desk),
    )


def load(desk: Desk, secret: Secret) -> Loaded:
    """1. Clear away what a killed publish left, read the inputs, and see what the release in force was made of."""
    current = shelf.current_release(desk.output, desk.releases)
    shelf.clear_drafts(desk.releases, desk.output, current)
    shelf.clear_cache(desk.cache)
    fingerprint.forget(desk.state, desk.releases)
    made_of = fingerprint.recall(desk.state, current)
    if current and not is_whole(current, secret, made_of):
        made_of = {}
    return Loaded(fingerprint.inputs_fingerprint(desk, secret), current, made_of)


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


def validate(desk: Desk, *, links: bool = True) -> tuple[dict[str, Any], Inputs]:
    """2. Read Pelican's settings and check every input; raise InvalidInput with all problems.

    `links` says whether to check where links lead, which only a portal needs that is published.
    """
    from plugins.portal.inputs import load_inputs
    from plugins.publish.render import pelican_settings

    settings = pelican_settings(desk)
    cache, language = desk.cache / "bodies.json", settings["DEFAULT_LANG"]
    inputs = load_inputs(
        desk.content,
        desk.members,
        desk.on,
        settings["MARKDOWN"],
        cache,
        language,
        database=desk.database,
        today=desk.today,
        links=links,
    )
    return settings, inputs


def render(settings: dict[str, Any], inputs: Inputs, desk: Desk) -> None:
    """3. Render every edition and every member's slots, in clear, into the private tree."""
    from plugins.publish.render import render_site

    render_site(settings, inputs, desk.tree)


def coupons(inputs: Inputs, secret: Secret) -> dict[str, Any]:
    """Derive what pages say of coupons, which Pelican's own settings files never hold."""
    from plugins.publish.till import ledger_redemptions, till_settings

    return till_settings(inputs, secret, ledger_redemptions(inputs))


def newsletters(desk: Desk, settings: dict[str, Any], inputs: Inputs, secret: Secret) -> tuple[Bureau, list[Mailing]]:
    """Bring together the issues that will be PDFs; none where they aren't wanted or can't be made."""
    from plugins.publish.bureau import Bureau
    from plugins.publish.pango import pango_version

    bureau = Bureau.of(desk, settings, inputs, secret)
    return bureau, bureau.published() if desk.pdfs and pango_version() else []


def pdfs(bureau: Bureau, mailings: list[Mailing]) -> dict[str, Any]:
    """Derive what pages say of PDFs and letters."""
    from plugins.publish.letters import announced

    return announced(bureau, mailings)


def letters(bureau: Bureau, mailings: list[Mailing], desk: Desk, current: Path | None) -> None:
    """4. Lay out newsletters and letters, and put them where their readers have their files."""
    from plugins.publish.letters import write_letters
    from plugins.publish.previous import Previous

    write_letters(bureau, mailings, desk.tree, Previous(current, bureau.secret))


def gate(release: Path, inputs: Inputs, secret: Secret, desk: Desk, settings: dict[str, Any]) -> None:
    """6. Raise Leak when the release holds what it shouldn't, or lacks what somebody is owed."""
    from plugins.publish.gate import check_release

    check_release(release, inputs, secret, desk, settings)


def renew(
    desk: Desk, secret: Secret, loaded: Loaded, inputs: Inputs, settings: dict[str, Any], stage: Stage
) -> tuple[Path, Report | None]:
    """5 to 7. Seal, gate and flip, unless what was rendered is what the release in force holds already."""
    roster = [Enrolment(member.id, member.edition, member.code_version) for member in inputs.members]
    generation = inputs.programme.generation
    tree = fingerprint.tree_fingerprint(desk.tree, roster, generation, secret)
    made_of = {"inputs": loaded.inputs_print, "tree": tree}
    if loaded.current and loaded.made_of.get("tree") == tree:
        fingerprint.remember(desk.state, loaded.current, {**loaded.made_of, **made_of})
        return loaded.current, None
    sequence = max(desk.now, int(loaded.current.name) + 1 if loaded.current else 1)
    draft = shelf.draft_release(desk.releases, sequence)
    try:
        with stage("seal"):
            report = seal_release(
                desk.tree,
                roster,
                secret=secret,
                publish_id=secrets.token_hex(16),
                sequence=sequence,
                date=desk.on,
                generation=generation,
                out=draft,
                previous=loaded.current,
                durable=desk.durable,
            )
        with stage("gate"):
            gate(draft, inputs, secret, desk, settings)
        with stage("flip"):
            made_of["blobs"] = measure_blobs(draft)
            fingerprint.remember(desk.state, shelf.whole_release(draft), made_of)
            return shelf.flip(draft, desk.output), report
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def count_items(inputs: Inputs) -> dict[str, int]:
    """Count the items each edition shows."""
    from plugins.loyalty.gate import may_see

    return {
        reader: sum(may_see(item.audience, item.window, reader, inputs.on) for item in inputs.library.items.values())
        for reader in inputs.programme.readers
    }


def count_findings(inputs: Inputs, secret: Secret) -> int:
    """Count the redemptions of the ledger with which something is wrong."""
    from plugins.publish.till import ledger_findings

    return len(ledger_findings(inputs, secret))


def count_letters(bureau: Bureau, mailings: list[Mailing], desk: Desk) -> dict[str, int] | None:
    """Count the letters of each newsletter; None where this machine can't make PDFs."""
    from plugins.publish.pango import pango_version

    if not desk.pdfs or pango_version():
        return {mailing.slug: len(bureau.holders(mailing)) for mailing in mailings}
    return None


def count_members(inputs: Inputs) -> dict[str, int]:
    """Count the members of each edition."""
    return dict(Counter(member.edition for member in inputs.members))
