"""From markdown files to items.

front_matter.py     YAML between `---` lines, read with line numbers
item.py             the kinds of item and their front matter
body.py             markdown to HTML, links to addresses
conversion_pool.py  bodies converted on all cores
typography.py       typographer's quotes, dashes and dots
selection.py        sections and charts that an issue of the newsletter asks for
library.py          all items of the content folder, checked against the programme
link_check.py       every link leads somewhere that its readers may go
"""
