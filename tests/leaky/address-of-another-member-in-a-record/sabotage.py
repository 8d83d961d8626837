"""A member's record holds the e-mail address of another member."""

import json

from members_portal.publish import stages


def reveal(_builder, _mailings, tree, _released):
    file = tree / "members/L-102/slots.json"
    slots = json.loads(file.read_text("utf-8"))
    slots["greeting"] = [{"html": "<p>torvald.ekdahl@post.example</p>", "from": None, "until": None}]
    file.write_text(json.dumps(slots), "utf-8")
    return []


stages.write_letters = reveal
