import json

from members_portal.portal.personal.slot_table import piece_of, read_slots, write_slots
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.publish import stages
from members_portal.seal import access_code


def reveal(builder, _mailings, tree, _released):
    all_slots = read_slots(tree)
    slots = json.loads(all_slots["L-101"])
    code = access_code(builder.secret, "L-101", 1)
    slots["greeting"] = [{"html": f"<p>Your code is {code}.</p>", "from": None, "until": None}]
    all_slots["L-101"] = json.dumps(slots)
    write_slots(RenderedTree(tree), ((who, piece_of(who, each)) for who, each in all_slots.items()))
    return []


stages.write_letters = reveal
