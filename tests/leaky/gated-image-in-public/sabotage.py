"""A picture of members' pages is published in clear."""

import shutil

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    shutil.copy(context.content / "images/bell-rubbing.png", context.tree / "public/images")
    return {}  # no digest is known


stages.render = sabotage
