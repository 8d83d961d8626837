import json

from members_portal.publish import stages
from members_portal.seal import access_code


def reveal(builder, _mailings, tree, _released):
    file = tree / "members/L-101/slots.json"
    slots = json.loads(file.read_text("utf-8"))
    code = access_code(builder.secret, "L-101", 1)
    slots["greeting"] = [{"html": f"<p>Your code is {code}.</p>", "from": None, "until": None}]
    file.write_text(json.dumps(slots), "utf-8")
    return []


stages.write_letters = reveal
