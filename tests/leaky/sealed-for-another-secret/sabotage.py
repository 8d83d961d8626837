"""The release is sealed with another site's secret."""

from members_portal.publish import stages
from members_portal.seal import Secret

seal = stages.seal_release


def sabotage(tree, roster, *, out, **rest):
    return seal(tree, roster, out=out, **rest | {"secret": Secret(bytes(range(32)))})


stages.seal_release = sabotage
