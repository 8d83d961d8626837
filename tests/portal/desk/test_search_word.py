"""Names as they are searched. tests/site/test_desk.py compares the twin in JavaScript."""

from __future__ import annotations

import pytest

from members_portal.portal.desk.search_word import folded_name, initials_of

FOLDED = {
    "Ingebjørg Sætre-Ødegård": "ingebjorg saetre odegard",
    "Ruairí O'Dwyer": "ruairi odwyer",
    "Gülşah Işıkoğlu": "gulsah isikoglu",
    "Grzegorz Chrząstowicz-Ściborski": "grzegorz chrzastowicz sciborski",
    "Þórdís Eyþórsdóttir": "thordis eythorsdottir",
    "Đặng Thị Phượng": "dang thi phuong",
    "M-1001": "m 1001",
    "欧阳": "欧阳",
    "Bea & Tom": "bea tom",
    "İpek": "ipek",
}


@pytest.mark.parametrize("name", FOLDED)
def test_a_name_is_found_without_accents_and_capitals(name: str) -> None:
    assert folded_name(name) == FOLDED[name]


def test_a_member_is_in_the_bucket_of_each_word() -> None:
    assert initials_of(["Ruairí O'Dwyer", "M-1002"]) == {"r", "o", "m", "1"}
