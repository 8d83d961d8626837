"""The command `portal publish`. Only light imports: an unchanged publish must end quickly."""

from typing import Annotated

import typer

from members_portal.publish import pipeline
from members_portal.publish.command.progress import show_summary, shown_stages
from members_portal.publish.command.site_secret import secret_for
from members_portal.publish.command.terminal import (
    DateOption,
    DebugOption,
    PlaceOption,
    context_for,
    reported,
    screen,
    show_dropped,
    shown,
)

app = typer.Typer()


@app.command()
def publish(
    content: PlaceOption = None,
    members: PlaceOption = None,
    output: PlaceOption = None,
    siteurl: PlaceOption = None,
    on: DateOption = None,
    new_secret: Annotated[
        bool, typer.Option("--new-secret", help="Go on with another site secret than before; all access codes change.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Render, seal and check a release of the portal, and put it in force."""
    with reported(debug):
        context = context_for(on, content=content, members=members, output=output, siteurl=siteurl)
        secret = secret_for(context, is_new=new_secret)
        with shown_stages(screen) as stages:
            published = pipeline.publish(context, secret, stages)
        show_summary(screen, published)
        show_dropped(published.dropped)
        screen.print(f"Deploy the folder {shown(context.output)}/ to any static host; `make preview` opens it here.")
