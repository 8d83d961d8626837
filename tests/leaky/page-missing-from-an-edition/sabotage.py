"""An edition lacks a page that its readers are owed."""

from plugins.publish import press

render = press.render


def sabotage(settings, inputs, desk):
    render(settings, inputs, desk)
    (desk.tree / "editions/brass/reports/the-drowned-bell/index.html").unlink()


press.render = sabotage
