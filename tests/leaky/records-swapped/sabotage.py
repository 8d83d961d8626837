"""Two members get each other's letterbox."""

from plugins.publish import press

render = press.render


def sabotage(settings, inputs, desk):
    render(settings, inputs, desk)
    one, other = (desk.tree / "members" / member / "slots.json" for member in ("L-101", "L-102"))
    one_text, other_text = one.read_text("utf-8"), other.read_text("utf-8")
    one.write_text(other_text, "utf-8")
    other.write_text(one_text, "utf-8")


press.render = sabotage
