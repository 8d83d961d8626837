"""Pelican's own generators publish the pages folder."""

from pelicanconf import *  # noqa: F403

SITEURL = "https://club.strandandhitch.example"
PAGE_PATHS = ["pages"]
