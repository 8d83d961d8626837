"""The commands `portal preview` and `portal serve`.

The preview is a sealed release with a separate output and the site's secret, so that members' codes are the real ones.
A static web server serves it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from watchfiles import watch

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.publish import pipeline
from members_portal.publish.command.progress import Stages, show_summary
from members_portal.publish.command.site_secret import secret_for
from members_portal.publish.command.terminal import (
    UNPUBLISHED,
    ContentOption,
    DateOption,
    DebugOption,
    MembersOption,
    OutputOption,
    PortOption,
    StrictOption,
    context_for,
    context_now,
    errors,
    flag,
    message,
    reported,
    screen,
    show_warnings,
    shown,
)
from members_portal.publish.context import PublishContext
from members_portal.publish.pelican_run import site_settings
from members_portal.publish.publish_error import EXPECTED_ERRORS, PublishError
from members_portal.publish.stages import validate
from members_portal.publish.static_server import serve as make_server
from members_portal.seal import Secret, access_code, sign_in_address
from members_portal.seal.format.signature import DIGESTS

app = typer.Typer()


@app.command()
def preview(
    content: ContentOption = None,
    members: MembersOption = None,
    port: PortOption = 8000,
    pdf: Annotated[bool, flag("--pdf", "Also make the PDFs of newsletters, which takes some seconds.")] = False,
    on: DateOption = None,
    strict: StrictOption = False,
    debug: DebugOption = False,
) -> None:
    """Publish a preview, serve it on this machine, and publish again at every change."""
    with reported(debug):
        given = context_for(on, strict=strict, content=content, members=members)
        secret, context = secret_for(given), preview_context(given, port, pdfs=pdf)

        def republish() -> None:
            try:
                published = pipeline.publish(context_now(context), secret, Stages.silent())
                show_warnings(published.warnings)
                show_summary(screen, published)
            except EXPECTED_ERRORS as error:
                errors.print(message(error, UNPUBLISHED), markup=False)

        republish()
        root = start_server(context, port)
        with suppress(*EXPECTED_ERRORS):  # reported by republish; the editor may correct it while the preview runs
            inputs = validate(context, secret)
            for edition, link in sample_links(inputs.programme, inputs.members, secret, root):
                screen.print(f"{edition:10} {link}", soft_wrap=True)
        screen.print(f"Serving {root} until Ctrl-C; every change to content, members or theme is published.")
        watch_inputs(context, republish)


@app.command()
def serve(output: OutputOption = None, port: PortOption = 8000, debug: DebugOption = False) -> None:
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


def preview_context(context: PublishContext, port: int, *, pdfs: bool = False) -> PublishContext:
    """Return a context for the preview, with the site's path prefix."""
    return context.for_preview(f"http://127.0.0.1:{port}{site_prefix(context).rstrip('/')}", pdfs=pdfs)


def start_server(context: PublishContext, port: int) -> str:
    """Serve the preview's output in a thread; return its address."""
    prefix = site_prefix(context)
    server = make_server(lambda: context.output, prefix, port=port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}{prefix}"


def sample_links(programme: Programme, members: list[Member], secret: Secret, root: str) -> Iterator[tuple[str, str]]:
    """Yield (edition, sign-in address) of the first member of each edition."""
    first: dict[str, Member] = {}
    for member in members:
        first.setdefault(member.edition, member)
    for edition in programme.readers:
        if edition in first:
            member = first[edition]
            yield edition, sign_in_address(root, access_code(secret, member.id, member.code_version))


def watch_inputs(context: PublishContext, republish: Callable[[], None]) -> None:
    """Call `republish` at every change of an input, until interrupted."""
    files = (context.root / "pelicanconf.py", context.root / "publishconf.py")
    folders: tuple[Path, ...] = (context.content, context.members, context.theme, *files)
    for _ in watch(*folders, debounce=100, step=20):
        republish()
