"""Words without markup: superscripts and subscripts as characters, and the salutation of a letter."""

LONGEST_SALUTATION = 60  # characters
COMMAS = (",", "،", "，", "、")  # Latin, Arabic, Chinese

_SIGNS = "0123456789+-=()"
_RAISED = str.maketrans(_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans(_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def is_salutation(words: str) -> bool:
    """Tell whether the first paragraph of a letter is a salutation: short, with a comma at its end."""
    return len(words) <= LONGEST_SALUTATION and words.endswith(COMMAS)


def raised(words: str) -> str:
    """Return a superscript of digits as characters of its own (`m²`), any other unchanged (`20th`)."""
    return _shifted(words, _RAISED)


def lowered(words: str) -> str:
    """Return a subscript of digits as characters of its own (`H₂O`), any other unchanged."""
    return _shifted(words, _LOWERED)


def _shifted(words: str, signs: dict[int, int]) -> str:
    return words.translate(signs) if all(ord(sign) in signs for sign in words) else words
