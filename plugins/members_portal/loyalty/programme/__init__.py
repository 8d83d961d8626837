"""What programme.yaml defines.

programme.py   tiers, account managers, interests, channels, and all that follows
audience.py    who may read an item: `public`, `members`, `gold`, `gold+`, `[gold, staff]`
earning.py     how points are earned, multiplied, capped, and how long they last
qualifying.py  how tiers are reached and kept; the rebate
segment.py     rules that select members
cause.py       causes that points and spend are given to
"""
