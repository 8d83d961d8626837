"""A page in clear is another than the one that was rendered."""

from members_portal.publish import stages

seal = stages.seal_release


def sabotage(tree, roster, *, out, **rest):
    report = seal(tree, roster, out=out, **rest)
    file = out / "visit/index.html"
    file.write_bytes(file.read_bytes() + b"\n")
    return report


stages.seal_release = sabotage
