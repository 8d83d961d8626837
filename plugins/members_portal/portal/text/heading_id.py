"""Ids of headings: stable, in any script, and none of the theme's own."""

import unicodedata
from html import unescape

TAKEN_IDS = frozenset(  # ids of the theme
    "activity answer answering benefits causes chart-title chart-words charts code code-help code-title coming-up"
    " contact content coupon coupon-help device ends-soon events form given held latest manager membership menu"
    " months next-order offers passkey phone-wallet points progress promise promises rebate received redeemed"
    " remember remember-help results said sign-in standards standing statement teasers text-contents told".split()
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
