"""From items to the pages of an edition and the slots of a member.

edition.py         the site as one reader sees it; templates get nothing else
page.py            pages, and the parts around their content
slot.py            named slots in pages, and each member's fragments for them
member_view.py     a member's edition, statement and offers, as templates see them
activity.py        the lines of a statement: what each refers to, which are folded
issue_contents.py  an issue of the newsletter as one edition reads it
chart.py           the geometry of charts
formats.py         dates, numbers and money in the site's language
tier_css.py        the colours of the tiers as CSS
asset.py           theme files by a hash of their content
font.py            the font packages' glyphs that the theme uses, as WOFF2
"""
