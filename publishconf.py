"""The settings of `make publish`: pelicanconf.py, and the site's address.

The site secret must not be a Pelican setting: Pelican can print all of them. It is in PORTAL_SECRET or .portal/secret.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403

SITEURL = os.environ.get("PORTAL_SITEURL") or "https://club.strandandhitch.example"
