"""The sample with more forms and an endpoint for answers, and what tests do on its forms."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from members_portal.answer.answer import Answer
from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.answer_text import find_answers
from members_portal.answer.sealed_answer import open_answer
from tests.js.reader import Reader
from tests.portal.answering.inbox_rows import number
from tests.portal.small_portal import text
from tests.site.post_box import ENDPOINT
from tests.site.sample import Sample

GOLD, OTHER, STAFF = "M-1001", "M-1004", "S-01"
ANSWERED_ONCE = "M-1010"
QUESTIONS = """\
  questions:
    - {name: short, ask: In a line, type: line, help: A few words.}
    - {name: words, ask: In your words}
    - {name: day, ask: Which day?, type: choice, choices: [Monday, Friday]}
    - {name: with, ask: With what?, type: several, choices: [Tea, Cake], optional: true}
    - {name: how, ask: How was it?, type: scale, low: Cold, high: Hot}
    - {name: many, ask: How many?, type: number, optional: true}
    - {name: when, ask: When?, type: date, optional: true}
"""
ALL_TYPES = "forms/every-question/"
BLANKS = """\
  questions:
    - {name: words, ask: In your words}
    - {name: with, ask: With what?, type: several, choices: [Tea, Cake]}
    - {name: dataset, ask: In a word, type: line, optional: true}
    - {name: elements, ask: In a number, type: number, optional: true}
"""
FORMS = {
    "blanks": text("No blanks", "members", f"Form:\n  kind: survey\n  repeat: yes\n{BLANKS}"),
    "every-question": text("Every question", "members", f"Form:\n  kind: feedback\n  thanks: We read it.\n{QUESTIONS}"),
    "once": text("Once and no more", "members", f"Form:\n  kind: survey\n  points: 40\n{QUESTIONS}"),
    "tomorrow": text("From tomorrow", "members", "Form: {kind: feedback, opens: 2026-11-22}"),
    "yesterday": text("Until yesterday", "members", "Form: {kind: feedback, closes: 2026-11-20}"),
    "for-gold": text("For gold alone", "members", "Form: {kind: feedback, who: [gold]}"),
}
ANSWERED = [
    f"{number(7)},2026-11-12,2026-11-12T10:00,forms/once,survey,{ANSWERED_ONCE},gold,,short,Warm",
    f"{number(7)},2026-11-12,2026-11-12T10:00,forms/once,survey,{ANSWERED_ONCE},gold,,day,Friday",
]
OUTBOX = "JSON.parse(localStorage.getItem('answers /') ?? '[]')"


def write_forms(sample: Sample) -> None:
    """Add forms, an answer that was taken in, and the endpoint."""
    for name, item in FORMS.items():
        (sample.folder / f"content/forms/{name}.md").write_text(item, "utf-8")
    inbox = sample.folder / "members/inbox"
    for file, lines in (("answers.csv", ANSWERED), ("taken.csv", [f"{number(7)},2026-11-12,forms/once,survey"])):
        with (inbox / file).open("a", encoding="utf-8") as rows:
            rows.write("".join(f"{line}\n" for line in lines))
    with (sample.folder / "pelicanconf.py").open("a", encoding="utf-8") as conf:
        conf.write(f"\nPORTAL_ANSWERS = {{'endpoint': '{ENDPOINT}'}}\n")


def form_of(reader: Reader) -> Locator:
    return reader.page.locator("form.answer-form")


def message(reader: Reader) -> Locator:
    """The place where a form tells what became of its answer."""
    return reader.page.locator('[data-portal="sent"]')


def fill_all(reader: Reader, words: str = "Näher am Fenster ☕\nand <b>warm</b>") -> dict[str, Any]:
    """Fill the form with all types of question; return its values."""
    page = reader.page
    page.get_by_label("In a line").fill("Warm")
    page.get_by_label("In your words").fill(words)
    page.get_by_label("Friday").check()
    page.get_by_label("Cake").check()
    page.get_by_label("4", exact=True).check()
    page.get_by_label("How many?").fill("2")
    page.get_by_label("When?").fill("2026-12-05")
    return {
        "short": "Warm",
        "words": words,
        "day": "Friday",
        "with": ["Cake"],
        "how": "4",
        "many": "2",
        "when": "2026-12-05",
    }


def press(reader: Reader, name: str = "Send") -> None:
    form_of(reader).get_by_role("button", name=name, exact=True).click()


def outbox(reader: Reader) -> list[dict[str, str]]:
    """Read what waits on the device."""
    found: list[dict[str, str]] = reader.page.evaluate(OUTBOX)
    return found


def shown_number(reader: Reader) -> str:
    return message(reader).locator('[data-part="number"]').inner_text()


def opened(portal: Sample, text: str) -> Answer:
    """Open the one answer in a text, as the inbox does."""
    [sealed] = find_answers(text)
    assert isinstance(sealed, bytes)
    return open_answer(sealed, AnswerKeys(portal.secret), lambda member: 1 if member in portal.members else None)


def is_sent(reader: Reader) -> str:
    """Wait until the form says that its answer was sent; return its number."""
    expect(message(reader)).to_contain_text("Sent. It has the number")
    return shown_number(reader)


def is_waiting(reader: Reader) -> str:
    """Wait until the form says that its answer waits; return its number."""
    expect(message(reader)).to_contain_text("Kept on this device")
    return shown_number(reader)


def local_storage(reader: Reader) -> str:
    return str(reader.page.evaluate("JSON.stringify(localStorage)"))


def days_ago(reader: Reader, days: int) -> None:
    """Pretend that what was posted was posted so many days earlier."""
    reader.page.evaluate(
        """days => localStorage.setItem('answers /', JSON.stringify(JSON.parse(localStorage.getItem('answers /')).map(
          letter => ({...letter, sent: letter.sent && new Date(new Date(letter.sent) - days * 86400000).toISOString()})
        )))""",
        days,
    )
