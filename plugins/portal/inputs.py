"""Everything a run reads, loaded and checked together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from plugins.loyalty.member import Member, load_members
from plugins.loyalty.problem import InvalidInput, Problem
from plugins.loyalty.programme import Programme, load_programme
from plugins.loyalty.yaml_source import Located, load_yaml
from plugins.portal.library import Library, is_image, load_library
from plugins.portal.links import check_links
from plugins.portal.typography import typeset_record

Loaded = TypeVar("Loaded")


@dataclass(frozen=True)
class Inputs:
    """A programme, its members, and the items written for them, as of a date."""

    programme: Programme
    members: list[Member]
    library: Library
    on: date


def load_inputs(
    content: Path,
    members: Path,
    on: date,
    markdown: Mapping[str, Any],
    cache: Path | None = None,
    language: str = "en",
) -> Inputs:
    """Read and check all inputs; raise InvalidInput with the problems of all of them together."""
    programme = load_programme(members)
    problems: list[Problem] = []
    people = _collect(lambda: load_members(members, programme), problems)
    library = _collect(lambda: load_library(content, programme, markdown, cache, language), problems)
    if library:
        _collect(lambda: check_links(library, programme, on), problems)
        problems += _photos(programme, library, load_yaml(members / "programme.yaml"))
    if people is None or library is None or problems:
        raise InvalidInput(problems)
    return Inputs(typeset_record(programme, language), people, library, on)


def _collect(load: Callable[[], Loaded], problems: list[Problem]) -> Loaded | None:
    try:
        return load()
    except InvalidInput as error:
        problems += error.problems
        return None


def _photos(programme: Programme, library: Library, located: Located) -> list[Problem]:
    return [
        located.problem(("account_managers", index, "photo"), f"`{manager.photo}` is no image below content/")
        for index, manager in enumerate(programme.account_managers)
        if manager.photo and not is_image(library.folder, manager.photo)
    ]
