"""A small programme for tests, and a short form for members."""

from __future__ import annotations

from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.source.folder import Folder
from members_portal.source.people import load_members

PROGRAMME = """\
name: Lantern Club
tiers:
  - {key: member, name: Member, colour: "#7a5532", colour dark: "#cfa679", summary: You buy from us.}
  - {key: silver, name: Silver, colour: "#59656d", colour dark: "#b9c4cb", summary: You buy often.}
  - {key: gold, name: Gold, colour: "#876011", colour dark: "#e3bc58", summary: You tell others.}
interests: {espresso: Espresso, filter: Filter coffee, decaf: Decaf}
account managers:
  - {key: ines, name: Inês, role: Cafés, phone: "+351 1", email: ines@lantern.example}
channels: {post: Letters by post, email: E-mail}
"""
MAYA = "{id: M-1, given name: Maya, family name: Okafor, formal name: Ms Okafor, joined: 2021-05-30, tier: gold}"


def programme_of(folder: Path, text: str = PROGRAMME) -> Programme:
    """Write programme.yaml and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "programme.yaml").write_text(text, "utf-8")
    return load_programme(folder)


def members_of(folder: Path, *entries: str) -> list[Member]:
    """Write members.yaml with these entries beside the small programme, and read it."""
    programme = programme_of(folder)
    (folder / "members.yaml").write_text("".join(f"- {entry}\n" for entry in entries), "utf-8")
    return load_members(Folder(folder), programme)


def maya(folder: Path, more: str) -> Member:
    """Read the member Maya with more keys: `birthday: 02-29`."""
    return members_of(folder, f"{MAYA[:-1]}, {more}}}")[0]
