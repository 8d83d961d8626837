"""A member's own files hold somebody else's letter."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, handed_over):
    render(inputs, context, handed_over)
    (context.tree / "members/L-102").mkdir(parents=True)
    (context.tree / "members/L-102/letter.txt").write_text("Dear Herr Ekdahl")


stages.render = sabotage
