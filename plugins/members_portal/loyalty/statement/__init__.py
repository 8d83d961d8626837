"""The statement: everything that can be said of a member's standing on a day.

statement.py       the record, put together from
tier_progress.py   what reaches the next tier and what keeps the present one, and by when
rolling_period.py  a rolling period on days to come
rebate.py          the cumulative discount on a year's spend
order_interval.py  how often a member orders, and when the next order is likely
explanation.py     why a line earned what it earned
programme_year.py  years that begin on any day
"""
