"""Templates print names as mark-up."""

from pelicanconf import *  # noqa: F403

SITEURL = "https://club.strandandhitch.example"
JINJA_ENVIRONMENT = {**JINJA_ENVIRONMENT, "autoescape": False}  # noqa: F405
