"""Make-believe content for benchmarks: items of 600 words with headings, lists, links and emphasis."""

import random
from pathlib import Path

WORDS = """
    water heat drum bean roast cup crop slope bag ship price week grinder filter paper scale sweet acid body clean
    harvest farm letter rope harbour lamp kettle steam minute second gram litre valley road cherry bean bed rain
""".split()
FOLDERS = ("reports", "announcements", "newsletters", "events", "offers")
AUDIENCES = ("members", "members", "members", "silver+", "gold+")  # most items are for everybody, as in real portals
KIND_KEYS = {
    "newsletters": "Number: {number}\n",
    "events": "Starts: 2026-12-05 18:30\nEnds: 2026-12-05 21:00\nPlace: The Ropewalk\n",
    "offers": "Type: percent\nValue: 10 %\nStarts: 2026-11-01\nEnds: 2026-12-31\n",
}


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


def write_portal_items(folder: Path, count: int, seed: int = 1) -> None:
    """Write `count` items in the portal's own form."""
    chance = random.Random(seed)
    for number in range(count):
        kind = FOLDERS[number % len(FOLDERS)]
        front = (
            f"Title: Item {number} about {chance.choice(WORDS)}\nSummary: Some {chance.choice(WORDS)} in a line.\n"
            f"Audience: {AUDIENCES[number % 7 % len(AUDIENCES)]}\n"
            f"Publish: 2026-{number % 9 + 1:02}-{number % 27 + 1:02}\n"
        )
        keys = KIND_KEYS.get(kind, "").format(number=number + 1)
        file = folder / kind / f"item-{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front}{keys}---\n{body(chance)}", "utf-8")


def write_pelican_items(folder: Path, count: int, seed: int = 1) -> None:
    """Write the same items in the form that plain Pelican reads."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        kind = FOLDERS[number % len(FOLDERS)]
        title, summary = chance.choice(WORDS), chance.choice(WORDS)
        front = (
            f"Title: Item {number} about {title}\nSummary: Some {summary} in a line.\nCategory: {kind}\n"
            f"Date: 2026-{number % 9 + 1:02}-{number % 27 + 1:02}\nSlug: item-{number}\n"
        )
        (folder / f"item-{number}.md").write_text(f"{front}\n{body(chance)}", "utf-8")
