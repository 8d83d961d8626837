"""A page is rendered before its day."""

import shutil

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, handed_over):
    render(inputs, context, handed_over)
    editions = context.tree / "editions"
    shutil.copytree(editions / "copper/announcements", editions / "brass/announcements")


stages.render = sabotage
