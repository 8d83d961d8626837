"""The command `portal publish`. Only light imports: an unchanged publish must end quickly."""

from dataclasses import replace
from datetime import date

import click

from members_portal.publish import pipeline
from members_portal.publish.command.site_secret import secret_for
from members_portal.publish.command.terminal import (
    UNPUBLISHED,
    content_option,
    context_for,
    date_option,
    debug_option,
    errors,
    flag,
    members_option,
    output_option,
    reported,
    screen,
    show_dropped,
    show_warnings,
    shown,
    siteurl_option,
    strict_option,
)
from members_portal.publish.console.progress import show_summary, shown_stages
from members_portal.publish.context import PublishContext
from members_portal.publish.publish_error import Loss, LossFound
from members_portal.publish.tripwire.job_summary import add_acceptance, add_stop
from members_portal.seal import Secret

app = click.Group()


@app.command()
@content_option
@members_option
@output_option
@siteurl_option
@date_option
@flag("--new-secret", "Accept another site secret than before: all access codes change.")
@strict_option
@flag("--accept-changes", "Publish although members or ledger lines of the release in force are gone.")
@debug_option
def publish(
    content: str | None,
    members: str | None,
    output: str | None,
    siteurl: str | None,
    on: date | None,
    new_secret: bool,
    strict: bool,
    accept_changes: bool,
    debug: bool,
) -> None:
    """Render, seal and check a release of the portal, and make it the current one."""
    with reported(debug, UNPUBLISHED):
        given = context_for(on, strict=strict, content=content, members=members, output=output, siteurl=siteurl)
        context = replace(given, changes_accepted=accept_changes)
        secret = secret_for(context, is_new=new_secret)
        with shown_stages(screen) as stages:
            published = _published(replace(context, members_done=stages.count), secret, stages)
        show_warnings(published.warnings)
        if published.accepted:
            show_accepted(context, published.accepted)
        show_summary(screen, published, context.stated_day)
        show_dropped(published.dropped)
        for note in published.notes:
            screen.print(note, markup=False)
        way = f"portal serve --output {shown(context.output)}" if output else "make preview"
        screen.print(f"Deploy the folder {shown(context.output)}/ to any static host; `{way}` opens it here.")


def _published(context: PublishContext, secret: Secret, stages: pipeline.Stage) -> pipeline.Published:
    """Publish; if the tripwire stops it, list the warnings, and tell the summary of the CI job."""
    try:
        return pipeline.publish(context, secret, stages)
    except LossFound as loss:
        show_warnings(loss.warnings)
        add_stop(context.environ, loss.loss)
        raise


def show_accepted(context: PublishContext, loss: Loss) -> None:
    """Print the table of accepted changes, here and in the summary of the CI job."""
    errors.print(f"{loss.acceptance}:\n\n{loss.table}\n", markup=False)
    add_acceptance(context.environ, loss)
