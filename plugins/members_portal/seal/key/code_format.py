"""Access codes: 25 data characters that carry the key, and 2 check characters that detect typing errors offline."""

from __future__ import annotations

from members_portal.seal.seal_error import BadCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
CODE_LENGTH = 27  # characters
DATA_LENGTH = 25  # characters; 5 bits each
LOOK_ALIKES = str.maketrans("OIL", "011", " -")
VALUES = {character: value for value, character in enumerate(ALPHABET)}


def _powers() -> tuple[int, ...]:
    """Return a^0 … a^30 in GF(32) with the polynomial x^5 + x^2 + 1 and a = 2."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 32 else doubled)
    return tuple(powers)


POWERS = _powers()
LOGARITHMS = {power: exponent for exponent, power in enumerate(POWERS)}


def _times(left: int, right: int) -> int:
    return POWERS[(LOGARITHMS[left] + LOGARITHMS[right]) % 31] if left and right else 0


# Both check sums in one number, `first << 5 | second`: WEIGHTS[i][c] is the term of character i with value c.
WEIGHTS = tuple(tuple(c << 5 | _times(POWERS[i], c) for c in range(32)) for i in range(CODE_LENGTH))


def _check_characters() -> tuple[str, ...]:
    """Return the two check characters by the pair of sums that they cancel."""
    characters = [""] * 1024
    for left in range(32):
        for right in range(32):
            characters[WEIGHTS[25][left] ^ WEIGHTS[26][right]] = ALPHABET[left] + ALPHABET[right]
    return tuple(characters)


CHECK_CHARACTERS = _check_characters()
# The same tables for two characters at once: a million codes take half the time.
PAIRS = tuple(left + right for left in ALPHABET for right in ALPHABET)
PAIR_WEIGHTS = tuple(
    tuple(left ^ right for left in WEIGHTS[i] for right in WEIGHTS[i + 1]) for i in range(0, DATA_LENGTH - 1, 2)
)
PAIR_SHIFTS = tuple(range(5 * (DATA_LENGTH - 2), 0, -10))


def code_characters(material: bytes) -> str:
    """Return the 27 characters of a code from the first 125 bits of key material."""
    bits = int.from_bytes(material[:16], "big") >> 3
    pairs = [bits >> shift & 1023 for shift in PAIR_SHIFTS]
    last = bits & 31
    sums = WEIGHTS[DATA_LENGTH - 1][last]
    for weight, pair in zip(PAIR_WEIGHTS, pairs, strict=True):
        sums ^= weight[pair]
    return "".join([PAIRS[pair] for pair in pairs]) + ALPHABET[last] + CHECK_CHARACTERS[sums]


def format_code(characters: str) -> str:
    """Return a code in its written form: nine groups of three characters, joined by hyphens."""
    return "-".join(characters[start : start + 3] for start in range(0, CODE_LENGTH, 3))


def read_code(text: str) -> str:
    """Return the 27 characters of a typed code; raise BadCode for a text that is not an access code."""
    characters = normalise(text)
    check_code(characters)
    return characters


def normalise(text: str) -> str:
    """Remove spaces and hyphens, convert to upper case, and read O as 0, I and L as 1."""
    # Only ASCII: upper() would also convert letters of other scripts into characters of the alphabet.
    return "".join(text.split()).translate(_UPPER_CASE).translate(LOOK_ALIKES)


_UPPER_CASE = {ord("a") + n: ord("A") + n for n in range(26)}


def check_code(characters: str) -> None:
    """Raise BadCode unless both check sums are zero; a single wrong character is located."""
    for index, character in enumerate(characters):
        if character not in VALUES:
            raise BadCode("an access code holds only digits and letters, and no U", index)
    if len(characters) != CODE_LENGTH:
        raise BadCode(f"an access code has {CODE_LENGTH} characters, this has {len(characters)}")
    sums = 0
    for weight, character in zip(WEIGHTS, characters, strict=True):
        sums ^= weight[VALUES[character]]
    if sums:
        raise BadCode("this access code is mistyped", _wrong_character(sums >> 5, sums & 31))


def _wrong_character(first: int, second: int) -> int | None:
    """Return the index of a single wrong character: a^i = second / first; None if more than one is wrong."""
    if not (first and second):
        return None
    index = (LOGARITHMS[second] - LOGARITHMS[first]) % 31
    return index if index < CODE_LENGTH else None
