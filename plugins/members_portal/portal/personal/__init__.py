"""The personal parts of pages: the fragments of each member for the slots of a page.

member_view.py    a member's edition, statement, activity and offers, as templates see them
member_writer.py  the slots of all members, and their own files, in the tree
slot_renderer.py  the fragments, rendered by the theme's `slots/` templates
slot_work.py      fragments of earlier runs, for slots that have not changed
"""
