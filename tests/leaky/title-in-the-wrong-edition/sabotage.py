"""A page of a lower edition names an item of a higher one."""

from plugins.publish import press

render = press.render


def sabotage(settings, inputs, desk):
    render(settings, inputs, desk)
    page = desk.tree / "editions/member/index.html"
    page.write_text(page.read_text("utf-8") + "<p>Next: The drowned bell of Skagerholm</p>", "utf-8")


press.render = sabotage
