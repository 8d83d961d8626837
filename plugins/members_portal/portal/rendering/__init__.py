"""From items to the pages of an edition.

edition.py         the site as one kind of reader sees it; templates get nothing else
page.py            pages, and the parts around their content
page_record.py     what earlier runs know of pages
rendered_tree.py   the files of the tree: equal ones are kept, others are written anew
slot.py            named slots in pages
dated_part.py      parts of a page that are shown from a day on, or until a day
issue_contents.py  contents of a newsletter issue, as one edition reads it
item_index.py      the items of an edition by kind and day
chart.py           the geometry of charts
formats.py         dates, numbers and money in the site's language
edition_writer.py  writes the pages and files of an edition into the tree
tier_css.py        the colours of the tiers as CSS
template_functions.py  the functions and filters of the theme's templates
asset.py           versioned addresses of theme files
font.py            subsets of the font packages, as WOFF2
"""
