"""A page of a lower edition names an item of a higher one."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    page = context.tree / "editions/member/index.html"
    page.write_text(page.read_text("utf-8") + "<p>Next: The drowned bell of Skagerholm</p>", "utf-8")
    return {}  # no digest is known


stages.render = sabotage
