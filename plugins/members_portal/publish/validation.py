"""Stage 2: the check of all inputs. Commands that publish nothing need no other stage."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from members_portal.loyalty.input.problem import InvalidInput, Problem, check_degree
from members_portal.portal.inputs import FaultyContent, Inputs, WorkPlace, load_inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.issue.pango import pango_version
from members_portal.publish.pelican_run import site_settings
from members_portal.publish.publish_error import PublishError
from members_portal.publish.reuse.work_place import work_place
from members_portal.publish.till.redemption_warning import redemption_warnings
from members_portal.seal import Secret


def validate(
    context: PublishContext,
    secret: Secret | None,
    place: WorkPlace | None = None,
    *,
    links: bool = True,
    redemptions: bool = True,
    forgotten: Collection[str] = (),
) -> Inputs:
    """2. Read Pelican's settings and check every input; raise InvalidInput with all problems.

    `links`: also check links and texts; statements do not need it. `redemptions`: also check the redemptions of the
    ledger. Without the `secret` no earlier result is used, and no redemption is checked. In a strict context, warnings
    are errors. `forgotten` are members whose lines the inbox is about to remove from its ledger.
    """
    if place is None:
        with work_place(context, secret) as opened:
            return validate(context, secret, opened, links=links, redemptions=redemptions, forgotten=forgotten)
    site = site_settings(context)
    try:
        inputs = load_inputs(
            context.content,
            context.members,
            context.on,
            site,
            place,
            database=context.database,
            today=context.today,
            now=None if context.is_dated else datetime.fromtimestamp(context.now, site.timezone),
            links=links,
            memory=context.people_memory,
            forgotten=forgotten,
            done=context.members_done,
        )
    except FaultyContent as error:
        raise InvalidInput([*error.problems, *_problems_on_paper(context, error)]) from error
    found = redemption_warnings(context, inputs, secret) if secret and redemptions else []
    return replace(inputs, warnings=check_degree([*inputs.warnings, *found], strict=context.strict))


def _problems_on_paper(context: PublishContext, error: FaultyContent) -> Iterable[Problem]:
    """Return the problems of the issues on paper, to name them together with the errors of the content."""
    if not (context.has_paper and pango_version()):
        return ()
    from members_portal.publish.issue.mailing import MailingBuilder  # imported late, as few contents are faulty
    from members_portal.publish.issue.paper_check import contents_problems

    try:
        builder = MailingBuilder.of(context, error.inputs, Secret(secrets.token_bytes(32)))
    except PublishError:  # PORTAL_PRINT is invalid: told when the content is right
        return ()
    return contents_problems(builder, {problem.file for problem in error.problems if problem.is_error})
