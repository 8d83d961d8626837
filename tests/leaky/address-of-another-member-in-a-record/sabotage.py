"""A member's record holds the e-mail address of another member."""

import json

from members_portal.portal.personal.slot_table import piece_of, read_slots, write_slots
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.publish import stages


def reveal(_builder, _mailings, tree, _released):
    all_slots = read_slots(tree)
    slots = json.loads(all_slots["L-102"])
    slots["greeting"] = [{"html": "<p>torvald.ekdahl@post.example</p>", "from": None, "until": None}]
    all_slots["L-102"] = json.dumps(slots)
    write_slots(RenderedTree(tree), ((who, piece_of(who, each)) for who, each in all_slots.items()))
    return []


stages.write_letters = reveal
