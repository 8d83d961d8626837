"""One blob is the page itself."""

from members_portal.publish import stages

seal = stages.seal_release


def sabotage(tree, roster, *, out, **rest):
    report = seal(tree, roster, out=out, **rest)
    page = (tree / "editions/brass/reports/the-drowned-bell/index.html").read_bytes()
    blob = next((out / "_/b").glob("*/*"))
    blob.unlink()  # it may be shared with the release in force
    blob.write_bytes(page)
    return report


stages.seal_release = sabotage
