"""Access codes: derived from the secret, read in any typed form, checked before any request."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from members_portal.seal import BadCode, access_code, read_code, sign_in_address
from members_portal.seal.key.code_format import ALPHABET, CODE_LENGTH, code_characters, format_code
from tests import independent_reader
from tests.independent_reader import Refused
from tests.long_cases import quick_and_long
from tests.seal.small_site import secret_of

SECRET = secret_of("codes")
CODES = [SECRET.code(f"M-{number}", 1) for number in range(40)]


def refused(characters: str) -> BadCode | None:
    """Return the error for a code, or None; both readers must agree."""
    try:
        independent_reader.read_code(characters)
        accepted = True
    except Refused:
        accepted = False
    try:
        read_code(characters)
    except BadCode as error:
        assert not accepted
        return error
    assert accepted
    return None


def test_a_code_is_nine_groups_of_three() -> None:
    code = access_code(SECRET, "M-1001", 1)
    assert [len(group) for group in code.split("-")] == [3] * 9
    assert set(code) <= set(ALPHABET + "-")


def test_the_first_bit_of_the_material_is_the_first_of_the_code() -> None:
    assert code_characters(bytes(16)) == "0" * 27
    assert code_characters(b"\x80" + bytes(15))[0] == "G"
    assert code_characters(bytes(15) + b"\x08")[:25] == "0" * 24 + "1"
    assert code_characters(bytes(15) + b"\x07") == "0" * 27


def test_member_and_version_make_another_code() -> None:
    codes = {SECRET.code(member, version) for member in ("M-1", "M-2") for version in (1, 2)}
    assert len(codes) == 4


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{lower}",
        "  {code}\n",
        "{characters}",
        "{spaced}",
        "{characters}".replace("0", "O"),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str) -> None:
    characters = CODES[0]
    code = format_code(characters)
    text = typed.format(code=code, lower=code.lower(), characters=characters, spaced=code.replace("-", " "))
    assert read_code(text) == characters


def test_look_alikes_are_read_as_the_digits_they_resemble() -> None:
    characters = next(code for code in CODES if "0" in code and "1" in code)
    for zero in "Oo":
        for one in "IiLl":
            assert read_code(characters.replace("0", zero).replace("1", one)) == characters


@pytest.mark.parametrize("codes", quick_and_long([5, len(CODES)], {5}))
def test_every_single_typo_is_caught_and_named(codes: int) -> None:
    cases = 0
    for code in CODES[:codes]:
        for index in range(CODE_LENGTH):
            for character in set(ALPHABET) - {code[index]}:
                error = refused(code[:index] + character + code[index + 1 :])
                assert error is not None
                assert (error.index, error.group) == (index, index // 3 + 1)
                cases += 1
    print(f"single_typos_caught={cases}")


def test_every_swap_of_two_characters_is_caught() -> None:
    cases = 0
    for code in CODES:
        for left in range(CODE_LENGTH):
            for right in range(left + 1, CODE_LENGTH):
                if code[left] != code[right]:
                    characters = list(code)
                    characters[left], characters[right] = characters[right], characters[left]
                    assert refused("".join(characters))
                    cases += 1
    print(f"swaps_caught={cases}")


@pytest.mark.parametrize("times", quick_and_long([4_000, 20_000], {4_000}))
def test_two_wrong_characters_are_always_caught(times: int) -> None:
    chance = random.Random(1)
    for _ in range(times):
        characters = list(chance.choice(CODES))
        for index in chance.sample(range(CODE_LENGTH), 2):
            characters[index] = chance.choice(ALPHABET.replace(characters[index], ""))
        assert refused("".join(characters))


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("", None),
        ("0" * 26, None),
        ("0" * 28, None),
        ("000-U00-000-000-000-000-000-000-000", 3),
        ("0" * 26 + "\0", 26),
        ("0" * 26 + "ſ", 26),
        ("0" * 26 + "٠", 26),
    ],
)
def test_what_is_no_code_is_refused(text: str, index: int | None) -> None:
    with pytest.raises(BadCode) as caught:
        read_code(text)
    assert caught.value.index == index


def test_the_refusal_never_repeats_the_code() -> None:
    for index in range(CODE_LENGTH):
        code = CODES[1]
        error = refused(code[:index] + ALPHABET[ALPHABET.index(code[index]) ^ 1] + code[index + 1 :])
        assert error
        assert not any(code[i:j] in str(error) for i, j in pairwise(range(0, CODE_LENGTH, 3)))


def test_the_sign_in_address_keeps_the_code_out_of_the_request() -> None:
    code = access_code(SECRET, "M-1001", 1)
    for root in ("https://lantern.example/club", "https://lantern.example/club/"):
        assert sign_in_address(root, code) == f"https://lantern.example/club/#{code}"
