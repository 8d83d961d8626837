"""Pelican's own generators publish every picture."""

from pelicanconf import *  # noqa: F403

SITEURL = "https://club.strandandhitch.example"
STATIC_PATHS = ["images"]
