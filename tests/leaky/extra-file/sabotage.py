"""One file more lies in the release than was rendered."""

from members_portal.publish import stages

seal = stages.seal_release


def sabotage(tree, roster, *, out, **rest):
    report = seal(tree, roster, out=out, **rest)
    (out / "notes.txt").write_text("nothing to see here")
    return report


stages.seal_release = sabotage
