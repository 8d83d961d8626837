"""A page is rendered before its day."""

import shutil

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    editions = context.tree / "editions"
    shutil.copytree(editions / "copper/announcements", editions / "brass/announcements")
    return {}  # no digest is known


stages.render = sabotage
