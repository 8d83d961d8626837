"""The list of members reaches an edition of members."""

import shutil

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    editions = context.tree / "editions"
    shutil.copytree(editions / "staff/desk", editions / "brass/desk")
    return {}  # no digest is known


stages.render = sabotage
