"""A page is rendered before its day."""

import shutil

from plugins.publish import press

render = press.render


def sabotage(settings, inputs, desk):
    render(settings, inputs, desk)
    editions = desk.tree / "editions"
    shutil.copytree(editions / "copper/announcements", editions / "brass/announcements")


press.render = sabotage
