"""Print files: one member's letter for viewing, and the print run of an issue."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

from members_portal.loyalty.input.csv_cell import guarded
from members_portal.loyalty.input.problem import Problem, check_degree
from members_portal.newsletter.issue import Sheet
from members_portal.newsletter.layout import Materials, lay_out, write_pdf
from members_portal.newsletter.letter.planning import Layouts, Planner
from members_portal.newsletter.letter.screen_pdf import letters
from members_portal.newsletter.letter.tags import complete_tags
from members_portal.newsletter.post.address_window import Zone, around
from members_portal.newsletter.post.recipients import MISFIT
from members_portal.newsletter.preflight.address_reading import Glyphs, lay_out_addresses
from members_portal.newsletter.preflight.expected import Expected
from members_portal.newsletter.preflight.finding import PreflightReport
from members_portal.newsletter.preflight.inspection import preflight, unfit_addresses
from members_portal.newsletter.press.ink import Inks
from members_portal.newsletter.press.print_run import Letter, posting_order, write_run
from members_portal.newsletter.press.run_manifest import ManifestRow, write_manifest
from members_portal.newsletter.press.run_summary import Run, summarise, summary_text
from members_portal.newsletter.print_templates import Shell
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs, WorkPlace
from members_portal.portal.rendering.issue_contents import newsletter_of
from members_portal.publish.context import PublishContext
from members_portal.publish.issue.ended_items import remarks_on_dates
from members_portal.publish.issue.letter_weight import weight_problems
from members_portal.publish.issue.mailing import Mailing, MailingBuilder
from members_portal.publish.issue.member_sheets import sheets_of
from members_portal.publish.issue.paper_check import check_issue
from members_portal.publish.issue.portal_pdfs import laid_out
from members_portal.publish.issue.print_contents import find_newsletter
from members_portal.publish.issue.print_settings import Seed
from members_portal.publish.lock import publish_lock
from members_portal.publish.publish_error import PublishError, UnknownMember
from members_portal.seal import Secret
from members_portal.whole_file import replaced_folder

Progress = Callable[[int], None]
Show = Callable[[Sequence[Problem]], object]

MOST_FINDINGS = 20  # findings in one message


def write_letter(
    context: PublishContext,
    inputs: Inputs,
    secret: Secret,
    member_id: str,
    slug: str | None,
    show: Show,
    place: WorkPlace | None = None,
) -> tuple[Path, str]:
    """Write a member's letter to .build/letters/; return its path, and the reason if it is not posted (else "").

    `show` receives the warnings about the issue on paper. Raise PublishError for an unknown member or issue.
    `place` has the results of earlier runs.
    """
    builder = MailingBuilder.of(context, inputs, secret, place)
    mailing = builder.build(issue_to_print(inputs, slug), for_any_member=True, without_ended=True)
    member = next((member for member in mailing.then.members if member.id == member_id), None)
    if member is None:
        raise UnknownMember(member_id, [each.id for each in mailing.then.members], f" on {mailing.then.on}")
    if member_id not in mailing.issue_names:
        editions = " or ".join(sorted({member.edition, builder.today[member_id]}))
        raise PublishError(f"{mailing.slug} is not for readers of the edition {editions}")
    show([problem for problem in check_issue(builder, mailing) if problem.is_warning])
    sheets = sheets_of(builder, mailing, [member])
    planner = builder.planner(mailing, sheets, [mailing.issue_names[member_id]])
    with builder.tools() as tools:
        layouts = laid_out(builder, mailing, planner, tools)
        show(check_degree(weight_problems(builder, mailing, planner, layouts.sheets), strict=context.strict))
        ((_, pdf),) = letters(planner, layouts, tools)
    builder.keep_templates()
    file = context.build / "letters" / f"{member_id}-{mailing.slug}.pdf"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_bytes(pdf)
    return file, next((reason for left, reason in mailing.choice.left_out if left.id == member_id), "")


def issue_to_print(inputs: Inputs, slug: str | None) -> Item:
    """Return a newsletter by its slug, by default the newest; raise PublishError for drafts and unknown slugs."""
    newsletters = sorted(_undrafted(inputs), key=lambda item: newsletter_of(item).day)
    if slug is None and newsletters:
        return newsletters[-1]
    if slug and (found := find_newsletter(inputs, slug)):
        if found.draft:
            raise PublishError(f"{slug} is a draft (`Status: draft`)")
        return found
    known = ", ".join(item.slug for item in newsletters)
    raise PublishError(f"there is no newsletter {slug or ''!r}, expected one of {known}" if known else "no newsletter")


def _undrafted(inputs: Inputs) -> list[Item]:
    return [item for item in inputs.library.newsletters if not item.draft]


def write_print_run(
    context: PublishContext, inputs: Inputs, secret: Secret, slug: str, progress: Progress, show: Show
) -> tuple[Path, str]:
    """Write a print run, atomically; return its folder and its summary. Raise PublishError when the preflight fails.

    `show` receives the warnings about the issue on paper, and the members left out for a fault. A failed run is kept in
    a folder with the suffix `.failed`; the previous run stays.
    """
    builder = MailingBuilder.of(context, inputs, secret)
    mailing = builder.build(issue_to_print(inputs, slug), without_ended=True)
    _check_day(mailing, context)
    if not inputs.site.url.startswith("https://"):
        raise PublishError(f"letters would lead to {inputs.site.url!r}: browsers let nobody sign in without https")
    show(check_issue(builder, mailing))
    folder = context.build / "print" / mailing.slug
    failed = folder.with_name(f"{mailing.slug}.failed")
    with publish_lock(context.build), replaced_folder(folder) as draft:
        shutil.rmtree(failed, ignore_errors=True)
        report = _write(builder, mailing, draft, progress, show)
        if not report.ok:
            draft.rename(failed)
            found = "\n".join(map(str, report.findings[:MOST_FINDINGS]))
            raise PublishError(f"the preflight failed: {len(report.findings)} found (see {failed}):\n{found}")
    return folder, (folder / "summary.txt").read_text("utf-8")


def _check_day(mailing: Mailing, context: PublishContext) -> None:
    """Raise PublishError when letters would state figures of a future day."""
    if mailing.then.on > context.on:
        what = f"{mailing.slug} would state figures of {mailing.then.on}, which is to come"
        raise PublishError(f"{what}: set `Figures: {context.on}` in it, the day they are of")


def _write(builder: MailingBuilder, mailing: Mailing, draft: Path, progress: Progress, show: Show) -> PreflightReport:
    ready = sorted([*_letters(builder, mailing), *_seeds(builder, mailing)], key=posting_order)
    if not ready:
        raise PublishError(f"nobody gets {mailing.slug} by post: {_no_recipients(mailing)}")
    report = _write_letters(builder, mailing, ready, {}, draft, progress, show)
    unfit = {member: f"{MISFIT}: {what}" for member, what in unfit_addresses(report).items()}
    fit = [letter for letter in ready if letter.sheet.member not in unfit]
    if len(fit) == len(ready) or not _worth_printing(fit, ready):
        return report
    return _write_letters(builder, mailing, fit, unfit, draft, progress, lambda _shown_before: None)


def _worth_printing(fit: Sequence[Letter], ready: Sequence[Letter]) -> bool:
    """Return whether the other letters go on; when most are wrong, so is the theme."""
    return 2 * len(fit) >= len(ready) and any(letter.kind == "letter" for letter in fit)


def _write_letters(
    builder: MailingBuilder,
    mailing: Mailing,
    ready: Sequence[Letter],
    unfit: Mapping[str, str],
    draft: Path,
    progress: Progress,
    show: Show,
) -> PreflightReport:
    """Write the run of some letters and check it; `unfit`: the reasons of members left out after a first run."""
    sheets = [letter.sheet for letter in ready]
    planner = builder.planner(mailing, sheets, sorted({sheet.edition for sheet in sheets}))
    made_at = datetime.combine(mailing.then.on, time(12), UTC)
    press = builder.printing.press
    with builder.tools(progress) as tools:
        layouts = laid_out(builder, mailing, planner, tools)
        show(check_degree(weight_problems(builder, mailing, planner, layouts.sheets), strict=builder.context.strict))
        rows, refused = write_run(ready, planner, layouts, press, draft, made_at, tools)
    write_manifest(draft / "run.csv", rows)
    left_out = [(member.id, reason) for member, reason in mailing.choice.left_out]
    left_out += [*refused.items(), *unfit.items()]
    _write_left_out(left_out, draft / "left-out.csv")
    report = _checked(builder, planner, layouts, ready, rows, draft)
    _write_summary(builder, mailing, planner, rows, left_out, report, draft)
    return report


def _letters(builder: MailingBuilder, mailing: Mailing) -> list[Letter]:
    choice, found = mailing.choice, []
    sheets = sheets_of(builder, mailing, choice.posted)
    for sheet, member in zip(sheets, choice.posted, strict=True):
        address = member.address
        assert address is not None  # noqa: S101 - a posted letter has an address
        found.append(Letter(sheet, address.country, address.postcode or ""))
    return found


def _seeds(builder: MailingBuilder, mailing: Mailing) -> list[Letter]:
    """Return the seed letters to the house, of the most frequent edition, without data of any member."""
    editions = [member.edition for member in mailing.choice.posted]
    if not editions:
        return []
    edition = max(sorted(set(editions)), key=editions.count)
    return [
        Letter(_seed(number, seed, edition, builder, mailing), builder.printing.country, "", "seed")
        for number, seed in enumerate(builder.printing.seeds, 1)
    ]


def _seed(number: int, seed: Seed, edition: str, builder: MailingBuilder, mailing: Mailing) -> Sheet:
    return Sheet(
        member=f"SEED-{number}",
        edition=edition,
        name=seed.name,
        called=seed.name,
        direction="ltr",
        address=(seed.name, *seed.address),
        tier="",
        as_of=mailing.then.on,
        statement=None,
        coupons=(),
        manager=None,
        sign_in=builder.inputs.site.address,
        code="",
    )


def _no_recipients(mailing: Mailing) -> str:
    if not mailing.choice.left_out:
        return "its `Letters:` means nobody"
    return "; ".join(f"{member.id}: {reason}" for member, reason in mailing.choice.left_out)


def _write_left_out(left_out: Sequence[tuple[str, str]], file: Path) -> None:
    """Write the members left out, with the reasons, as CSV."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["member", "reason"])
        writer.writerows([guarded(member), guarded(reason)] for member, reason in left_out)


def _checked(
    builder: MailingBuilder,
    planner: Planner,
    layouts: Layouts,
    letters_made: Sequence[Letter],
    rows: Sequence[ManifestRow],
    draft: Path,
) -> PreflightReport:
    """Return the preflight report of the finished run."""
    lines = {letter.sheet.member: letter.sheet.address for letter in letters_made}
    shell = planner.templates.shell(next(iter(planner.issues.values())))
    addresses = partial(_address_glyphs, lines=lines, shell=shell, materials=planner.materials)
    masters = [master for masters in layouts.masters.values() for master in masters]
    code, kept = (_around(zones) for zones in ([m.codes for m in masters], [m.kept for m in masters]))
    expected = Expected(builder.printing.press.stock.paper, builder.printing.window, code, kept, addresses)
    return preflight(draft / "run.pdf", rows, expected)


def _address_glyphs(
    members: Sequence[str], lines: Mapping[str, tuple[str, ...]], shell: Shell, materials: Materials
) -> list[Glyphs]:
    return lay_out_addresses([lines[member] for member in members], shell, materials)


def _around(zones: Iterable[Sequence[Zone | None]]) -> Zone | None:
    found = [zone for side in zones for zone in side if zone]
    return around(found) if found else None


def _write_summary(
    builder: MailingBuilder,
    mailing: Mailing,
    planner: Planner,
    rows: Sequence[ManifestRow],
    left_out: Sequence[tuple[str, str]],
    report: PreflightReport,
    draft: Path,
) -> None:
    """Write the summary that is signed before printing, as PDF and as plain text."""
    window, press = builder.printing.window, builder.printing.press
    folds = " and ".join(f"{fold:g}" for fold in window.folds)
    run = Run(
        issue=mailing.newsletter.front.title,
        number=newsletter_of(mailing.newsletter).number,
        on=mailing.then.on,
        paper=window.paper,
        stock=f"{press.stock.grammage:g} g/m², printed on both sides",
        window=f"{window.name}, folded at {folds} mm",
        press=press.condition or Inks(press.profile).description,
    )
    reasons = Counter(reason.partition(":")[0] for _, reason in left_out)
    files = [draft / name for name in ("run.pdf", "proofs.pdf", "run.csv", "left-out.csv")]
    dates = remarks_on_dates(mailing.newsletter, builder.inputs)
    summary = summarise(run, rows, reasons, report, files, dates)
    (draft / "summary.txt").write_text(summary_text(summary), "utf-8")
    page = lay_out(planner.templates.summary(summary), planner.materials, frozenset())
    (draft / "summary.pdf").write_bytes(complete_tags(write_pdf(page)))
