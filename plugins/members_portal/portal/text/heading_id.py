"""Ids of headings: stable, in any script, and none of the theme's own."""

import unicodedata
from html import unescape

TAKEN_IDS = frozenset(  # ids of the theme
    "activity anniversaries answer answering benefits birthdays causes chart-title chart-words charts close code"
    " code-help code-title coming-up contact content coupon coupon-help device elsewhere ends-soon events find"
    " form found gap given held latest manager member member-help membership menu months next-order offers"
    " overdue passkey phone-wallet points progress promise promises quiet rebate received redeemed redemptions"
    " remember remember-help results said sign-in standards standing statement teasers text-contents thanks"
    " themes told".split()
)
LONGEST_ID = 80  # characters
FRAGMENT_OF_NO_LETTERS = "section"


def heading_id(text: str, separator: str = "-") -> str:
    """Return the id of a heading: its letters, marks and digits of any script, in lower case, joined by hyphens."""
    normal = unicodedata.normalize("NFC", unescape(text)).lower()
    letters = "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in normal)
    made = separator.join(letters.split())[:LONGEST_ID].strip(separator) or FRAGMENT_OF_NO_LETTERS
    is_taken = made in TAKEN_IDS or made.startswith(("part-", "chart-", "slot-"))
    return f"{FRAGMENT_OF_NO_LETTERS}{separator}{made}" if is_taken else made
