"""An edition lacks a page that its readers are owed."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, handed_over):
    render(inputs, context, handed_over)
    (context.tree / "editions/brass/reports/the-drowned-bell/index.html").unlink()


stages.render = sabotage
