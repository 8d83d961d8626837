"""Pictures of content: the files that are published of each raster picture, and the HTML that shows them.

inline_picture.py  pictures in `data:` addresses
published_drawing.py  SVG files without metadata
rendition.py       the widths and formats of a picture, and their encoding
picture_store.py   the encoded pictures of a run, from the cache or new
picture_markup.py  `<img>` to `<picture>` with `srcset`
"""
