"""From markdown files to items.

markdown_files.py   the files of the content folder, and the address of each item
front_matter.py     YAML between `---` lines, read with line numbers
front/              the front matter of each kind of item
item.py             the kinds of item, and the item itself
body.py             markdown to HTML, links to addresses
markup.py           the HTML that the text of an item may have
complexity.py       limits on the nesting and the size of a text
attachment.py       types and names of the files that may be published
drawing.py          the check of SVG files
drawing_copies.py   how often a drawing draws its elements
conversion_pool.py  conversion of bodies on all cores
similar_path.py     suggestions for paths without a file
item_reader.py      from documents to items, checked against the programme
kept_item.py        items and bodies in the work record
library.py          all items of the content folder
"""
