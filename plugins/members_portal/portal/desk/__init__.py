"""The desk of the staff: whom they talk to, where each member stands, what members said.

heard_answer.py    the answers of members, as `portal inbox` writes them
theme_count.py     feedback by theme, with counts per quarter
team_thanks.py     thanks by employee, and the rewards reached
promise_gap.py     promise against delivery, per quarter
redemption_count.py  redemptions of the last days per offer
week_ahead.py      birthdays and anniversaries of the next seven days
search_word.py     names as they are searched, and the buckets of the list of members
desk_file.py       the paths of the desk's files
sheet.py           what the desk tells about one member
sheet_work.py      sheets of earlier runs, for members whose sheet has not changed
work_list.py       lists for one reader: close to the next tier, gone quiet, what members said
desk_page.py       the parts of the page for all staff
desk_writer.py     the list of members for all staff, and each reader's own sheets
"""
