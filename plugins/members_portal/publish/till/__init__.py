"""Coupons of a publish: the data of the till page, a till's list, the segments of offers.

till_data.py          coupon data for the till page and for members' pages
till_list.py          ledger lines from a till's list of redemptions
coupon_segments.py    the members who may use an offer with segments, on a day
segment_history.py    the segments of members on past days, kept between publishes
redemption_warning.py warnings of the ledger's invalid redemptions
"""
