"""The release is sealed with another site's secret."""

from members_portal.publish import pipeline
from members_portal.seal import Secret

seal = pipeline.seal_release


def sabotage(tree, roster, *, out, **rest):
    return seal(tree, roster, out=out, **rest | {"secret": Secret(bytes(range(32)))})


pipeline.seal_release = sabotage
