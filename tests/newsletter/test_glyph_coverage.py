"""Characters that no font can print: fonts of the theme, fonts of the machine, characters without ink."""

import pytest

from members_portal.newsletter.glyph_coverage import GlyphCoverage, described
from tests.newsletter import planners

COVERAGE = GlyphCoverage(path for _, path in planners.fonts())


@pytest.mark.parametrize(
    "text",
    ["Zoë Ọlá ọ́ Łódź", "अमृता क्षत्रिय", "ਗੁਰਪ੍ਰੀਤ", "ක්\u200dරිස්තු", "欧阳静怡", "نور", "a\u00ad\u200b\ufe0fb\n"],
    ids=["Latin", "Devanagari", "Gurmukhi", "Sinhala", "Chinese", "Arabic", "without ink"],
)
def test_characters_of_fonts_are_printable(text: str) -> None:
    assert COVERAGE.missing(text) == ""


def test_characters_without_a_font_are_named_once() -> None:
    assert COVERAGE.missing("a\ufdd0b\ufdd0\ue999c") == "\ufdd0\ue999"


def test_control_characters_have_no_glyph_but_spaces_need_none() -> None:
    assert COVERAGE.missing("a\0\t\n\r\x0b\x0c\x85\u2028\u200d") == ""
    assert COVERAGE.missing("a\x07\x1b\x7f\x9d\ufff9") == "\x07\x1b\x7f\x9d\ufff9"


def test_without_a_font_of_the_theme_those_of_the_machine_count() -> None:
    assert GlyphCoverage([]).missing("अ") == ""


def test_a_character_is_described_by_its_number_and_name() -> None:
    assert described("🎈\ufdd0\x07") == "`🎈` (U+1F388 BALLOON), `\ufdd0` (U+FDD0), U+0007"
