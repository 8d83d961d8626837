"""Two members get each other's letterbox."""

from members_portal.publish import stages

render = stages.render


def sabotage(inputs, context, *rest):
    render(inputs, context, *rest)
    file = context.tree / "slots.tsv"
    text = file.read_text("utf-8")
    swapped = text.replace("L-101\t", "-\t").replace("L-102\t", "L-101\t").replace("-\t", "L-102\t")
    file.write_text(swapped, "utf-8")
    return {}  # no digest is known


stages.render = sabotage
