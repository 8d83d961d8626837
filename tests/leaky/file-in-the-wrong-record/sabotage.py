"""A member's own files hold somebody else's letter."""

from members_portal.publish import stages

render = stages.render


def sabotage(settings, inputs, context):
    render(settings, inputs, context)
    (context.tree / "members/L-102/letter.txt").write_text("Dear Herr Ekdahl")


stages.render = sabotage
