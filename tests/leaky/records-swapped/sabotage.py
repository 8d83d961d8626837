"""Two members get each other's letterbox."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    one, other = (context.tree / "members" / member / "slots.json" for member in ("L-101", "L-102"))
    one_text, other_text = one.read_text("utf-8"), other.read_text("utf-8")
    one.write_text(other_text, "utf-8")
    other.write_text(one_text, "utf-8")
    return {}  # no digest is known


stages.render = sabotage
