"""The press: from members/ and content/ to a release that a static host can serve.

Seven stages, each a function of that name in press.py, a log line, and a heading in the README:

    1 load      read the inputs, see whether anything changed        fingerprint.py
    2 validate  check everything, report all problems together       plugins.portal.inputs
    3 render    one Pelican run for all editions                     render.py
    4 letters   newsletters as PDF and print
    5 seal      editions and roster into a release                   plugins.seal
    6 gate      refuse a release that leaks                          gate.py and, for it, entitlement.py, watch.py,
                                                                     plaintext.py, readings.py
    7 flip      make it the one that `output` names                  shelf.py

COUPON.md says what coupon codes are: coupon.py makes and reads them, redemption.py judges their uses, till.py hands
both to the portal, booking.py brings a till's list into the ledger.

The command `portal` is cli.py; `portal preview` serves a release with server.py.
"""
