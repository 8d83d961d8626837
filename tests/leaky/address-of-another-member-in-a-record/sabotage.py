"""A member's record holds the e-mail address of another member."""

import json

from members_portal.publish import stages


def reveal(_builder, _mailings, tree, _released):
    file = tree / "slots.tsv"
    lines = dict(line.split("\t") for line in file.read_text("utf-8").splitlines())
    slots = json.loads(lines["L-102"])
    slots["greeting"] = [{"html": "<p>torvald.ekdahl@post.example</p>", "from": None, "until": None}]
    lines["L-102"] = json.dumps(slots)
    file.write_text("".join(f"{who}\t{each}\n" for who, each in lines.items()), "utf-8")
    return []


stages.write_letters = reveal
