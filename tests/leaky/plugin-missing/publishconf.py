"""The plugin that makes editions isn't loaded."""

from pelicanconf import *  # noqa: F403

SITEURL = "https://club.strandandhitch.example"
PLUGINS = []
