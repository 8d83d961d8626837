"""The site's settings. docs/design-and-theming.md lists all files of a rebrand; the first is this one.

`pelican content -s pelicanconf.py` renders the editions in plaintext into .build/site/, for inspection. Only
`make publish` makes a release.
"""

from jinja2 import StrictUndefined

from members_portal import portal  # imported here: Pelican would only log a missing plugin

# The company

SITENAME = "The Bitter End Club"
SITEURL = ""
DEFAULT_LANG = "en-IE"  # BCP 47; determines the format of dates
TIMEZONE = "Europe/Dublin"
PORTAL_TODAY = "2026-11-28"  # the day of the sample; delete this line in a real portal, so that it uses the clock
PORTAL_SITE = {
    "company": "Strand & Hitch Coffee Roasters",
    "tagline": "Coffee from the Ropewalk, and promises with the results printed next to them",
    "contact": {
        "hotline": "+353 20 915 0147",
        "hours": "Monday to Friday 8 to 18, Saturday 9 to 13",
        "email": "club@strandandhitch.example",
        "address": ["The Ropewalk", "Tarhouse Steps", "Inverskea, P99 R0P3", "Ireland"],
    },
}
PORTAL_FONTS = {  # name in the theme: (PyPI package, file in it)
    "source-serif-regular": ("font-source-serif-pro", "SourceSerifPro-Regular.ttf"),
    "source-serif-italic": ("font-source-serif-pro", "SourceSerifPro-It.ttf"),
    "source-serif-semibold": ("font-source-serif-pro", "SourceSerifPro-Semibold.ttf"),
    "source-sans-regular": ("font-source-sans-pro", "SourceSansPro-Regular.ttf"),
    "source-sans-semibold": ("font-source-sans-pro", "SourceSansPro-Semibold.ttf"),
    "noto-emoji": ("manimgx-fonts", "NotoEmoji[wght].ttf"),
}

PORTAL_PRINT = {
    "window": "DIN 5008 B",  # the envelope's window, or "US #10", "UK DL"; determines the paper size
    "country": "IE",  # country of posting (ISO 3166-1)
    "grammage": 100,  # of the paper, in g/m²
    "profile": "",  # path of the press's ICC profile; default: coated paper, from Debian's libgs-common
    "condition": "",  # the printer's name of the condition, such as "FOGRA39"
    "seeds": [  # employees who get each letter by post as a control
        {"name": "The Post Table", "address": ["Strand & Hitch", "The Ropewalk", "Inverskea", "P99 R0P3"]},
    ],
}

# Paths

PATH = "content"
PORTAL_MEMBERS = "members"
OUTPUT_PATH = ".build/site"
THEME = "theme"
PLUGINS = [portal]

# Markdown and templates

MARKDOWN = {
    "extensions": ["extra", "sane_lists", "admonition", "pymdownx.tilde", "pymdownx.tasklist", "pymdownx.magiclink"],
    "extension_configs": {
        "extra": {"tables": {"use_align_attribute": True}},  # the CSP forbids style attributes
        "pymdownx.tilde": {"subscript": False},  # a single ~ means "about"
    },
    "output_format": "html",
}
JINJA_ENVIRONMENT = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "extensions": [],
}

# The portal plugin writes all pages; Pelican's own lists would show hidden items

ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DELETE_OUTPUT_DIRECTORY = True
