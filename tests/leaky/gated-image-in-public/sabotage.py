"""A picture of members' pages is published in clear."""

import shutil

from plugins.publish import press

render = press.render


def sabotage(settings, inputs, desk):
    render(settings, inputs, desk)
    shutil.copy(desk.content / "images/bell-rubbing.png", desk.tree / "public/images")


press.render = sabotage
