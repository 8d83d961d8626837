"""The settings `make publish` uses: pelicanconf.py, and where the site stands.

The secret is never a Pelican setting: Pelican prints them all on request. It is in PORTAL_SECRET or .portal/secret.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403

SITEURL = os.environ.get("PORTAL_SITEURL") or "https://club.strandandhitch.example"
