"""The commands `portal preview` and `portal serve`.

The preview is a sealed release with a separate output and the site's secret, so that members' codes are the real ones.
A static web server serves it.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

import click
from watchfiles import watch

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.loyalty.standings import take_standings
from members_portal.publish import pipeline
from members_portal.publish.command.site_secret import secret_for
from members_portal.publish.command.terminal import (
    UNPUBLISHED,
    content_option,
    context_for,
    context_now,
    date_option,
    debug_option,
    errors,
    flag,
    members_option,
    message,
    output_option,
    port_option,
    reported,
    screen,
    show_warnings,
    shown,
    strict_option,
)
from members_portal.publish.console.progress import Stages, show_summary
from members_portal.publish.context import PublishContext
from members_portal.publish.fault_place import placed_error
from members_portal.publish.live_reload.event_stream import EventStream, PreviewState, failed
from members_portal.publish.live_reload.preview_server import publish_of, serve_preview
from members_portal.publish.lock import own_folder
from members_portal.publish.pelican_run import site_settings
from members_portal.publish.publish_error import EXPECTED_ERRORS, PublishError
from members_portal.publish.reuse.imported_files import imported_files
from members_portal.publish.static_server import serve as make_server
from members_portal.seal import Secret, access_code, sign_in_address
from members_portal.seal.format.signature import DIGESTS
from members_portal.source.open_source import open_source
from members_portal.source.people import load_people

app = click.Group()
FIRST_WAIT = 100  # milliseconds until the inputs count as watched


@app.command()
@content_option
@members_option
@port_option
@flag("--pdf", "Also make the PDFs of newsletters, which takes some seconds.")
@date_option
@strict_option
@debug_option
def preview(
    content: str | None,
    members: str | None,
    port: int,
    pdf: bool,
    on: date | None,
    strict: bool,
    debug: bool,
) -> None:
    """Publish a preview, serve it on this machine, and publish again at every change."""
    with reported(debug):
        given = context_for(on, strict=strict, content=content, members=members)
        secret, prefix = secret_for(given), site_prefix(given)
        with own_folder(given.build, "preview") as folder:
            stream = EventStream(publish_of(folder / "output"))
            server = serve_preview(lambda: folder / "output", prefix, stream, port=port)  # first: it may be in use
            root = f"http://127.0.0.1:{server.server_address[1]}{prefix}"
            context = given.for_preview(root.rstrip("/"), pdfs=pdf, folder=folder)
            context = replace(context, show=lambda release: stream.announce(PreviewState(publish_of(release))))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            refresh = _Refresh(context, secret, root, stream, debug)
            changes = input_changes(context)
            next(changes)  # before the first publish, which takes seconds
            refresh()
            screen.print(f"Serving {root} until Ctrl-C; every change to content, members or theme is published.")
            for _ in changes:
                refresh()


@dataclass
class _Refresh:
    """Publishes a preview and tells open pages; prints the sign-in links as soon as members can be read.

    Errors are reported here and in open pages.
    """

    context: PublishContext
    secret: Secret
    root: str
    stream: EventStream
    debug: bool = False
    has_links: bool = False

    def __call__(self) -> None:
        try:
            self._publish(context_now(self.context))
        except Exception as error:  # the editor may correct it while the preview runs
            placed = placed_error(error, self.context.root)
            if self.debug and not isinstance(placed, EXPECTED_ERRORS):
                raise
            self.stream.announce(failed(publish_of(self.context.output), placed))
            errors.print(message(placed, UNPUBLISHED), markup=False)
        if not self.has_links:
            with suppress(Exception):  # reported by the publish
                self._show_links()

    def _publish(self, context: PublishContext) -> None:
        published = pipeline.publish(context, self.secret, Stages.silent())
        self.stream.announce(PreviewState(publish_of(published.release)))
        show_warnings(published.warnings)
        show_summary(screen, published, context.stated_day)
        pipeline.remove_shown(context, published.release)

    def _show_links(self) -> None:
        """Print a sign-in link for each edition."""
        programme, members = preview_members(context_now(self.context))
        for edition, link in sample_links(programme, members, self.secret, self.root):
            screen.print(f"{edition:10} {link}")
        self.has_links = True


def preview_members(context: PublishContext) -> tuple[Programme, list[Member]]:
    """Return the programme, and the members with the tiers of their ledger. The content may be invalid."""
    programme, zone = load_programme(context.members), site_settings(context).timezone
    with open_source(context.members, context.database, zone) as source:
        people = load_people(source, programme, context.today, zone=zone)
    con = people.ledger.con if people.ledger else None
    return programme, take_standings(programme, people.members, con, context.on).members


@app.command()
@output_option
@port_option
@debug_option
def serve(
    output: str | None,
    port: int,
    debug: bool,
) -> None:
    """Serve the current release on this machine, as a static host does."""
    with reported(debug):
        context = context_for(output=output)
        prefix = site_prefix(context)
        if not (context.output / DIGESTS).is_file():
            raise PublishError(f"{shown(context.output)}/ holds no release: run `portal publish` first")
        server = make_server(lambda: context.output, prefix, port=port)
        address = f"http://127.0.0.1:{server.server_address[1]}{prefix}"
        screen.print(f"Serving {shown(context.output)}/ at {address} until Ctrl-C.")
        server.serve_forever()


def site_prefix(context: PublishContext) -> str:
    """Return the path prefix of the site, such as `/club/`."""
    return site_settings(context).root


def sample_links(programme: Programme, members: list[Member], secret: Secret, root: str) -> Iterator[tuple[str, str]]:
    """Yield (edition, sign-in address) of the first member of each edition."""
    first: dict[str, Member] = {}
    for member in members:
        first.setdefault(member.edition, member)
    for edition in programme.readers:
        if edition in first:
            member = first[edition]
            yield edition, sign_in_address(root, access_code(secret, member.id, member.code_version))


def input_changes(context: PublishContext) -> Iterator[None]:
    """Yield once as soon as the inputs are watched, and then at every change of one; changes meanwhile are not lost.

    After a change of a settings file or a module, the watch begins anew: many editors replace a file, and only its old
    one was watched. A module that is new in the settings is watched, too.
    """
    while True:
        modules = imported_files(context.root, ())  # with the settings
        names, is_watched = {str(file) for file in modules}, False
        watched = (context.content, context.members, context.theme, *modules)
        for changes in watch(*watched, debounce=50, step=10, rust_timeout=FIRST_WAIT, yield_on_timeout=True):
            if any(path in names for _, path in changes):
                break  # the next watch yields as soon as it has begun
            if changes or not is_watched:
                is_watched = True
                yield
