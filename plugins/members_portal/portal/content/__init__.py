"""From markdown files to items.

front_matter.py     YAML between `---` lines, read with line numbers
item.py             the kinds of item and their front matter
body.py             markdown to HTML, links to addresses
conversion_pool.py  conversion of bodies on all cores
typography.py       typographic quotes, dashes and ellipses
selection.py        the sections and charts of a newsletter issue, as the editor writes them
library.py          all items of the content folder, checked against the programme
link_check.py       the check of all links
"""
