"""From items to the pages of an edition and the slots of a member.

edition.py         the site as one kind of reader sees it; templates get nothing else
page.py            pages, and the parts around their content
slot.py            named slots in pages
slot_renderer.py   each member's fragments for the slots
dated_part.py      parts of a page that are shown from a day on, or until a day
member_view.py     a member's edition, statement, activity and offers, as templates see them
issue_contents.py  contents of a newsletter issue, as one edition reads it
chart.py           the geometry of charts
formats.py         dates, numbers and money in the site's language
tier_css.py        the colours of the tiers as CSS
asset.py           versioned addresses of theme files
font.py            subsets of the font packages, as WOFF2
"""
