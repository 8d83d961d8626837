"""The command `portal mail`: an issue of the newsletter as e-mail, written to a folder or sent."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, tzinfo
from math import isnan
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from members_portal import clock
from members_portal.newsletter.mail.delivery import DeliveryReport, SmtpDelivery
from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.sending_limits import SendingLimits
from members_portal.newsletter.mail.sent_log import open_log
from members_portal.newsletter.mail.smtp_server import SmtpServer, read_server
from members_portal.publish.command.site_secret import known_secret, secret_for
from members_portal.publish.command.terminal import (
    context_for,
    errors,
    flag,
    issue_argument,
    issue_options,
    reported,
    screen,
    show_number,
    show_warnings,
    shown,
)
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.mail_check import mail_gate
from members_portal.publish.issue.email_run import LIST, EmailRun, EmailWriter, get_newsletter
from members_portal.publish.issue.ended_items import ended_items
from members_portal.publish.publish_error import PublishError
from members_portal.publish.validation import validate

app = click.Group()

SERVER, PASSWORD = "PORTAL_SMTP", "PORTAL_SMTP_PASSWORD"
MOST_NAMED = 20  # member ids in one line of a report


class MessageRate(click.FloatRange):
    """A number of messages per minute."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Parse the number; NaN, which no limit excludes, is none."""
        rate = super().convert(value, param, ctx)
        if isnan(rate):
            self.fail(f"{value!r} is not a valid number.", param, ctx)
        return rate


@app.command()
@issue_argument
@flag("--per-edition", "Write one message per edition, without personal data.")
@flag("--send", "Send the messages to the server in PORTAL_SMTP.")
@flag("--again", "Also repeat messages that an interrupted run may have sent.")
@click.option(
    "--per-minute",
    type=MessageRate(min=0),
    default=0,
    show_default=True,
    metavar="NUMBER",
    help="Most messages per minute; 0: no limit.",
)
@issue_options
def mail(
    issue: str,
    per_edition: bool,
    send: bool,
    again: bool,
    per_minute: float,
    on: date | None,
    content: str | None,
    members: str | None,
    siteurl: str | None,
    strict: bool,
    debug: bool,
) -> None:
    """Write an issue as e-mail for every member who agreed to e-mail; send only with --send."""
    if per_edition and send:
        raise click.BadParameter("--per-edition is for a provider who sends; --send is for members' own messages")
    if again and not send:
        raise click.BadParameter("--again goes with --send")
    with reported(debug, "", "messages that were sent are logged, and the same command continues"):
        context = context_for(on, strict=strict, content=content, members=members, siteurl=siteurl)
        try:
            if per_edition:
                _write_editions(context, issue)
            else:
                _mail_members(context, issue, send, again, per_minute)
        except MailError as error:
            raise PublishError(str(error)) from error


def _write_editions(context: PublishContext, slug: str) -> None:
    folder = _folder(context, f"{slug}-editions")
    writer = _email_writer(context, slug)
    written = writer.write_editions(folder)
    screen.print(f"{slug}: {_messages(len(written))} in {shown(folder)}/, one an edition, nothing personal in them.")
    screen.print(f"Your provider must replace {writer.sender.placeholder} by its unsubscribe address.", markup=False)
    show_number(writer.inputs.warnings)


def _mail_members(context: PublishContext, slug: str, send: bool, again: bool, per_minute: float) -> None:
    server = _server(context.environ)
    if send:
        _check_may_send(context, server)
    folder = _folder(context, slug)
    writer = _email_writer(context, slug)
    run = writer.write_members(folder)
    _show_run(slug, run, folder)
    show_number(writer.inputs.warnings)
    if send and server:
        delivery = _delivery(context, server, per_minute, writer.inputs.site.timezone)
        _send(context, slug, run, delivery, again)
    else:
        _show_dry_run(run, server)


def _email_writer(context: PublishContext, slug: str) -> EmailWriter:
    """Return the writer of an issue's messages, from the validated inputs."""
    inputs = validate(context, known_secret(context))
    show_warnings(inputs.warnings)
    newsletter = get_newsletter(inputs, slug)
    show_warnings(ended_items(newsletter, inputs))
    key, gate = secret_for(context).derive("mail")[:32], mail_gate(newsletter, inputs, context)
    return EmailWriter(newsletter, inputs, context.theme / "mail", key, gate)


def _server(environ: Mapping[str, str]) -> SmtpServer | None:
    """Return the server in PORTAL_SMTP, None without one; check the settings without connecting."""
    if not environ.get(SERVER):
        return None
    server = read_server(environ[SERVER])
    SmtpDelivery(server, environ.get(PASSWORD))
    return server


def _check_may_send(context: PublishContext, server: SmtpServer | None) -> None:
    if server is None:
        raise PublishError(f"{SERVER} isn't set: it says where to send, as in smtp://user@mail.example:587")
    if context.on > context.today:
        raise PublishError(f"--send doesn't look ahead: {context.on} has not come yet")


def _folder(context: PublishContext, name: str) -> Path:
    return context.build / "mail" / name


def _show_run(slug: str, run: EmailRun, folder: Path) -> None:
    screen.print(f"{slug}: {_messages(len(run.envelopes))} in {shown(folder)}/; {LIST} there says who.")
    for reason, count in Counter(left.reason for left in run.left_out).most_common():
        screen.print(f"  left out: {count:5}  {reason}")


def _show_dry_run(run: EmailRun, server: SmtpServer | None) -> None:
    if server is None:
        screen.print(f"Nothing was sent, and nothing could be: {SERVER} isn't set.")
    else:
        where = f"{server.host}:{server.port} ({server.security})"
        user = f" as {server.user}" if server.user else ""
        screen.print(f"Nothing was sent. --send hands {_messages(len(run.envelopes))} to {where}{user}.")


def _delivery(context: PublishContext, server: SmtpServer, per_minute: float, zone: tzinfo) -> SmtpDelivery:
    """Return a delivery that dates each message by the real clock, in the site's time zone."""
    limits = SendingLimits(per_minute=per_minute)
    return SmtpDelivery(server, context.environ.get(PASSWORD), limits, now=lambda: clock.now().astimezone(zone))


def _send(context: PublishContext, slug: str, run: EmailRun, delivery: SmtpDelivery, again: bool) -> None:
    columns = TextColumn("sending"), BarColumn(), MofNCompleteColumn()
    with open_log(sent_log(context, slug)) as log, Progress(*columns, console=errors.rich, transient=True) as progress:
        task = progress.add_task("sending", total=len(run.envelopes))
        report = delivery.send(run.envelopes, log, again=again, tell=lambda _: progress.advance(task))
    _show_report(report)
    if not report.complete:
        raise click.exceptions.Exit(1)


def sent_log(context: PublishContext, slug: str) -> Path:
    """Return the path of an issue's log of sent messages: not below .build/, which may be deleted at any time."""
    return context.root / ".portal" / "sent" / f"{slug}.log"


def _show_report(report: DeliveryReport) -> None:
    earlier = f", {len(report.already)} were sent earlier" if report.already else ""
    screen.print(f"Sent: {_messages(len(report.sent))}{earlier}.")
    if report.refused:
        codes = [f"{member} ({code})" for member, code in report.refused.items()]
        errors.print(f"The server refused {_named(codes)}.", markup=False)
    if report.unsure:
        errors.print(f"May have arrived or not, and isn't sent again without --again: {_named(report.unsure)}.")
    if report.left:
        errors.print(f"Not sent: {_named(report.left)}. The same command goes on where this one stopped.")


def _named(members: list[str]) -> str:
    more = f" and {len(members) - MOST_NAMED} more" if len(members) > MOST_NAMED else ""
    return f"{len(members)}: {', '.join(members[:MOST_NAMED])}{more}"


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"
