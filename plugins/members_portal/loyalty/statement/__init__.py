"""The statement: the standing of one member on a day, in one record.

statement.py       the record, built from the parts below
tier_progress.py   goals for the next and the present tier, with their last days
rolling_period.py  the rolling period on days to come
rebate.py          the cumulative discount on a year's spend
order_interval.py  the usual interval between orders, and the likely day of the next
calendar_change.py until which day a statement stays the same if no line is added
explanation.py     the reason for the points of a line, in words
"""
