"""An edition lacks a page that its readers are owed."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    (context.tree / "editions/brass/reports/the-drowned-bell/index.html").unlink()
    return {}  # no digest is known


stages.render = sabotage
