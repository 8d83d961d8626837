"""What the warm process does once before it forks: a command would spend up to 0.2 s on it in each fork."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from runpy import run_path
from typing import Any

from babel.dates import get_month_names
from PIL import Image
from pydantic import BaseModel

import members_portal
from members_portal.portal.content.body import Converter
from members_portal.publish.fingerprint import package_versions

# Modules of others that commands import late: the database, the printer of errors, fonts, days and encodings.
MODULES = (
    "duckdb",
    "rich._emoji_codes",
    *("font_source_sans_pro", "font_source_serif_pro", "manimgx_fonts"),
    *("_strptime", "pydantic.dataclasses", "icalendar", "dateutil.rrule"),
    *(f"encodings.{name}" for name in ("cp1252", "idna", "unicode_escape", "utf_8_sig")),
)


def warm_up() -> None:
    """Import what commands import when they need it, and make what they make in every run."""
    for name in (*MODULES, *package_modules()):
        import_module(name)
    for model in models(BaseModel):
        model.model_rebuild()  # its schema is built at its first use
    Converter(sample_settings()["MARKDOWN"], "en")  # its patterns stay compiled
    Image.init()
    package_versions()
    get_month_names(locale="en")


def package_modules() -> Iterator[str]:
    """Yield the names of all modules of the package but those that run a program."""
    for module in walk_packages(members_portal.__path__, "members_portal."):
        if not module.name.endswith("__main__"):
            yield module.name


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the package's models below one."""
    for below in model.__subclasses__():
        if below.__module__.startswith("members_portal."):
            yield below
            yield from models(below)


def sample_settings() -> dict[str, Any]:
    """Read the sample's settings without importing them: projects have their own."""
    return run_path(str(Path(__file__).parents[2] / "pelicanconf.py"))
