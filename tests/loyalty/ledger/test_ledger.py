"""The ledger: the same lines from every reader, every problem with its place, and the order of the days."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.ledger.ledger import MOST_LINES_SHOWN, ledger_of, load_ledger
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_note import MOST_NOTES
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED, LINE_KINDS
from members_portal.loyalty.programme.programme import Programme
from tests.examples import examples
from tests.long_cases import quick_first
from tests.loyalty.small_club import PROGRAMME, programme_of

TODAY = date(2026, 11, 20)
HEADER = "date,member,kind,amount,currency,points,reference,tags"


def read(file: Path, programme: Programme, threads: int = 2, *, ids: Sequence[str] | None = ("M-1",)) -> list[Any]:
    """Read a CSV file; return its lines."""
    con = duckdb.connect()
    con.execute(f"set threads = {threads}")
    load_ledger(CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED), programme, ids, TODAY, con)
    return con.execute("select * from line order by n").fetchall()


def ledger_in(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a CSV file."""
    file = folder / "ledger.csv"
    file.write_text("".join(f"{row}\n" for row in (header, *rows)), "utf-8")
    return file


def wrong(file: Path, programme: Programme) -> list[str]:
    """Read a CSV file and return its problems, without its name."""
    with pytest.raises(InvalidInput) as caught:
        read(file, programme)
    return [str(problem).partition("ledger.csv:")[2].strip() for problem in caught.value.problems]


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """The small club with exchange rates for pounds and yen."""
    return programme_of(tmp_path, PROGRAMME + "exchange rates: {GBP: 1.1725, JPY: 0.0061}\n")


def test_a_header_alone_is_an_empty_ledger(tmp_path: Path, programme: Programme) -> None:
    assert read(ledger_in(tmp_path), programme) == []


def test_columns_stand_in_any_order_and_most_may_be_left_out(tmp_path: Path, programme: Programme) -> None:
    file = ledger_in(tmp_path, "event; 2026-01-02 ;M-1", header="\ufeffKIND; Date;MEMBER")
    assert read(file, programme) == [(1, "M-1", date(2026, 1, 2), "event", None, None, None, None, [])]


def test_lines_in_a_currency_that_has_ended_keep_their_rate(tmp_path: Path) -> None:
    programme = programme_of(tmp_path, PROGRAMME + "exchange rates: {BGN: 0.5113, HRK: 0.1327, BYR: 0.0001}\n")
    bought = [("100.05", "BGN"), ("10.00", "HRK"), ("12345", "BYR")]
    file = ledger_in(tmp_path, *(f"2025-01-02,M-1,purchase,{amount},{code},,," for amount, code in bought))
    assert sorted(row[4] for row in read(file, programme)) == [123, 133, 5116]
    file = ledger_in(tmp_path, "2025-01-02,M-1,purchase,12.5,BYR,,,")
    assert wrong(file, programme) == ["2:25: amount: more decimals than BYR has, expected a whole number"]


@pytest.mark.parametrize("folder", ["plain", "[read by Python]"])
def test_texts_that_a_spreadsheet_states_as_formulas_are_read(
    tmp_path: Path, programme: Programme, folder: str
) -> None:
    (tmp_path / folder).mkdir()
    rows = ['2026-01-02,"=""M-1""",purchase,5,,,"=""0012""",', "2026-01-03,M-1,refund,5,,,0012,"]
    assert [(row[1], row[6]) for row in read(ledger_in(tmp_path / folder, *rows), programme)] == [("M-1", "0012")] * 2
    rows[0] = rows[0].replace("M-1", "M-9")
    assert wrong(ledger_in(tmp_path / folder, *rows), programme)[0].startswith("2:12: unknown member `M-9`")


def test_tags_are_words_between_any_number_of_spaces(tmp_path: Path, programme: Programme) -> None:
    file = ledger_in(tmp_path, "2026-01-02,M-1,event,,,,,  beans   decaf ")
    assert read(file, programme)[0][-1] == ["beans", "decaf"]


def test_lines_are_in_the_order_of_days_then_of_their_references(tmp_path: Path, programme: Programme) -> None:
    days = ["2026-01-02", "2026-01-01", "2026-01-02", "2026-01-01"]
    file = ledger_in(tmp_path, *(f"{day},M-1,event,,,,{number}," for number, day in enumerate(days)))
    assert [(row[0], row[6]) for row in read(file, programme)] == [(1, "1"), (2, "3"), (3, "0"), (4, "2")]


ONE_DAY = [  # in the order of RULES.md, "Words"
    "2026-01-02,M-1,purchase,2,,,A,,",
    "2026-01-02,M-1,purchase,10,,,A,,",
    "2026-01-02,M-1,purchase,1,,,B,1,",
    "2026-01-02,M-1,purchase,1,,,B,2,",
    "2026-01-02,M-1,purchase,1,,,B,,a",
    "2026-01-02,M-1,purchase,1,,,B,,b",
    "2026-01-02,M-1,purchase,1,,,,,",
    "2026-01-02,M-1,review,,,,,,",
    "2026-01-02,M-1,birthday,,,,,,",
    "2026-01-02,M-1,adjustment,,,5,,,",
    "2026-01-02,M-1,refund,1,,,B,,",
    "2026-01-02,M-1,redemption,,,3,,,",
    "2026-01-02,M-1,redemption,,,4,,,",
    "2026-01-02,M-1,adjustment,,,-5,,,",
]


@given(st.permutations(ONE_DAY))
@settings(max_examples=examples(3, 100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(ONE_DAY[::-1])
def test_the_order_of_the_file_changes_nothing(tmp_path: Path, programme: Programme, rows: list[str]) -> None:
    header = "date,member,kind,amount,currency,points,reference,item,tags"
    found = read(ledger_in(tmp_path, *rows, header=header), programme)
    assert [tuple(row[3:]) for row in found] == [
        (
            kind,
            round(float(amount) * 100) if amount else None,
            int(points) if points else None,
            reference or None,
            item or None,
            tags.split(),
        )
        for _, _, kind, amount, _, points, reference, item, tags in (row.split(",") for row in ONE_DAY)
    ]


@pytest.mark.long
@pytest.mark.parametrize("threads", [1, 4])
def test_a_large_file_is_read_in_its_order_by_any_number_of_threads(
    tmp_path: Path, programme: Programme, threads: int
) -> None:
    numbers, long = range(150_000), "x" * 220  # more than DuckDB gives one thread to read
    rows = (f'2026-01-02,M-1,purchase,{number / 100:.2f},,,{number:06},"a\nb {long}"' for number in numbers)
    lines = read(ledger_in(tmp_path, *rows), programme, threads)
    found = [(n - 1, minor, reference) for n, _, _, _, minor, _, reference, _, _ in lines]
    assert found == [(number, number, f"{number:06}") for number in numbers]


@given(
    cents=st.integers(0, 10**14 - 1),
    rate=st.decimals("0.0001", "999999999", places=4),
    digits=st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3)]),
)
@settings(max_examples=examples(8, 200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(cents=50, rate=Decimal("1.17"), digits=("EUR", 2))
@example(cents=10**14 - 1, rate=Decimal("999.9999"), digits=("KWD", 3))
def test_money_is_converted_exactly_and_halves_go_up(
    tmp_path: Path, cents: int, rate: Decimal, digits: tuple[str, int]
) -> None:
    currency, places = digits
    amount = Decimal(cents) / 100
    exact = (amount * rate).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).scaleb(places)
    if exact < 2**63:
        rules = programme_of(tmp_path, PROGRAMME + f"currency: {currency}\nexchange rates: {{USD: {rate:f}}}\n")
        assert read(ledger_in(tmp_path, f"2026-01-02,M-1,purchase,{amount:f},USD,,,"), rules)[0][4] == int(exact)


def test_noughts_after_the_last_decimal_are_no_decimals(tmp_path: Path, programme: Programme) -> None:
    file = ledger_in(tmp_path, f"2026-01-02,M-1,purchase,0.01{'0' * 30},,,,", "2026-01-02,M-1,purchase,7.0,JPY,,,")
    assert [row[4] for row in read(file, programme)] == [1, 4]


def test_an_amount_that_no_currency_holds_is_refused(tmp_path: Path) -> None:
    rules = programme_of(tmp_path, PROGRAMME + "exchange rates: {USD: 999999999}\n")
    file = ledger_in(tmp_path, "2026-01-02,M-1,purchase,999999999999.99,USD,,,")
    assert wrong(file, rules) == ["2:25: amount: the value doesn't fit, expected an amount such as 12.50"]


def test_a_day_after_the_one_asked_about_is_no_mistake_and_one_after_today_is(
    tmp_path: Path, programme: Programme
) -> None:
    file = ledger_in(tmp_path, f"{TODAY},M-1,event,,,,,", "2026-11-21,M-1,event,,,,,")
    assert wrong(file, programme) == ["3:1: the date lies in the future, expected today, or a day before"]


def test_without_members_nobody_is_unknown(tmp_path: Path, programme: Programme) -> None:
    assert len(read(ledger_in(tmp_path, "2026-01-02,M-9,event,,,,,"), programme, ids=None)) == 1


def test_lines_of_a_former_number_belong_to_the_member_of_the_present_one(tmp_path: Path, programme: Programme) -> None:
    rows = [f"2026-01-0{day},{member},event,,,,,," for day, member in enumerate(("M-1", "M-12", "M-40", "M-2"), 1)]
    con, former = duckdb.connect(), {"M-12": "M-1", "M-40": "M-1"}
    source = CsvLedger(ledger_in(tmp_path, *rows), LEDGER_COLUMNS, LEDGER_REQUIRED)
    load_ledger(source, programme, ["M-1", "M-2"], TODAY, con, former)
    assert con.execute("select member from line order by n").fetchall() == [("M-1",), ("M-1",), ("M-1",), ("M-2",)]


def test_of_very_many_problems_the_first_are_shown_and_all_are_counted(tmp_path: Path, programme: Programme) -> None:
    pairs = (("2026-01-02,M-1,event,,,,,", f"2026-01-02,M-{member},sale,,,,,") for member in range(9, 1_009))
    file = ledger_in(tmp_path, *chain.from_iterable(pairs))
    told = wrong(file, programme)
    assert len(told) == 2 * MOST_LINES_SHOWN + 1
    assert told[1].startswith("3:12: unknown member `M-9`")
    with pytest.raises(InvalidInput, match=r"ledger\.csv: 1000 lines don't fit; these are the first 200"):
        read(file, programme)


@pytest.mark.parametrize(("cells", "place", "said"), quick_first([
    ("2026-01-02;M-1;purchase;1.234,50;;;;", 25, "amount: the value doesn't fit here and in 299 other lines,"
     " expected an amount such as 12.50"),
    ("2026-01-02;M-1;purchase;1234,5;;;;", 25, "amount: the value doesn't fit here and in 299 other lines,"
     " expected an amount such as 12.50"),
    ("02.01.2026;M-1;event;;;;;", 1, "date: the value doesn't fit here and in 299 other lines,"
     " expected a day that exists, as YYYY-MM-DD"),
    ("1/2/2026;M-1;event;;;;;", 1, "date: the value doesn't fit here and in 299 other lines,"
     " expected a day that exists, as YYYY-MM-DD"),
    ("2026-01-02 18:30;M-1;event;;;;;", 1, "date: the value doesn't fit here and in 299 other lines,"
     " expected a day that exists, as YYYY-MM-DD"),
], 2))  # fmt: skip
def test_another_notation_is_said_once(tmp_path: Path, programme: Programme, cells: str, place: int, said: str) -> None:
    header = HEADER.replace(",", ";")
    rows = ["2026-01-02;M-1;event;;;;;", *[cells] * 300, "2026-01-02;M-1;sale;;;;;"]
    assert wrong(ledger_in(tmp_path, *rows, header=header), programme) == [
        f"3:{place}: {said}",
        f"303:16: unknown kind `sale`, expected {', '.join(LINE_KINDS)}",
    ]


def test_another_notation_in_two_lines_counts_one_other(tmp_path: Path, programme: Programme) -> None:
    file = ledger_in(tmp_path, *["5.1.26,M-1,event,,,,,"] * 2, "2026-02-30,M-1,event,,,,,", "2026-02-30,M-1,event,,,,,")
    assert wrong(file, programme) == [
        "2:1: date: the value doesn't fit here and in 1 other line, expected a day that exists, as YYYY-MM-DD",
        "4:1: date: the value doesn't fit, expected a day that exists, as YYYY-MM-DD",
        "5:1: date: the value doesn't fit, expected a day that exists, as YYYY-MM-DD",
    ]


def test_amounts_with_a_comma_between_commas_do_not_fill_the_screen(tmp_path: Path, programme: Programme) -> None:
    file = ledger_in(tmp_path, *["2026-01-02,M-1,purchase,1234,50,,,,"] * 300)
    with pytest.raises(InvalidInput) as caught:
        read(file, programme)
    told = [str(problem).partition("ledger.csv")[2] for problem in caught.value.problems]
    assert told[0] == ": 300 rows don't have 8 cells; these are the first 10"
    assert told[1:] == [f":{line}:1: has 9 cells, expected 8, as the header has" for line in range(2, 12)]


@pytest.mark.parametrize(
    "empty", quick_first([";;;;;;;", ";;;;", ";", ";;;;;;;;;;", '"";"";;;;;;', "  ;;;;;;;", ";; ;;;;; ", " "], 1)
)
def test_empty_rows_of_a_spreadsheet_are_no_lines(tmp_path: Path, programme: Programme, empty: str) -> None:
    rows = ["2026-01-02;M-1;purchase;12.50;;;R-1;", empty, "2026-01-03;M-1;purchase;3;;;R-2;", empty, empty]
    file = ledger_in(tmp_path, *rows, header=HEADER.replace(",", ";"))
    assert [(row[0], row[4]) for row in read(file, programme)] == [(1, 1250), (2, 300)]


def test_a_problem_between_empty_rows_has_its_line(tmp_path: Path, programme: Programme) -> None:
    rows = [",,,,,,,", "2026-01-02,M-1,purchase,12.50,,,,", ",,,,,,,", "2026-01-03,M-1,sale,3,,,,", ",,,,,,,"]
    (said,) = wrong(ledger_in(tmp_path, *rows), programme)
    assert said.startswith("5:16: unknown kind `sale`")


def test_a_row_with_one_cell_is_not_empty(tmp_path: Path, programme: Programme) -> None:
    rows = ["2026-01-02,M-1,purchase,12.50,,,,", ",,,,,,R-1,"]
    assert [said.partition(":")[2] for said in wrong(ledger_in(tmp_path, *rows), programme)] == [
        "1: `date` is missing, expected a day, as YYYY-MM-DD",
        "2: `member` is missing, expected a member's id",
        f"3: `kind` is missing, expected {', '.join(LINE_KINDS)}",
    ]


def test_a_mistake_far_down_is_placed_after_lines_in_quotes(tmp_path: Path, programme: Programme) -> None:
    file = ledger_in(tmp_path, *['2026-01-02,M-1,event,,,,"one\n\ntwo",'] * 20_000, '2026-01-02,M-1,event,"\n1",,,,')
    assert wrong(file, programme) == ["60002:22: an event has no amount, expected `amount` left empty"]


def test_a_mistake_that_the_two_readers_see_differently_is_still_told(tmp_path: Path, programme: Programme) -> None:
    file = ledger_in(tmp_path, "2026-01-02,\tM-1,event,,,,,")
    assert wrong(file, programme) == ["2:12: unknown member `M-1`, expected the id of a member"]


@pytest.mark.parametrize("ends", quick_first(["\r\n", "\n", "\r"], 1))
def test_any_line_ends_will_do_and_others_within_quotes(tmp_path: Path, programme: Programme, ends: str) -> None:
    file = tmp_path / "ledger.csv"
    rows = (HEADER, '2026-01-02,M-1,event,,,,"a\r\nb",', "", '2026-01-02,M-1,event,,,,"c\nd",x')
    file.write_bytes(ends.join(rows).encode())
    assert [row[6] for row in read(file, programme)] == ["a\r\nb", "c\nd"]


def test_a_path_that_looks_like_a_pattern_is_a_path(tmp_path: Path, programme: Programme) -> None:
    folder = tmp_path / "[a]*?'b"
    folder.mkdir()
    assert len(read(ledger_in(folder, "2026-01-02,M-1,event,,,,,"), programme)) == 1


def test_a_refund_gets_the_reference_of_its_order(tmp_path: Path, programme: Programme) -> None:
    rows = ["2026-01-02,M-1,purchase,10,,,#0042,", "2026-01-03,M-1,refund,10,,,42,", "2026-01-01,M-1,event,,,,42,"]
    assert [row[2:7] for row in read(ledger_in(tmp_path, *rows), programme)] == [
        (date(2026, 1, 1), "event", None, None, "42"),
        (date(2026, 1, 2), "purchase", 1000, None, "#0042"),
        (date(2026, 1, 3), "refund", 1000, None, "#0042"),
    ]


def test_an_exact_reference_counts_before_a_similar_one(tmp_path: Path, programme: Programme) -> None:
    orders = ["2026-01-02,M-1,purchase,10,,,a-1,", "2026-01-02,M-1,purchase,10,,,A-1,"]
    lines = read(ledger_in(tmp_path, *orders, "2026-01-03,M-1,refund,10,,,A-1,"), programme)
    assert [row[6] for row in lines] == ["A-1", "a-1", "A-1"]


def test_many_warnings_are_counted(tmp_path: Path, programme: Programme) -> None:
    bought = [f"2026-01-02,M-1,purchase,1,,,R-{number}," for number in range(300)]
    returned = [f"2026-01-03,M-1,refund,2,,,R-{number}," for number in range(300)]
    source = CsvLedger(ledger_in(tmp_path, *bought, *returned), LEDGER_COLUMNS, LEDGER_REQUIRED)
    found = load_ledger(source, programme, ["M-1"], TODAY, duckdb.connect(), warned=True).warnings
    assert len(found) == MOST_NOTES + 1
    assert found[0].line == 302
    assert found[-1].what == f"300 warnings; these are the first {MOST_NOTES}"
    assert load_ledger(source, programme, ["M-1"], TODAY, duckdb.connect()).warnings == ()


def tags_in(cell: str) -> list[str]:
    """Return the tags of a cell: words in lower case; with commas, the text between two commas is one tag."""
    if not re.search("[,;]", cell):
        return [word.lower() for word in cell.split(" ") if word]
    parts = [part.strip(" \t\n") for part in re.split("[,;]", cell)]
    return [re.sub("[ \t\n]+", "-", part).lower() for part in parts if part]


CELLS = st.text(st.sampled_from("aB1 \t\"',;\n€é\\#-"), max_size=8)


@pytest.mark.long
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8), end=st.sampled_from(["\n", "\r\n"]), quoting=st.booleans())
@settings(max_examples=examples(5, 200), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_csv_writer_writes_is_what_is_read(
    tmp_path: Path, programme: Programme, rows: list[tuple[str, str]], end: str, quoting: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL)
    writer.writerow(["date", "member", "kind", "reference", "tags"])
    writer.writerows(["2026-01-02", "M-1", "event", *row] for row in rows)
    file = tmp_path / "ledger.csv"
    file.write_bytes(text.getvalue().encode())
    expected = [(reference.strip(" ") or None, tags_in(tags)) for reference, tags in rows]
    expected.sort(key=lambda row: (row[0] is None, row[0], row[1]))
    assert [(row[6], row[8]) for row in read(file, programme)] == expected


@given(st.text(st.sampled_from('abc,,,"\n\r '), max_size=60))
@settings(max_examples=examples(4, 300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@example('2026-01-02,M-1,event,a "b" c\n')
@example('2026-01-02,M-1,event, "b"\n')
@example('2026-01-02,M-1,event,"b" \n')
def test_no_row_is_lost_made_up_or_cut(tmp_path: Path, programme: Programme, text: str) -> None:
    """Any file is rejected, or has as many lines as Python's reader finds.

    DuckDB ignores delimiters at the end of a row, that is, extra empty cells. Rows of empty cells or spaces are no
    lines.
    """
    file = tmp_path / "ledger.csv"
    file.write_bytes(("date,member,kind,reference\n" + text.replace("a", "2026-01-02,M-1,event,")).encode())
    try:
        lines = read(file, programme)
    except InvalidInput:
        return
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.reader(opened) if any(cell.strip(" ") for cell in row)][1:]
    assert len(lines) == len(rows)
    assert not any("".join(row[4:]).strip() for row in rows)


def test_a_ledger_can_be_made_of_a_list() -> None:
    con = duckdb.connect()
    made = ledger_of(
        [
            ("M-1", date(2026, 1, 2), "purchase", 1250, None, "R-1", None, ["beans"]),
            ("M-1", date(2026, 1, 1), "adjustment", None, -5, None, None, []),
        ],
        con,
    )
    assert made.rows("select count(*) from line") == [(2,)]
    assert con.execute("select * from line").fetchall() == [
        (1, "M-1", date(2026, 1, 1), "adjustment", None, -5, None, None, []),
        (2, "M-1", date(2026, 1, 2), "purchase", 1250, None, "R-1", None, ["beans"]),
    ]
