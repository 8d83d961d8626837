"""Recipients and postal addresses of letters.

recipients.py      choose the members with a letter in the portal and with a posted letter
postal_address.py  addresses in the form of their country, fitted to a window
address_window.py  the address windows of envelopes, and the folds of the sheet
"""
