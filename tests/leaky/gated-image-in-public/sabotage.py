"""A picture of members' pages is published in clear."""

import shutil

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, handed_over):
    render(inputs, context, handed_over)
    shutil.copy(context.content / "images/bell-rubbing.png", context.tree / "public/images")


stages.render = sabotage
