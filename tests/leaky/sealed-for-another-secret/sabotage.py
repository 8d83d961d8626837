"""The release is sealed with another site's secret."""

from plugins.publish import press
from plugins.seal import Secret

seal = press.seal_release


def sabotage(tree, roster, *, out, **rest):
    return seal(tree, roster, out=out, **rest | {"secret": Secret(bytes(range(32)))})


press.seal_release = sabotage
