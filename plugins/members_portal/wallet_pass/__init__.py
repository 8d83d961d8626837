"""Membership cards for the wallets of phones: Apple Wallet passes and Google Wallet links.

Knows nothing of Pelican, members or files: it gets the texts of a card, and the bytes of certificates and keys.

    pass_content.py     the texts and colours of one member's card
    pass_labels.py      the labels of its fields
    pass_fault.py       the error for a certificate, key or setting that cannot be used
    apple_identity.py   the certificate and key that sign Apple's passes, checked
    apple_fields.py     pass.json: the fields of a card
    pass_picture.py     icon and logo: the site's mark, or a letter
    pass_package.py     the signed package, and an earlier one with the same content
    google_account.py   the service account that signs Google's links, checked
    google_link.py      the link that saves a card in Google Wallet
"""
