"""The inbox: sealed answers opened, checked, counted once, and written to files that the owner keeps.

taking.py          from the messages of sources to the files of the inbox
judgement.py       whether an answer is one that the forms accept
refusal.py         reasons for which an answer is set aside
answer_history.py  what members have answered before
known_form.py      the forms of the portal
known_people.py    the members of the portal, by present and former ids and referral codes
outcome.py         the rows that an answer makes
personal_values.py what a form about a person states
likeness.py        the members who may be the person of a new entry
guest_list.py      replies against the places of an event
invitation.py      all replies, and the lists for the door
keeping.py         how long answers are kept
present_change.py  what a change makes of a member's present values
decision.py        changes and joins approved or refused
member_file/       the file of members, edited as text
sources/           folders, mailboxes, tables and IMAP
record/            the files of the inbox
inbox_error.py     the exceptions
"""
