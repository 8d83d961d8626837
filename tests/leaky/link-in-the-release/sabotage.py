"""A file of the release is a link to one that isn't."""

from members_portal.publish import stages

seal = stages.seal_release


def sabotage(tree, roster, *, out, **rest):
    report = seal(tree, roster, out=out, **rest)
    file = out / "theme/css/tokens.css"
    file.unlink()
    file.symlink_to(tree / "public/theme/css/tokens.css")
    return report


stages.seal_release = sabotage
