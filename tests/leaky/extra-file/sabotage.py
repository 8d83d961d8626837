"""One file more lies in the release than was rendered."""

from plugins.publish import press

seal = press.seal_release


def sabotage(tree, roster, *, out, **rest):
    report = seal(tree, roster, out=out, **rest)
    (out / "notes.txt").write_text("nothing to see here")
    return report


press.seal_release = sabotage
