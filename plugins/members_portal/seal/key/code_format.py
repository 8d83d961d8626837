"""Access codes: 25 letters that are the key, 2 that notice a slip of the pen before any request is made."""

from __future__ import annotations

from members_portal.seal.seal_error import BadCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
LENGTH = 27
CARRYING = 25  # letters; 5 bits each
LOOK_ALIKES = str.maketrans("OIL", "011", " -")
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def _powers() -> tuple[int, ...]:
    """List a^0 … a^30 in GF(32) with x^5 + x^2 + 1 and a = 2."""
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 32 else doubled)
    return tuple(powers)


POWERS = _powers()
LOGARITHMS = {power: exponent for exponent, power in enumerate(POWERS)}


def _times(left: int, right: int) -> int:
    return POWERS[(LOGARITHMS[left] + LOGARITHMS[right]) % 31] if left and right else 0


# Both sums in one number, `first << 5 | second`: WEIGHTS[i][c] is what letter i of value c adds to them.
WEIGHTS = tuple(tuple(c << 5 | _times(POWERS[i], c) for c in range(32)) for i in range(LENGTH))


def _check_letters() -> tuple[str, ...]:
    """List the two letters that bring each pair of sums back to zero."""
    letters = [""] * 1024
    for left in range(32):
        for right in range(32):
            letters[WEIGHTS[25][left] ^ WEIGHTS[26][right]] = ALPHABET[left] + ALPHABET[right]
    return tuple(letters)


CHECK_LETTERS = _check_letters()
# The same by two letters at once, which halves the time a million codes take.
PAIRS = tuple(left + right for left in ALPHABET for right in ALPHABET)
PAIR_WEIGHTS = tuple(
    tuple(left ^ right for left in WEIGHTS[i] for right in WEIGHTS[i + 1]) for i in range(0, CARRYING - 1, 2)
)
PAIR_SHIFTS = tuple(range(5 * (CARRYING - 2), 0, -10))


def code_letters(material: bytes) -> str:
    """Make the 27 letters of a code from the first 125 bits of key material."""
    bits = int.from_bytes(material[:16], "big") >> 3
    pairs = [bits >> shift & 1023 for shift in PAIR_SHIFTS]
    last = bits & 31
    sums = WEIGHTS[CARRYING - 1][last]
    for weight, pair in zip(PAIR_WEIGHTS, pairs, strict=True):
        sums ^= weight[pair]
    return "".join([PAIRS[pair] for pair in pairs]) + ALPHABET[last] + CHECK_LETTERS[sums]


def format_code(letters: str) -> str:
    """Write a code as people see it: nine groups of three."""
    return "-".join(letters[start : start + 3] for start in range(0, LENGTH, 3))


def read_code(text: str) -> str:
    """Read a code as people write it into its 27 letters; refuse what cannot be a code."""
    letters = normalise(text)
    check(letters)
    return letters


def normalise(text: str) -> str:
    """Remove spaces and hyphens, raise case, and read O as 0, I and L as 1."""
    # Only ASCII is raised: upper() would also turn other scripts' letters into ours.
    return "".join(text.split()).translate(_RAISED).translate(LOOK_ALIKES)


_RAISED = {ord("a") + n: ord("A") + n for n in range(26)}


def check(letters: str) -> None:
    """Refuse letters that are no code, naming the one wrong letter where that is certain."""
    for index, letter in enumerate(letters):
        if letter not in VALUES:
            raise BadCode("an access code holds only digits and letters, and no U", index)
    if len(letters) != LENGTH:
        raise BadCode(f"an access code has {LENGTH} letters, this has {len(letters)}")
    sums = 0
    for weight, letter in zip(WEIGHTS, letters, strict=True):
        sums ^= weight[VALUES[letter]]
    if sums:
        raise BadCode("this access code is mistyped", _wrong_letter(sums >> 5, sums & 31))


def _wrong_letter(first: int, second: int) -> int | None:
    """Solve for the place of a single wrong letter: a^i = second / first."""
    if not (first and second):
        return None
    index = (LOGARITHMS[second] - LOGARITHMS[first]) % 31
    return index if index < LENGTH else None
