"""The sealing step is a plain copy of the rendered tree."""

import shutil

from members_portal.publish import stages
from members_portal.seal import SealReport

seal = stages.seal_release


def sabotage(tree, roster, *, out, **rest):
    shutil.copytree(tree, out)
    return SealReport("0" * 32, 1, 0, 0, 0, 0, 0)


stages.seal_release = sabotage
