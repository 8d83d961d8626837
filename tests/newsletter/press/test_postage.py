"""What letters weigh, and what that costs them."""

import pytest

from members_portal.newsletter.press.postage import LETTER, LETTER_BANDS, Stock, WeightBand, weight_class
from members_portal.newsletter.print_error import PrintError


@pytest.mark.parametrize(
    ("stock", "sheets", "grams"),
    [
        (Stock(), 1, 12),  # 6.24 g of paper in 5 g of envelope
        (Stock(), 4, 30),
        (Stock(grammage=80), 3, 20),  # 14.97 + 5
        (Stock(envelope=0, grammage=1000 / 6.237), 1, 10),  # exactly
        (Stock(paper=LETTER, grammage=90), 4, 27),
    ],
)
def test_a_letter_weighs_what_its_paper_and_envelope_do(stock: Stock, sheets: int, grams: int) -> None:
    assert stock.grams(sheets) == grams


@pytest.mark.parametrize(("grams", "name"), [(1, "to 20 g"), (20, "to 20 g"), (21, "to 50 g"), (100, "to 100 g")])
def test_a_letter_goes_in_the_lightest_band_that_bears_it(grams: int, name: str) -> None:
    assert weight_class(grams) == name


def test_a_letter_that_no_band_bears_is_an_error() -> None:
    with pytest.raises(PrintError, match="a letter weighs 101 g, and the post's heaviest band ends at 100 g"):
        weight_class(101)
    assert weight_class(101, [*LETTER_BANDS, WeightBand("to 500 g", 500)]) == "to 500 g"
