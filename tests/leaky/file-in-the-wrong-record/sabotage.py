"""A member's own files hold somebody else's letter."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    (context.tree / "members/L-102").mkdir(parents=True)
    (context.tree / "members/L-102/letter.txt").write_text("Dear Herr Ekdahl")
    return {}  # no digest is known


stages.render = sabotage
