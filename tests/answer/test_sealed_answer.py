"""Answers are sealed and opened as docs/answers.md says; any other message is refused."""

from __future__ import annotations

import random
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from members_portal.answer.answer import read_payload
from members_portal.answer.answer_error import BadAnswer, LongAnswer
from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.answer_text import find_answers, written_answer
from members_portal.answer.sealed_answer import SEALED_SIZES, open_answer, seal_answer
from members_portal.seal import Secret
from tests.answer import sealed_text
from tests.answer.hpke_vector import load_hpke_vector
from tests.answer.written import KEY, KEYS, OF_MAYA, OF_NOBODY, payload, sealed, version_of
from tests.long_cases import quick_and_long

DAMAGED = "it was damaged on its way, or sealed to another portal"
fromhex = bytes.fromhex
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def sealed_plaintext(plaintext: bytes) -> bytes:
    """Seal a plaintext of any form to the publisher."""
    return SUITE.encrypt(plaintext, KEYS.private_key().public_key(), sealed_text.label(KEY))


def refusal(message: bytes, keys: AnswerKeys = KEYS) -> str:
    """Return the reason why a message is refused."""
    with pytest.raises(BadAnswer) as refused:
        open_answer(message, keys, version_of)
    return refused.value.reason


def test_the_vector_of_rfc_9180_is_written_and_read() -> None:
    fields = load_hpke_vector()
    first = {name: fromhex(text) for name, text in fields["encryptions"][0].items()}
    info = fromhex(fields["info"])
    receiver, ephemeral = (ec.derive_private_key(int(fields[name], 16), ec.SECP256R1()) for name in ("skRm", "skEm"))
    key, nonce = sealed_text.cipher(
        ephemeral.exchange(ec.ECDH(), receiver.public_key()), fromhex(fields["enc"]), fromhex(fields["pkRm"]), info
    )
    assert (key.hex(), nonce.hex()) == (fields["key"], fields["base_nonce"])
    message = fromhex(fields["enc"]) + first["ct"]
    assert openssl.hpke._decrypt_with_aad(SUITE, message, receiver, info, first["aad"]) == first["pt"]
    message = sealed_text.seal(first["pt"], fromhex(fields["pkRm"]), info, ephemeral)
    assert SUITE.decrypt(message, receiver, info) == first["pt"]


@pytest.mark.parametrize(
    ("length", "size"), [(0, 1105), (988, 1105), (989, 4177), (4060, 4177), (4061, 16465), (16348, 16465)]
)
def test_a_sealed_answer_has_the_smallest_size_that_fits(length: int, size: int) -> None:
    message = seal_answer(b"x" * length, None, KEYS.public_key, KEYS.site)
    assert len(message) == size
    assert size in SEALED_SIZES


def test_a_larger_answer_is_not_sealed() -> None:
    with pytest.raises(LongAnswer, match="an answer of 16349 bytes; at most 16348 can be sealed"):
        seal_answer(b"x" * 16349, None, KEYS.public_key, KEYS.site)


@pytest.mark.parametrize(("fields", "member"), [(OF_MAYA, "M-1001"), (OF_NOBODY, None)])
def test_an_answer_that_was_sealed_is_opened(fields: dict[str, Any], member: str | None) -> None:
    written = payload(fields)
    assert open_answer(sealed(written, member), KEYS, version_of) == read_payload(written)


def test_no_two_sealed_answers_are_equal() -> None:
    assert sealed(payload()) != sealed(payload())


@pytest.mark.parametrize("fields", [OF_MAYA, OF_NOBODY, {**OF_MAYA, "values": {"note": "word " * 3000}}])
def test_the_independent_reader_and_sender_agree(fields: dict[str, Any]) -> None:
    [message] = find_answers(sealed_text.send(KEY, fields, 2))
    assert isinstance(message, bytes)
    found = open_answer(message, KEYS, version_of)
    assert (found.values, found.member) == (fields["values"], fields.get("member"))
    text = written_answer(sealed(payload(fields), fields.get("member")))
    assert sealed_text.receive(KEY, text, 2) == (found.number, fields)


@pytest.mark.parametrize("size", [0, 64, 1104, 1106, 4176, 16464, 16466, 1_000_000])
def test_another_size_is_refused(size: int) -> None:
    assert refusal(bytes(size)) == f"{size} bytes; a sealed answer has 1105, 4177, 16465"


def test_an_answer_to_another_portal_is_refused() -> None:
    other = AnswerKeys(Secret(bytes(32)))
    assert refusal(sealed(payload()), other) == DAMAGED
    relabelled = sealed_text.seal(bytes(1024), KEYS.public_key, b"portal-answer/1\0" + other.site.encode())
    assert refusal(relabelled) == DAMAGED


@pytest.mark.parametrize("first", [b"\4" + b"\0" * 64, b"\4" + b"\xff" * 64, b"\0" * 65, b"\2", b"\3", b"\6"])
def test_a_point_that_is_not_on_the_curve_is_refused(first: bytes) -> None:
    message = sealed(payload())
    assert refusal(first + message[len(first) :]) == DAMAGED


@pytest.mark.parametrize("step", quick_and_long([7, 1], {7}))
def test_every_bit_of_a_message_counts(step: int) -> None:
    message = sealed(payload())
    for bit in range(0, len(message) * 8, step):
        changed = bytearray(message)
        changed[bit // 8] ^= 1 << bit % 8
        assert refusal(bytes(changed)) == DAMAGED, bit


@pytest.mark.parametrize("count", quick_and_long([1_000, 10_000], {1_000}))
def test_plaintexts_that_were_changed_are_refused(count: int) -> None:
    chance = random.Random(7)
    text = payload()
    whole = sealed_text.tag(KEY, "M-1001", 2, text) + len(text).to_bytes(4, "big") + text
    whole += bytes(1024 - len(whole))
    for _ in range(count):
        changed = bytearray(whole)
        changed[chance.randrange(1024)] ^= chance.randint(1, 255)
        assert refusal(sealed_plaintext(bytes(changed)))


@pytest.mark.parametrize(
    ("length", "rest", "reason"),
    [
        (989, b"", "the length of the payload exceeds the plaintext"),
        (2**32 - 1, b"", "the length of the payload exceeds the plaintext"),
        (0, b"\1", "the padding isn't zero"),
        (987, bytes(987) + b"\1", "the padding isn't zero"),
        (0, b"", "the payload isn't JSON in UTF-8 with each key once"),
        (988, b"", "the payload isn't JSON in UTF-8 with each key once"),
    ],
)
def test_another_length_or_padding_is_refused(length: int, rest: bytes, reason: str) -> None:
    plaintext = bytes(32) + length.to_bytes(4, "big") + rest
    assert refusal(sealed_plaintext(plaintext.ljust(1024, b"\0"))) == reason


@pytest.mark.parametrize(
    ("written", "member", "version", "reason"),
    [
        (payload(), "M-1002", 1, "the tag isn't that of the present code"),
        (payload(), "M-1001", 1, "the tag isn't that of the present code"),
        (payload(), "M-1001", 3, "the tag isn't that of the present code"),
        (payload(), None, 0, "the tag isn't that of the present code"),
        (payload(member=...), "M-1001", 2, "a tag without a member"),
        (payload(member="M-1009"), "M-1009", 1, "the member is unknown"),
        (payload(member=""), None, 0, "the member is unknown"),
    ],
)
def test_nobody_answers_for_another(written: bytes, member: str | None, version: int, reason: str) -> None:
    assert refusal(sealed(written, member, version)) == reason


def test_a_tag_does_not_fit_another_answer() -> None:
    tag = sealed_text.tag(KEY, "M-1001", 2, payload())
    other = payload(values={"persons": "9"})
    plaintext = tag + len(other).to_bytes(4, "big") + other
    assert refusal(sealed_plaintext(plaintext.ljust(1024, b"\0"))) == "the tag isn't that of the present code"
