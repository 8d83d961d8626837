"""The slot table has the slots of each member under the id of the next one."""

from members_portal.portal.personal import member_writer

write_slots = member_writer.write_slots


def sabotage(tree, pieces):
    ids, made = zip(*pieces, strict=True)
    write_slots(tree, zip((*ids[1:], ids[0]), made, strict=True))


member_writer.write_slots = sabotage
