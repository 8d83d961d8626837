"""The post.

recipients.py      who gets a letter in the portal, who on paper, and why others get none
postal_address.py  addresses in the form of their country, set into a window
address_window.py  where an envelope shows the address, and where the sheet is folded
"""
