"""A page in clear is another than the one that was rendered."""

from plugins.publish import press

seal = press.seal_release


def sabotage(tree, roster, *, out, **rest):
    report = seal(tree, roster, out=out, **rest)
    file = out / "visit/index.html"
    file.write_bytes(file.read_bytes() + b"\n")
    return report


press.seal_release = sabotage
