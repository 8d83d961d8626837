"""The front page quotes the answer of a member."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    page = context.tree / "public/index.html"
    words = "The lamp in the stairwell smoked for nine days"
    page.write_text(page.read_text("utf-8") + f"<p>{words}, and the boy who came laughed.</p>", "utf-8")
    return {}  # no digest is known


stages.render = sabotage
