"""The list for all staff holds an e-mail address, which is on the full sheet only."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    file = context.tree / "editions/staff/desk/members.json"
    file.write_text(file.read_text("utf-8").replace("Torvald Ekdahl", "torvald.ekdahl@post.example"), "utf-8")
    return {}  # no digest is known


stages.render = sabotage
