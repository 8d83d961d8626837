"""members/README.md documents every key of the member data, and no key that isn't there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from members_portal.loyalty.input.schema import Record
from members_portal.loyalty.ledger import ledger_rule
from members_portal.loyalty.member import member_table
from members_portal.loyalty.member.member import Address, Member
from members_portal.loyalty.programme.cause import Cause
from members_portal.loyalty.programme.earning import Cap, EarningRule, Multiplier, Points, Validity
from members_portal.loyalty.programme.programme import AccountManager, Programme, StaffEdition, Tier
from members_portal.loyalty.programme.qualifying import Qualifying, Rebate, RebateBand
from members_portal.loyalty.programme.segment import Joined, Segment, SpendRange
from members_portal.loyalty.programme.shown_years import ShownYears
from members_portal.newsletter.post.address_window import WINDOWS
from members_portal.newsletter.post.postal_address import FORMS, PLACE_LAST
from members_portal.source.shop.mapping import ShopRecord

README = (Path(__file__).parent.parent / "members" / "README.md").read_text("utf-8")
TABLES: dict[str, type[Record]] = {  # heading: the record its table is about
    "programme.yaml": Programme,
    "Each entry of `tiers`": Tier,
    "`staff`": StaffEdition,
    "Each entry of `account managers`": AccountManager,
    "`points`": Points,
    "`statement`": ShownYears,
    "`valid`": Validity,
    "Each entry of `earning`": EarningRule,
    "`cap`": Cap,
    "Each entry of `multipliers`": Multiplier,
    "`qualifying`": Qualifying,
    "`rebate`": Rebate,
    "Each entry of `bands`": RebateBand,
    "Each entry of `segments`": Segment,
    "`spend`": SpendRange,
    "`joined`": Joined,
    "Each entry of `causes`": Cause,
    "members.yaml": Member,
    "`address`": Address,
    "shop.yaml": ShopRecord,
}

COLUMNS = {  # heading: the columns its table is about
    "Columns of `members.csv` and `portal_members`": member_table.MEMBER_COLUMNS,
    "Columns of the ledger": (*ledger_rule.LEDGER_COLUMNS, "line"),
}


def rows(heading: str) -> list[list[str]]:
    """Read the cells of the table below a heading."""
    section = re.split(r"^#+ ", README, flags=re.MULTILINE)
    (body,) = [part.partition("\n")[2] for part in section if part.partition("\n")[0].strip() == heading]
    lines = [line for line in body.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def keys_of(record: type[Record]) -> dict[str, bool]:
    """Map a record's keys, as an editor writes them, to whether they are required."""
    return {key_of(name, info): info.is_required() for name, info in record.model_fields.items()}


def key_of(name: str, info: FieldInfo) -> str:
    """Give a field's key; `from_` is written `from`."""
    return (info.alias or name).replace("_", " ")


def written(value: object) -> str:
    """Write a default as an editor would: `[purchase]`, `01-01`."""
    if isinstance(value, tuple):
        return "-".join(f"{part:02}" for part in value) if isinstance(value[0], int) else f"[{', '.join(value)}]"
    return str(value).lower()


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_names_every_key_once_and_no_other(heading: str) -> None:
    named = [row[0].strip("`") for row in rows(heading)]
    assert sorted(named) == sorted(keys_of(TABLES[heading]))


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_says_truly_what_is_required(heading: str) -> None:
    said = {row[0].strip("`"): row[2].startswith("yes") for row in rows(heading)}
    assert said == keys_of(TABLES[heading])


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_says_truly_what_is_taken_when_a_key_is_left_out(heading: str) -> None:
    for row in rows(heading):
        if default := re.fullmatch(r"no \(`(.*)`\)", row[2]):
            (info,) = [
                info for name, info in TABLES[heading].model_fields.items() if key_of(name, info) == row[0].strip("`")
            ]
            assert written(info.default) == default[1].lower(), row[0]


def test_there_is_no_table_about_anything_else() -> None:
    headings = [line.lstrip("# ") for line in README.splitlines() if line.startswith("#")]
    assert [heading for heading in headings if rows(heading)] == [*TABLES, *COLUMNS]


@pytest.mark.parametrize("heading", COLUMNS)
def test_a_table_of_columns_names_each_once_and_no_other(heading: str) -> None:
    named = [name for row in rows(heading) for name in re.findall(r"`([a-z_]+)`", row[0])]
    assert sorted(named) == sorted(COLUMNS[heading])


def below_lines(form: str) -> str:
    """Say in words where a country's post wants the place; of Hungary's form, which goes round the lines, nothing."""
    text = form.removeprefix("{lines}\n").replace("\n", " / ").translate(str.maketrans("", "", "{}"))
    if "lines" in text:
        return ""
    return text.replace("  ", " ") + ", with two spaces between" * ("  " in text)


def test_it_says_in_which_form_each_countrys_addresses_are_printed() -> None:
    table = README.partition("| Countries | Below `lines` |\n")[2].partition("\n\n")[0]
    said = dict(row.strip("| ").split(" | ") for row in table.splitlines()[1:])
    assert set(said) == {*FORMS.values(), "all others"}
    forms = {countries: form for form, countries in FORMS.items()} | {"all others": PLACE_LAST}
    assert {countries: text for countries, text in said.items() if below_lines(forms[countries])} == {
        countries: below_lines(form) for countries, form in forms.items() if below_lines(form)
    }


def test_it_says_how_much_a_window_holds() -> None:
    said = re.findall(r"A window holds six lines of (\d+) mm \(US #10: five of (\d+) mm\)", README)
    lines = {name: window.lines for name, window in WINDOWS.items()}
    assert lines == {"DIN 5008 B": 6, "US #10": 5, "UK DL": 6}
    metric = min(window.recipient.width for window in WINDOWS.values() if window.lines == 6)
    assert said == [(str(int(metric)), str(int(WINDOWS["US #10"].recipient.width)))]
