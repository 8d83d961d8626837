"""The keys of answers come from the site secret alone, and don't leave the process."""

from __future__ import annotations

import pickle

import pytest

from members_portal.answer.answer_key import AnswerKeys
from members_portal.seal import Secret
from tests.answer.sealed_text import derive, point, private_key
from tests.answer.written import KEY, KEYS


def test_the_keys_are_those_of_the_specification() -> None:
    assert KEYS.public_key == point(private_key(KEY).public_key())
    assert KEYS.member_key("M-1001", 2) == derive(KEY, "answer", "M-1001", "2")[:32]
    assert KEYS.site == derive(KEY, "site")[:16].hex()


def test_the_keys_stay_the_same_and_differ_by_secret_member_and_version() -> None:
    assert AnswerKeys(Secret(KEY)).public_key == KEYS.public_key != AnswerKeys(Secret(bytes(32))).public_key
    assert len({KEYS.member_key(member, version) for member in ("M-1", "M-2") for version in (1, 2)}) == 4


def test_the_keys_are_neither_printed_nor_pickled() -> None:
    assert repr(KEYS) == f"{KEYS}" == "AnswerKeys(…)"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(KEYS)
