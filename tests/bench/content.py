"""Make-believe content for benchmarks: a blog of ten years, with a newsletter each month, events, offers and pictures.

The same items are written for the portal, for plain Pelican and for Hugo.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PIL import Image

FIRST, LAST = date(2016, 12, 1), date(2026, 11, 20)
ISSUES = 120  # monthly
WORDS = """
    water heat drum bean roast cup crop slope bag ship price week grinder filter paper scale sweet acid body clean
    harvest farm letter rope harbour lamp kettle steam minute second gram litre valley road cherry morning bed rain
    the the the the the the a a a of of of and and to to in in is it for with on that this we our you your at as by from
""".split()
NAMES = [word for word in dict.fromkeys(WORDS) if len(word) > 3]
TITLES = (
    "The {0} of the {1}",
    "What the {0} said about {1}",
    "How we {0} the {1} in a {2}",
    "A {0} for every {1}",
    "The last {0}",
    "On {0}, and why the {1} is not the {2}",
    "The {0} and the {1}",
    "Your {0} in the {1}",
)
KINDS = ("reports", "announcements", "reports", "feedback", "events", "announcements", "reports", "offers")
AUDIENCES = ("members", "members", "members", "silver+", "gold+", "public")  # most items are for everybody
PICTURES = 40  # different pictures, shared by one item in four


@dataclass(frozen=True)
class BenchItem:
    """One item; `kind` is its folder, `picture` the path of a picture or empty."""

    kind: str
    name: str
    title: str
    summary: str
    audience: str
    day: date
    number: int
    picture: str
    body: str


def body(chance: random.Random, words: int = 600) -> str:
    """Write markdown of about so many words."""
    paragraphs = []
    for number in range(words // 60):
        line = [chance.choice(WORDS) for _ in range(57)]
        line[10], line[30] = f"**{line[10]}**", f"[{line[30]}](https://example.org/{line[31]})"
        heading = f"## {line[0].title()} {number}\n\n" if number % 3 == 0 else ""
        paragraphs.append(heading + " ".join(line).capitalize() + ".")
    paragraphs.insert(4, "\n".join(f"- {chance.choice(WORDS)} {chance.choice(WORDS)}" for _ in range(5)))
    return "\n\n".join(paragraphs) + "\n"


def make_items(count: int, seed: int = 1) -> Iterator[BenchItem]:
    """Make `count` items, spread evenly over ten years; ISSUES of them, or one in eight, are newsletters."""
    chance = random.Random(seed)
    issues = min(ISSUES, count // 8)
    span = (LAST - FIRST).days
    for number in range(count):
        is_issue = number * issues // count != (number + 1) * issues // count
        kind = "newsletters" if is_issue else KINDS[number % len(KINDS)]
        title = chance.choice(TITLES).format(*chance.sample(NAMES, 3))
        yield BenchItem(
            kind=kind,
            name=f"item-{number}",
            title=f"{title}, {number}",
            summary=f"The {chance.choice(NAMES)} of a {chance.choice(NAMES)} in a line.",
            audience="members" if is_issue else AUDIENCES[number % 7 % len(AUDIENCES)],
            day=FIRST + timedelta(days=number * span // count),
            number=number * issues // count + 1,
            picture=f"images/picture-{number % PICTURES}.jpg" if number % 4 == 0 else "",
            body=body(chance),
        )


def write_pictures(folder: Path) -> None:
    """Write PICTURES photographs of 1200 x 800 pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(PICTURES):
        noise = Image.frombytes("L", (120, 80), random.Random(number).randbytes(120 * 80))
        data = io.BytesIO()
        noise.resize((1200, 800)).convert("RGB").save(data, "JPEG", quality=80)
        (folder / f"picture-{number}.jpg").write_bytes(data.getvalue())


def write_portal_items(folder: Path, count: int, seed: int = 1) -> None:
    """Write `count` items in the portal's own form."""
    write_pictures(folder / "images")
    for item in make_items(count, seed):
        keys = "".join(f"{key}: {value}\n" for key, value in _keys(item).items())
        front = f"Title: {item.title}\nSummary: {item.summary}\nAudience: {item.audience}\nPublish: {item.day}\n{keys}"
        file = folder / item.kind / f"{item.name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front}---\n{item.body}", "utf-8")


def _keys(item: BenchItem) -> dict[str, str]:
    """Return the keys of the front matter that the kind of an item has."""
    ends = item.day + timedelta(days=30)
    keys = {
        "newsletters": {"Number": str(item.number)},
        "events": {"Starts": f"{ends} 18:30", "Ends": f"{ends} 21:00", "Place": "The Ropewalk"},
        "offers": {"Type": "percent", "Value": "10 %", "Starts": f"{item.day}", "Ends": f"{ends}"},
        "feedback": {"Said": "It is too hot.", "State": "done"},
    }.get(item.kind, {})
    return keys | ({"Image": item.picture, "Image alt": "Noise, without a subject"} if item.picture else {})


def write_pelican_items(folder: Path, count: int, seed: int = 1) -> None:
    """Write the same items in the form that plain Pelican reads."""
    write_pictures(folder / "images")
    for item in make_items(count, seed):
        front = (
            f"Title: {item.title}\nSummary: {item.summary}\nCategory: {item.kind}\nDate: {item.day}\nSlug: {item.name}"
        )
        (folder / f"{item.name}.md").write_text(f"{front}\n\n{_pictured(item, '{static}/')}", "utf-8")


def write_hugo_items(folder: Path, count: int, seed: int = 1) -> None:
    """Write the same items in the form that Hugo reads, below content/ and static/."""
    write_pictures(folder / "static" / "images")
    for item in make_items(count, seed):
        file = folder / "content" / item.kind / f"{item.name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        front = f'title = "{item.title}"\nsummary = "{item.summary}"\ndate = "{item.day}"\n'
        file.write_text(f"+++\n{front}+++\n{_pictured(item, '/')}", "utf-8")


def _pictured(item: BenchItem, root: str) -> str:
    return f"![Noise]({root}{item.picture})\n\n{item.body}" if item.picture else item.body
