"""A page of a lower edition names an item of a higher one."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, handed_over):
    render(inputs, context, handed_over)
    page = context.tree / "editions/member/index.html"
    page.write_text(page.read_text("utf-8") + "<p>Next: The drowned bell of Skagerholm</p>", "utf-8")


stages.render = sabotage
