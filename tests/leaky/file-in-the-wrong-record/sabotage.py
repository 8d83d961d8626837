"""A member's own files hold somebody else's letter."""

from plugins.publish import press

render = press.render


def sabotage(settings, inputs, desk):
    render(settings, inputs, desk)
    (desk.tree / "members/L-102/letter.txt").write_text("Dear Herr Ekdahl")


press.render = sabotage
