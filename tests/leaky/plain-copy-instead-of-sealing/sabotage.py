"""The sealing step is a plain copy of the rendered tree."""

import shutil

from plugins.publish import press
from plugins.seal import Report

seal = press.seal_release


def sabotage(tree, roster, *, out, **rest):
    shutil.copytree(tree, out)
    return Report("0" * 32, 1, 0, 0, 0, 0, 0)


press.seal_release = sabotage
