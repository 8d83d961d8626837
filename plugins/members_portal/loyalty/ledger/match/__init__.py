"""Lines that belong to other lines by their reference.

reference_match.py  references in another spelling
order_match.py      orders of refunds
item_match.py       items of refunds
reversal_match.py   redemptions of reversals
"""
