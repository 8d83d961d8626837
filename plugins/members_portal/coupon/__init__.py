"""Coupon codes that a till checks offline. COUPON.md is the normative format.

coupon_code.py  make, read and judge codes; theme/static/js/coupon.js is its twin for the till page
redemption.py   check the redemptions in the ledger: owner, period, limit, capacity
"""
