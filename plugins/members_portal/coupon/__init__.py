"""Coupon codes that a till checks offline. COUPON.md is the normative format.

coupon_code.py  make, format and read codes
verdict.py      the till's verdict on a typed code; theme/static/js/coupon.js is the twin of both for the till page
verification.py  the verdict with the site secret and the roster
redemption.py   check uses of codes against the ledger: the owner, the window, the limit
"""
