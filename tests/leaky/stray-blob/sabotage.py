"""A sealed file lies there that nobody can open."""

import os

from members_portal.publish import stages

seal = stages.seal_release


def sabotage(tree, roster, *, out, **rest):
    report = seal(tree, roster, out=out, **rest)
    file = out / "_/b/ab" / ("ab" * 16)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(os.urandom(400))
    return report


stages.seal_release = sabotage
