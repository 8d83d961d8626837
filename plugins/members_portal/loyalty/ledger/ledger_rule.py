"""Validation rules of a ledger line: each is SQL that selects the lines that break it, with a message.

The SQL runs over the columns of `typed`: the texts (`date_text`, `kind_text`, `amount_text`, `points_text`, `currency`,
`member`, `reference`) and the typed values (`day`, `kind`, `amount`, `points`). RULES.md defines which kinds have an
amount and which have points.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from members_portal.loyalty.engine.expression import cases, day_literal, quoted
from members_portal.loyalty.input.problem import Problem, closest, one_of
from members_portal.loyalty.input.table_columns import Row
from members_portal.loyalty.ledger.match.reference_match import OTHERS, REASONS, UNCLEAR, UNKNOWN
from members_portal.loyalty.period import YEARS
from members_portal.loyalty.programme.currency import currency_digits
from members_portal.loyalty.programme.dated import DatedRate
from members_portal.loyalty.programme.programme import Programme

LEDGER_COLUMNS = ("date", "member", "kind", "amount", "currency", "points", "reference", "item", "tags", "note")
LEDGER_REQUIRED = ("date", "member", "kind")
EVENTS = ("referral", "review", "testimonial", "survey", "event", "birthday")
LINE_KINDS = ("purchase", "refund", *EVENTS, "adjustment", "redemption", "reversal")
HAS_AMOUNT, HAS_POINTS = "(kind = 'purchase' or kind = 'refund')", "(kind = 'adjustment' or kind = 'redemption')"
PLACES = 4  # decimals of an amount or a rate, the same as of `Money`
OTHER_DAY = (  # the notation of a spreadsheet or shop: 31.12.2026, 12/31/2026, 2026/12/31, 2026-12-31 18:00
    "[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}.*|[0-9]{4}[./][0-9]{1,2}[./][0-9]{1,2}.*|[0-9]{4}-[0-9]{2}-[0-9]{2}.+"
)
AMOUNT, POINTS = "-?[0-9]{1,12}([.][0-9]{1,60})?", "-?[0-9]{1,9}"
QUOTABLE_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")  # messages quote only these: other text may be personal
REFUND, REVERSAL = "a refund of the order", "a reversal of the redemption"
UNMATCHED = {
    (REFUND, UNKNOWN): "has no purchase",
    (REFUND, OTHERS): "another member bought",
    (REFUND, UNCLEAR): "could be several orders of this member",
    (REVERSAL, UNKNOWN): "is not in the ledger",
    (REVERSAL, OTHERS): "is another member's",
    (REVERSAL, UNCLEAR): "could be several of this member",
}

RuleWords = tuple[str, str, str]  # problem, expected value, suggestion


@dataclass(frozen=True)
class Rule:
    """A rule: a line breaks it when `sql` is true; `words` returns the message for a row.

    With `once`, only the first line is reported, with the number of the others: an export in another notation breaks
    the rule in every line.
    """

    column: str
    sql: str
    words: Callable[[Row], RuleWords]
    once: bool = False

    def problem(self, row: Row, others: int = 0) -> Problem:
        """Return the problem of a row that breaks this rule, as do `others`."""
        what, expected, hint = self.words(row)
        if others:
            what += f" here and in {others} other line{'s' if others > 1 else ''}"
        return row.problem(self.column, what, expected, hint)


class LedgerRules:
    """The rules for a programme's ledger on a day, and the SQL that types its texts.

    `renumbered` maps former member ids to present ones. Unless `knows_members`, it may lack some, and nothing is said
    about lines of another member.
    """

    def __init__(
        self, programme: Programme, today: date, renumbered: Mapping[str, str] = {}, *, knows_members: bool = True
    ) -> None:
        self.programme, self.today, self.renumbered = programme, today, renumbered
        self.reported = [reason for reason in REASONS if knows_members or reason != OTHERS]
        self.currencies = (programme.currency, *programme.exchange_rates)
        self.digits = currency_digits(programme.currency)
        self.rules = (*self._date_rules(), *self._word_rules(), *self._amount_rules(), *self._points_rules())
        self.unknown_member = Rule("member", "false", self._unknown_member)
        self.orders = [_unmatched(reason, REFUND, "purchase") for reason in REASONS]
        self.redemptions = [_unmatched(reason, REVERSAL, "redemption") for reason in REASONS]

    def broken(self) -> str:
        """Return the SQL for the rules that a line breaks: an integer with one bit for each rule."""
        return " + ".join(f"case when {rule.sql} then {1 << bit} else 0 end" for bit, rule in enumerate(self.rules))

    def problems(self, row: Row, broken: int, others: Mapping[int, int]) -> Iterable[Problem]:
        """Return a problem for each bit of `broken`; `others` is the number of other lines by bit, for `once`."""
        rules = enumerate((*self.rules, self.unknown_member, *self.orders, *self.redemptions))
        return [rule.problem(row, others.get(1 << bit, 0)) for bit, rule in rules if broken >> bit & 1]

    def present(self, member: str | None) -> str | None:
        """Return the present id of a member."""
        return self.renumbered.get(member, member) if member else member

    @property
    def once_bits(self) -> list[int]:
        """The bits of the rules that are reported for one line only."""
        return [1 << bit for bit, rule in enumerate(self.rules) if rule.once]

    @property
    def unknown_bit(self) -> int:
        """The bit for an unknown member."""
        return 1 << len(self.rules)

    @property
    def order_bits(self) -> dict[str, int]:
        """The bits for a refund without an order, by reason."""
        bits = {reason: self.unknown_bit << place for place, reason in enumerate(REASONS, 1)}
        return {reason: bits[reason] for reason in self.reported}

    @property
    def redemption_bits(self) -> dict[str, int]:
        """The bits for a reversal without a redemption, by reason."""
        return {reason: bit << len(REASONS) for reason, bit in self.order_bits.items()}

    def typed(self) -> str:
        """Return the SQL for the typed columns of a line; a text that does not match is null."""
        kinds = ", ".join(map(quoted, LINE_KINDS))
        decimals = "length(rtrim(split_part(amount_text, '.', 2), '0'))"
        return ", ".join(
            (
                "*",
                f"try_cast(kind_text as enum ({kinds})) as kind",
                f"{_typed('amount_text', AMOUNT, f'decimal(18, {PLACES})')} as amount",
                f"case when contains(amount_text, '.') then {decimals} else 0 end as decimals",
                f"{_typed('points_text', POINTS, 'bigint')} as points",
                f"{self._by_currency(currency_digits, str(self.digits))} as digits",
            )
        )

    def minor(self) -> str:
        """Return the SQL for the amount in the smallest unit of the programme's currency, rounded half up."""
        own = self.programme.currency
        others = [
            (f"currency = {quoted(word)}", self._by_day(rates))
            for word, rates in self.programme.exchange_rates.items()
            if word != own
        ]
        own_case = (f"currency is null or currency = {quoted(own)}", f"cast(amount * {10**self.digits} as bigint)")
        return cases([own_case, *others])

    def _by_day(self, rates: Sequence[DatedRate]) -> str:
        """Return the SQL for an amount converted by the rate of the line's day."""
        dated = [(entry.from_, self._converted(entry.rate)) for entry in rates[:0:-1] if entry.from_]
        return cases([(f"day >= {day_literal(day)}", amount) for day, amount in dated], self._converted(rates[0].rate))

    def _converted(self, rate: Decimal) -> str:
        product = f"amount::decimal(22, {PLACES}) * {rate:f}::decimal(13, {PLACES})"
        return f"try_cast(round({product}, {self.digits}) * {10**self.digits} as bigint)"

    def _by_currency(self, figure: Callable[[str], int], own: str) -> str:
        return cases(((f"currency = {quoted(word)}", figure(word)) for word in self.currencies[1:]), own)

    def _known(self) -> str:
        return " or ".join(["currency is null", *(f"currency = {quoted(word)}" for word in self.currencies)])

    def _date_rules(self) -> Iterable[Rule]:
        fits = f"day between date '{YEARS[0]}-01-01' and date '{YEARS[-1]}-12-31'"
        yield _missing("date", "date_text", "a day, as YYYY-MM-DD")
        wrong, foreign = (
            f"date_text is not null and ({fits}) is not true",
            f"regexp_full_match(date_text, '{OTHER_DAY}')",
        )
        yield _unfit("date", f"{wrong} and not {foreign}", "a day that exists, as YYYY-MM-DD")
        yield _unfit("date", f"{wrong} and {foreign}", "a day that exists, as YYYY-MM-DD", once=True)
        said = ("the date lies in the future", "today, or a day before", "")
        yield Rule("date", f"day > {day_literal(self.today)}", lambda row: said)

    def _word_rules(self) -> Iterable[Rule]:
        yield _missing("member", "member", "a member's id")
        yield _missing("kind", "kind_text", one_of(LINE_KINDS))
        yield _unknown("kind", "kind_text is not null and kind is null", LINE_KINDS)
        more = ", or a rate in `exchange rates`"
        yield _unknown("currency", f"not ({self._known()})", self.currencies, more)
        said = ("a refund without a reference", "the reference of the purchase it takes back", "")
        yield Rule("reference", "kind = 'refund' and reference is null", lambda row: said)
        undoes = ("a reversal without a reference", "the reference of the redemption it undoes", "")
        yield Rule("reference", "kind = 'reversal' and reference is null", lambda row: undoes)

    def _amount_rules(self) -> Iterable[Rule]:
        yield _missing("amount", f"{HAS_AMOUNT} and amount_text", "the amount paid or given back")
        yield Rule("amount", f"kind is not null and not {HAS_AMOUNT} and amount_text is not null", _has_none("amount"))
        known = f"({self._known()}) and (amount is null or minor is null)"
        wrong, foreign = f"{HAS_AMOUNT} and amount_text is not null and {known}", "contains(amount_text, ',')"
        yield _unfit("amount", f"{wrong} and not {foreign}", "an amount such as 12.50")
        yield _unfit("amount", f"{wrong} and {foreign}", "an amount such as 12.50", once=True)
        said = ("a purchase below 0", "an amount of 0 or more", "`refund`")
        yield Rule("amount", "kind = 'purchase' and amount < 0", lambda row: said)
        given_back = ("a refund that gives nothing back", "an amount above 0, without a sign", "")
        yield Rule("amount", "kind = 'refund' and amount <= 0", lambda row: given_back)
        yield Rule("amount", f"{HAS_AMOUNT} and decimals > digits and not {foreign}", self._too_precise)

    def _points_rules(self) -> Iterable[Rule]:
        yield _missing("points", f"{HAS_POINTS} and points_text", "a number of points")
        yield Rule("points", f"kind is not null and not {HAS_POINTS} and points_text is not null", _has_none("points"))
        whole = "a whole number such as 250"
        yield _unfit("points", f"{HAS_POINTS} and points_text is not null and points is null", whole)
        nought = ("an adjustment of 0", "points to give (above 0) or to take (below 0)", "")
        yield Rule("points", "kind = 'adjustment' and points = 0", lambda row: nought)
        negative = ("a redemption below 0", "the points that were spent, without a sign", "")
        yield Rule("points", "kind = 'redemption' and points < 0", lambda row: negative)

    def _too_precise(self, row: Row) -> RuleWords:
        currency = row.texts.get("currency", self.programme.currency)
        digits = currency_digits(currency)
        return f"amount: more decimals than {currency} has", f"at most {digits}" if digits else "a whole number", ""

    def _unknown_member(self, row: Row) -> RuleWords:
        return f"unknown member{_named(row.texts.get('member', ''))}", "the id of a member", ""


def _typed(text: str, pattern: str, kind: str) -> str:
    return f"case when regexp_full_match({text}, '{pattern}') then try_cast({text} as {kind}) end"


def _missing(column: str, text: str, expected: str) -> Rule:
    return Rule(column, f"{text} is null", lambda row: (f"`{column}` is missing", expected, ""))


def _unfit(column: str, sql: str, expected: str, *, once: bool = False) -> Rule:
    return Rule(column, sql, lambda row: (f"{column}: the value doesn't fit", expected, ""), once)


def _unknown(column: str, sql: str, known: tuple[str, ...], more: str = "") -> Rule:
    def words(row: Row) -> RuleWords:
        word = row.texts.get(column, "")
        hint = closest(word, known) or closest(word.lower(), known) or closest(word.upper(), known)
        return f"unknown {column}{_named(word)}", one_of(known) + more, hint

    return Rule(column, sql, words)


def _has_none(column: str) -> Callable[[Row], RuleWords]:
    def words(row: Row) -> RuleWords:
        kind = row.texts.get("kind", "")
        return f"{'an' if kind[:1] in 'ae' else 'a'} {kind} has no {column}", f"`{column}` left empty", ""

    return words


def _unmatched(reason: str, line: str, other: str) -> Rule:
    """Return the rule for a refund without its purchase, or a reversal without its redemption."""

    def words(row: Row) -> RuleWords:
        which = UNMATCHED[line, reason]
        what = f"{line}{_named(row.texts.get('reference', ''))}, which {which}"
        return what, f"the reference of a {other} of this member", ""

    return Rule("reference", "false", words)


def _named(word: str) -> str:
    return f" `{word}`" if QUOTABLE_WORD.fullmatch(word) else ""
