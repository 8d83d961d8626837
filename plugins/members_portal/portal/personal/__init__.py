"""The personal parts of pages: the fragments of each member for the slots of a page.

member_view.py    a member's edition, statement, activity and offers, as templates see them
personal_parts.py the own files and slots of all members
member_writer.py  the slots of all members, and their own files, in the tree
pass_source.py    the links to cards for the wallets of phones
standing_part.py  where a member stands, in parts that end on days of their own
slot_renderer.py  the fragments, rendered by the theme's `slots/` templates
slot_days.py      the days on which slots are the same
slot_maker.py     the slots of one member, rendered
slot_batch.py     the slots of members, made in another process
slot_batches.py   the slots of many members, on several cores
slot_table.py     the slots of all members, in two files of the tree
slot_work.py      the slots of the last run, for members whose slots have not changed
kept_slots.py     the file with these slots, and the places in it
"""
