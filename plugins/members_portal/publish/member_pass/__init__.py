"""The members' cards for the wallets of phones: who gets one, and what stands on it.

pass_settings.py     the setting PORTAL_PASSES, with its certificates and keys, checked
member_passes.py     the card of each member
pass_files.py        Apple's passes, written into the members' files of the tree
"""
