"""What the browser seals is what Python opens, and drafts stay with their member."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page

from members_portal.answer.answer_text import find_answers, written_answer
from tests.answer import sealed_text
from tests.answer.browser_form import FIELDS, MEMBER_KEY, OF_MEMBER, OF_PUBLIC, SENDER, b64, opened
from tests.answer.hpke_vector import load_hpke_vector
from tests.answer.written import KEY
from tests.long_cases import quick_and_long

SEAL = "([answer, keys]) => sealAnswer(answer, keys)"
SEAL_ALL = "([answers, keys]) => Promise.all(answers.map(answer => sealAnswer(answer, keys)))"
CIPHER = """async parts => {
  const [exchanged, enc, receiver, info] = parts.map(Uint8Array.fromHex.bind(Uint8Array));
  return (await answerCipher(exchanged, enc, receiver, new TextDecoder().decode(info))).map(bytes => bytes.toHex());
}"""
KEPT = "async key => (await drafting, openDraft(localStorage.getItem(DRAFTS), key))"


def test_the_key_schedule_is_that_of_rfc_9180(form_page: Page) -> None:
    fields = load_hpke_vector()
    ephemeral = ec.derive_private_key(int(fields["skEm"], 16), ec.SECP256R1())
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(fields["pkRm"]))
    exchanged = ephemeral.exchange(ec.ECDH(), receiver).hex()
    derived = form_page.evaluate(CIPHER, [exchanged, fields["enc"], fields["pkRm"], fields["info"]])
    assert derived == [fields["key"], fields["base_nonce"]]


@pytest.mark.parametrize(("answer", "keys"), [(OF_MEMBER, SENDER), (FIELDS, OF_PUBLIC)])
def test_python_opens_what_the_browser_sealed(form_page: Page, answer: dict[str, Any], keys: dict[str, str]) -> None:
    found = opened(form_page.evaluate(SEAL, [answer, keys]))
    written = f"{found.written:%Y-%m-%dT%H:%M}"
    assert (found.form, found.page, written) == (answer["form"], answer["page"], answer["written"])
    assert (found.member, found.values) == (answer.get("member"), answer["values"])


def test_the_independent_reader_opens_what_the_browser_sealed(form_page: Page) -> None:
    letter = form_page.evaluate(SEAL, [OF_MEMBER, SENDER])
    number, fields = sealed_text.receive(KEY, letter["text"], 2)
    assert number == letter["number"]
    assert {name: value for name, value in fields.items() if name != "id"} == OF_MEMBER


def test_the_browser_writes_the_text_that_python_writes(form_page: Page) -> None:
    letter = form_page.evaluate(SEAL, [OF_MEMBER, SENDER])
    [sealed] = find_answers(letter["text"])
    assert isinstance(sealed, bytes)
    assert written_answer(sealed) == letter["text"]


@pytest.mark.parametrize("count", quick_and_long([30, 300], {30}))
def test_answers_have_ids_of_their_own(form_page: Page, count: int) -> None:
    answers = [{**OF_MEMBER, "values": {"note": "ü" * length}} for length in range(count)]
    letters = form_page.evaluate(SEAL_ALL, [answers, SENDER])
    found = [opened(letter) for letter in letters]
    assert [each.values for each in found] == [answer["values"] for answer in answers]
    assert len({each.id for each in found}) == count


def test_each_size_ends_where_the_specification_says(form_page: Page) -> None:
    rest = len(opened_payload(form_page.evaluate(SEAL, [lettered(0), OF_PUBLIC])))
    edges = {988: 1105, 989: 4177, 4060: 4177, 4061: 16465, 16348: 16465, 16349: None}
    letters = form_page.evaluate(SEAL_ALL, [[lettered(length - rest) for length in edges], OF_PUBLIC])
    found = [sealed for letter in letters for sealed in find_answers(letter["text"]) if isinstance(sealed, bytes)]
    assert [len(sealed) for sealed in found] == [size for size in edges.values() if size]
    assert letters[-1] == {"number": "", "text": ""}


def lettered(length: int) -> dict[str, Any]:
    """Return an answer with a text of so many letters."""
    return {**FIELDS, "values": {"note": "a" * length}}


def opened_payload(letter: dict[str, str]) -> bytes:
    """Return the payload of an answer of nobody, as the browser wrote it."""
    _, fields = sealed_text.receive(KEY, letter["text"])
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def test_characters_that_a_reader_refuses_are_replaced(form_page: Page) -> None:
    half = "() => sealAnswer({...%s, page: 'a\\0b', values: {note: '\\ud83d!', days: ['\\udc00']}}, %s)"
    found = opened(form_page.evaluate(half % (json.dumps(OF_MEMBER), json.dumps(SENDER))))
    assert (found.page, found.values) == ("a\ufffdb", {"note": "\ufffd!", "days": ["\ufffd"]})


def test_a_draft_is_kept_for_its_member_alone_until_it_is_sent(form_page: Page) -> None:
    form_page.fill("[name=q-note]", "A window seat ☕")
    form_page.check("[value=Friday]")
    form_page.check("[value=Cake]")
    values = {"note": "A window seat ☕", "day": "Friday", "with": ["Cake"]}
    assert form_page.evaluate(KEPT, MEMBER_KEY) == {"events/tea": values}
    assert form_page.evaluate(KEPT, b64(bytes(32))) == {}
    assert "window" not in form_page.evaluate("JSON.stringify(localStorage)")
    assert "tea" not in form_page.evaluate("JSON.stringify(localStorage)")
    form_page.evaluate("document.querySelector('form').reset()")
    form_page.evaluate("keepDraft(document.querySelector('form'))")
    assert form_page.evaluate("valuesOf(document.querySelector('form'))") == values
    form_page.evaluate("send(document.querySelector('form'))")
    assert form_page.evaluate(KEPT, MEMBER_KEY) == {}
    assert opened(form_page.evaluate("readOutbox()[0]")).values == values
