"""Examples of Earning: rules, base points, factors, rounding, caps."""

from tests.loyalty.example import Example

EURO = "earning: [{name: Spend, kind: purchase, points: 1, per: 1}]"
TEN = "earning: [{name: Spend, kind: purchase, points: 1, per: 10}]"

EARNING = [
    Example(
        "a point for each whole euro",
        EURO,
        """
        2026-01-05 purchase 12.99 | 12 earned, rule 0, factor 1, from 2026-01-05, last never, figure 0
        2026-01-06 purchase 0.99  | 0 earned, rule 0
        2026-01-07 purchase 0     | 0 earned
        """,
        {"2026-01-04": "earned 0, active 0, balance 0", "2026-01-07": "earned 12, active 12, pending 0, left 12"},
    ),
    Example(
        "fractions of points are lost on each line, not on the whole ledger",
        TEN,
        """
        2026-01-05 purchase 9.99 A | 0
        2026-01-05 purchase 9.99 A | 0
        """,
        {"2026-01-05": "earned 0"},
    ),
    Example(
        "points rounded up",
        f"points: {{rounding: up}}\n{TEN}",
        """
        2026-01-05 purchase 0.01  | 1
        2026-01-05 purchase 10.00 | 1
        2026-01-05 purchase 10.01 | 2
        2026-01-05 purchase 0     | 0
        """,
        {"2026-01-05": "earned 4"},
    ),
    Example(
        "points rounded half up",
        f"points: {{rounding: half-up}}\n{TEN}",
        """
        2026-01-05 purchase 4.99  | 0
        2026-01-05 purchase 5.00  | 1
        2026-01-05 purchase 24.99 | 2
        2026-01-05 purchase 25.00 | 3
        """,
        {"2026-01-05": "earned 6"},
    ),
    Example(
        "points rounded once for each order",
        f"points: {{rounding: {{per: order}}}}\n{TEN}",
        """
        2026-01-05 purchase 9.99 A | 0
        2026-01-05 purchase 9.99 A | 1
        2026-01-05 purchase 9.99 B | 0
        2026-01-05 purchase 9.99   | 0
        2026-01-05 purchase 9.99   | 0
        2026-01-06 purchase 0.02 A | 1
        2026-01-07 refund 20 A     | -2 returned
        """,
        {"2026-01-05": "earned 1", "2026-01-06": "earned 2", "2026-01-07": "balance 0"},
    ),
    Example(
        "points rounded half up for each order, by the rules and factors of its lines",
        """points: {rounding: {to: half-up, per: order}}
earning:
  - {name: Beans, kind: purchase, points: 1, per: 3, tags: [beans]}
  - {name: Rest, kind: purchase, points: 1, per: 10}
  - {name: Talk, kind: event, points: 2.5}
multipliers: [{name: Sale, factor: 1.5, tags: [sale]}]""",
        """
        2026-01-05 purchase 1 A #beans | 0
        2026-01-05 purchase 3 A        | 1
        2026-01-05 purchase 8 A #sale  | 1, factor 3/2
        2026-01-05 event               | 3
        """,
        {"2026-01-05": "earned 5"},
    ),
    Example(
        "points rounded up for each order",
        f"points: {{rounding: {{to: up, per: order}}}}\n{TEN}",
        """
        2026-01-05 purchase 0.01 A | 1
        2026-01-05 purchase 9.99 A | 0
        2026-01-05 purchase 9.99 B | 1
        2026-01-06 purchase 0.01 A | 1
        2026-01-06 purchase 0.01   | 1
        """,
        {"2026-01-05": "earned 2", "2026-01-06": "earned 4"},
    ),
    Example(
        "points rounded for each line, as without a setting",
        f"points: {{rounding: {{per: line}}}}\n{TEN}",
        """
        2026-01-05 purchase 9.99 A  | 0
        2026-01-05 purchase 10.01 A | 1
        2026-01-06 refund 20 A      | -1 returned
        """,
        {"2026-01-05": "earned 1", "2026-01-06": "balance 0"},
    ),
    Example(
        "points per line, whatever the amount, when a rule has no `per`",
        "earning: [{name: Visit, kind: purchase, points: 7}, {name: Talk, kind: event, points: 2.5}]",
        """
        2026-01-05 purchase 0    | 7
        2026-01-05 purchase 1000 | 7
        2026-01-06 event         | 2
        """,
        {"2026-01-06": "earned 16"},
    ),
    Example(
        "each kind by its own rule",
        """earning:
          - {name: A, kind: referral, points: 1}
          - {name: B, kind: review, points: 2}
          - {name: C, kind: testimonial, points: 3}
          - {name: D, kind: survey, points: 4}
          - {name: E, kind: birthday, points: 5}""",
        """
        2026-01-05 referral    | 1 earned, rule 0
        2026-01-05 review      | 2 earned, rule 1
        2026-01-05 testimonial | 3 earned, rule 2
        2026-01-05 survey      | 4 earned, rule 3
        2026-01-05 birthday    | 5 earned, rule 4
        2026-01-05 event       | 0 no rule, rule None
        2026-01-05 purchase 50 | 0 no rule
        """,
        {"2026-01-05": "earned 15"},
    ),
    Example(
        "the first rule that fits earns, and no other",
        """earning:
          - {name: Beans, kind: purchase, points: 3, per: 1, tags: [beans, tea]}
          - {name: Rest, kind: purchase, points: 1, per: 1}
          - {name: Never, kind: purchase, points: 100}""",
        """
        2026-01-05 purchase 10 #beans     | 30 earned, rule 0
        2026-01-05 purchase 10 #cup       | 10 earned, rule 1
        2026-01-05 purchase 10 #cup #tea  | 30 earned, rule 0
        2026-01-05 purchase 10            | 10 earned, rule 1
        """,
        {"2026-01-05": "earned 80"},
    ),
    Example(
        "from and until are days of the rule",
        "earning: [{name: Spring, kind: purchase, points: 1, per: 1, from: 2026-03-01, until: 2026-03-31}]",
        """
        2026-02-28 purchase 5 | 0 outside period, rule None
        2026-03-01 purchase 5 | 5 earned
        2026-03-31 purchase 5 | 5 earned
        2026-04-01 purchase 5 | 0 outside period
        """,
        {"2026-04-01": "earned 10"},
    ),
    Example(
        "the reason is the first condition that fails",
        """earning:
          - {name: One, kind: purchase, points: 1, per: 1, tags: [beans], exclude tags: [sale], minimum: 20,
             from: 2026-02-01}""",
        """
        2026-01-31 purchase 5 #sale         | 0 outside period
        2026-02-01 purchase 5 #sale         | 0 not tagged
        2026-02-01 purchase 5 #sale #beans  | 0 excluded
        2026-02-01 purchase 5 #beans        | 0 below minimum
        2026-02-01 purchase 20 #beans       | 20 earned
        """,
        {"2026-02-01": "earned 20"},
    ),
    Example(
        "the reason is that of the first rule of its kind",
        """earning:
          - {name: Talk, kind: event, points: 1}
          - {name: Big, kind: purchase, points: 2, per: 1, minimum: 50}
          - {name: Beans, kind: purchase, points: 1, per: 1, tags: [beans]}""",
        """
        2026-01-05 purchase 49.99 #cup   | 0 below minimum
        2026-01-05 purchase 49.99 #beans | 49 earned, rule 2
        """,
        {"2026-01-05": "earned 49"},
    ),
    Example(
        "the minimum is of the order, excluded lines and all",
        "earning: [{name: A, kind: purchase, points: 1, per: 1, minimum: 30, exclude tags: [gift-card]}]",
        """
        2026-01-05 purchase 10 A            | 10 earned
        2026-01-05 purchase 20 A #gift-card | 0 excluded
        2026-01-05 purchase 29.99 B         | 0 below minimum
        2026-01-05 purchase 15              | 0 below minimum
        2026-01-05 purchase 15              | 0 below minimum
        """,
        {"2026-01-05": "earned 10"},
    ),
    Example(
        "the minimum asks for the order up to and with the line's day",
        "earning: [{name: A, kind: purchase, points: 1, per: 1, minimum: 30}]",
        """
        2026-01-05 purchase 20 A | 0 below minimum
        2026-01-06 purchase 5 A  | 5 earned
        2026-01-06 purchase 5 A  | 5 earned
        """,
        {"2026-01-05": "earned 0", "2026-01-06": "earned 10"},
    ),
    Example(
        "a refund doesn't bring an order below the minimum",
        "earning: [{name: A, kind: purchase, points: 1, per: 1, minimum: 30}]",
        """
        2026-01-05 purchase 30 A | 30 earned
        2026-01-05 refund 30 A   | -30 returned
        2026-01-06 purchase 1 A  | 1 earned
        """,
        {"2026-01-06": "earned 31, returned 30, balance 1"},
    ),
    Example(
        "lines before joining earn nothing and count for nothing",
        "earning: [{name: A, kind: purchase, points: 1, per: 1, minimum: 30}]",
        """
        2025-12-31 purchase 40 A  | 0 before joining
        2025-12-31 adjustment 50  | 0 before joining
        2025-12-31 adjustment -50 | 0 before joining
        2025-12-31 redemption 50  | 0 before joining
        2025-12-31 refund 20 A    | 0 before joining
        2026-01-01 purchase 20 A  | 20 earned
        2026-01-01 purchase 10 A  | 10
        """,
        {"2025-12-31": "balance 0, rung 0", "2026-01-01": "earned 30, spent 0, taken 0, returned 0, owed 0"},
    ),
    Example(
        "a refund takes from the lines before joining, too",
        EURO,
        """
        2025-12-31 purchase 100 A | 0 before joining
        2026-01-01 purchase 10 A  | 10 earned
        2026-01-02 refund 5.50 A  | -1 returned
        """,
        {"2026-01-02": "active 9"},
    ),
    Example(
        "orders from before joining count where the programme says so, other lines don't",
        """points: {before joining: true, valid: {days: 400}}
earning: [{name: Spend, kind: purchase, points: 1, per: 1}, {name: Talk, kind: event, points: 50}]
multipliers: [{name: Silver, factor: 2, tiers: [silver+]}]
qualifying: {basis: spend}
rebate: {bands: [{from: 0, percent: 1}]}""",
        """
        2025-06-01 purchase 120 A | 120 earned, last 2026-07-06, rung 0
        2025-07-01 event          | 0 before joining
        2025-08-01 purchase 10 B  | 10 earned, rung 0, factor 1
        2025-09-01 refund 10 B    | -10 returned
        2026-01-01 purchase 10 C  | 20 earned, rung 1, factor 2
        """,
        {"2025-12-31": "balance 120, rung 0", "2026-01-01": "balance 140, rung 1, spend 10", "2027-01-01": "rung 0"},
    ),
    Example(
        "a refund since joining of an order from before it, where such orders count",
        f"points: {{before joining: true}}\n{EURO}\nqualifying: {{basis: spend}}",
        """
        2025-12-31 purchase 100 A | 100 earned
        2026-01-02 refund 40 A    | -40 returned, figure -4000, rung 1
        2026-01-03 purchase 1 B   | 1 earned, rung 0
        """,
        {"2026-01-01": "balance 100, rung 1", "2026-01-02": "balance 60, rung 0"},
    ),
    Example(
        "the best of several multipliers",
        f"""{EURO}
multipliers:
  - {{name: Beans, factor: 1.5, tags: [beans]}}
  - {{name: March, factor: 2, from: 2026-03-01, until: 2026-03-31}}""",
        """
        2026-02-28 purchase 3 #beans | 4 earned, factor 3/2
        2026-03-01 purchase 3 #beans | 6 earned, factor 2
        2026-03-31 purchase 3        | 6 earned, factor 2
        2026-04-01 purchase 3        | 3 earned, factor 1
        """,
        {"2026-04-01": "earned 19"},
    ),
    Example(
        "several multipliers added",
        f"""points: {{combine: add}}
{EURO}
multipliers:
  - {{name: Beans, factor: 1.5, tags: [beans]}}
  - {{name: March, factor: 2, from: 2026-03-01}}""",
        """
        2026-02-28 purchase 3        | 3 earned, factor 1
        2026-03-01 purchase 3 #beans | 7 earned, factor 5/2
        """,
        {"2026-03-01": "earned 10"},
    ),
    Example(
        "multipliers are for purchases unless they say otherwise",
        """earning:
  - {name: Spend, kind: purchase, points: 1, per: 1}
  - {name: Talk, kind: event, points: 5}
  - {name: Word, kind: review, points: 5}
multipliers:
  - {name: Twice, factor: 2}
  - {name: Thrice, factor: 3, kinds: [review]}""",
        """
        2026-01-05 purchase 5   | 10 earned, factor 2
        2026-01-05 event        | 5 earned, factor 1
        2026-01-05 review       | 15 earned, factor 3
        2026-01-05 adjustment 5 | 5 given, factor 1
        """,
        {"2026-01-05": "earned 35"},
    ),
    Example(
        "base and factor are multiplied exactly, then rounded once",
        """earning: [{name: Spend, kind: purchase, points: 1, per: 3}]
multipliers: [{name: Thrice, factor: 3}]""",
        """
        2026-01-05 purchase 1    | 1 earned, factor 3
        2026-01-05 purchase 0.99 | 0
        """,
        {"2026-01-05": "earned 1"},
    ),
    Example(
        "a multiplier of a tier asks for the tier at the start of the day",
        f"""{EURO}
multipliers: [{{name: Silver, factor: 2, tiers: [silver+]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-05 purchase 99.99 | 99 earned, rung 0, factor 1, figure 9999
        2026-01-05 purchase 0.01  | 0 earned, rung 0
        2026-01-05 purchase 10    | 10 earned, rung 0, factor 1
        2026-01-05 refund 1       | 0 no purchase, rung 0, figure -100
        2026-01-06 purchase 10    | 20 earned, rung 1, factor 2
        """,
        {"2026-01-05": "earned 109, rung 1", "2026-01-06": "earned 129"},
    ),
    Example(
        "a multiplier of one tier is not that of a higher one",
        f"""{EURO}
multipliers: [{{name: Silver, factor: 2, tiers: [silver]}}]""",
        """
        2026-01-05 purchase 1 | 1 earned, rung 2, factor 1
        """,
        {"2026-01-05": "rung 2"},
        tier="gold",
        tier_from="2026-01-05",
    ),
    Example(
        "a multiplier of a tier that is given by hand",
        f"""{EURO}
multipliers: [{{name: Gold, factor: 2, tiers: [gold]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-03 purchase 1 | 1 earned, rung 0, factor 1
        2026-01-04 purchase 1 | 2 earned, rung 2, factor 2
        2026-01-05 purchase 1 | 2 earned, rung 2, factor 2
        2026-01-06 purchase 1 | 1 earned, rung 0, factor 1
        """,
        {"2026-01-03": "rung 0", "2026-01-04": "rung 2", "2026-01-05": "rung 2", "2026-01-06": "rung 0"},
        tier="gold",
        tier_from="2026-01-04",
        tier_until="2026-01-05",
    ),
    Example(
        "a lower tier by hand lowers the factor from its first day on, not before",
        f"""{EURO}
multipliers: [{{name: Silver, factor: 2, tiers: [silver+]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-05 purchase 100 | 100 earned, rung 0, factor 1
        2026-01-10 purchase 10  | 20 earned, rung 1, factor 2
        2026-01-11 purchase 10  | 10 earned, rung 0, factor 1
        """,
        {"2026-01-10": "rung 1, balance 120", "2026-01-11": "rung 0, balance 130"},
        tier="member",
        tier_from="2026-01-11",
    ),
    Example(
        "a tier by hand given again does not change the points of its earlier time",
        f"""{EURO}
multipliers: [{{name: Gold, factor: 2, tiers: [gold]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-05 purchase 10 | 20 earned, rung 2, factor 2
        2026-06-30 purchase 10 | 20 earned, rung 2, factor 2
        2026-07-01 purchase 10 | 10 earned, rung 0, factor 1
        2026-11-01 purchase 10 | 20 earned, rung 2, factor 2
        """,
        {"2026-03-01": "rung 2, balance 20", "2026-08-01": "rung 0, balance 50", "2026-11-02": "rung 2, balance 70"},
        tier="gold",
        tier_from="2026-11-01",
        given=("gold 2026-01-01 2026-06-30",),
    ),
    Example(
        "an ended tier by hand alone, in the list",
        f"""{EURO}
multipliers: [{{name: Gold, factor: 2, tiers: [gold]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-05 purchase 10 | 20 earned, rung 2, factor 2
        2026-07-01 purchase 10 | 10 earned, rung 0, factor 1
        """,
        {"2026-06-30": "rung 2, balance 20", "2026-07-01": "rung 0, balance 30"},
        given=("gold 2026-01-01 2026-06-30",),
    ),
    Example(
        "of several tiers by hand the one with the latest first day counts",
        f"""{EURO}
multipliers: [{{name: Silver, factor: 2, tiers: [silver]}}, {{name: Gold, factor: 3, tiers: [gold]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-05 purchase 10 | 30 earned, rung 2, factor 3
        2026-02-05 purchase 10 | 20 earned, rung 1, factor 2
        2026-03-05 purchase 10 | 30 earned, rung 2, factor 3
        """,
        {"2026-02-28": "rung 1, balance 50", "2026-03-05": "rung 2, balance 80"},
        tier="gold",
        tier_from="2026-01-01",
        given=("silver 2026-02-01 2026-02-28",),
    ),
    Example(
        "a tier without a first day yields to one with a first day, and changes no points",
        f"""{EURO}
multipliers: [{{name: Silver, factor: 2, tiers: [silver]}}, {{name: Gold, factor: 3, tiers: [gold]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-05 purchase 10 | 10 earned, rung 0, factor 1
        2026-02-05 purchase 10 | 20 earned, rung 1, factor 2
        """,
        {"2026-01-05": "rung 2", "2026-02-05": "rung 1, balance 30"},
        tier="gold",
        given=("silver 2026-02-01",),
    ),
    Example(
        "a tier given by hand without a first day changes no points",
        f"""{EURO}
multipliers: [{{name: Gold, factor: 2, tiers: [gold]}}]
qualifying: {{basis: spend}}""",
        """
        2026-01-05 purchase 100 | 100 earned, rung 0, factor 1
        2026-01-06 purchase 1   | 1 earned, rung 1, factor 1
        """,
        {"2026-01-05": "rung 2, balance 100", "2026-01-06": "rung 2, balance 101"},
        tier="gold",
    ),
    Example(
        "a cap for each day",
        "earning: [{name: Talk, kind: event, points: 4, cap: {points: 6, per: day}}]",
        """
        2026-01-05 event | 4 earned
        2026-01-05 event | 2 capped, factor 1, rule 0
        2026-01-05 event | 0 capped, rule 0
        2026-01-06 event | 4 earned
        """,
        {"2026-01-06": "earned 10, left 4 2 4"},
    ),
    Example(
        "a cap for each week from Monday",
        "earning: [{name: Talk, kind: event, points: 4, cap: {points: 6, per: week}}]",
        """
        2026-01-04 event | 4 earned
        2026-01-05 event | 4 earned
        2026-01-11 event | 2 capped
        2026-01-12 event | 4 earned
        """,
        {"2026-01-12": "earned 14"},
    ),
    Example(
        "a cap for each month",
        "earning: [{name: Talk, kind: event, points: 4, cap: {points: 6, per: month}}]",
        """
        2026-01-31 event | 4 earned
        2026-02-01 event | 4 earned
        2026-02-28 event | 2 capped
        2027-02-01 event | 4 earned
        """,
        {"2027-02-01": "earned 14"},
    ),
    Example(
        "a cap for each year",
        "earning: [{name: Talk, kind: event, points: 4, cap: {points: 6, per: year}}]",
        """
        2026-01-01 event | 4 earned
        2026-12-31 event | 2 capped
        2027-01-01 event | 4 earned
        """,
        {"2027-01-01": "earned 10"},
    ),
    Example(
        "a cap for ever",
        "earning: [{name: Talk, kind: event, points: 4, cap: {points: 6, per: ever}}]",
        """
        2026-01-01 event | 4 earned
        2026-12-31 event | 2 capped
        2036-01-01 event | 0 capped
        """,
        {"2036-01-01": "earned 6"},
    ),
    Example(
        "a cap is the rule's own, of points after factors, and a refund makes room under it",
        """earning:
  - {name: Beans, kind: purchase, points: 1, per: 1, tags: [beans], cap: {points: 15, per: ever}}
  - {name: Rest, kind: purchase, points: 1, per: 1, cap: {points: 5, per: ever}}
multipliers: [{name: Twice, factor: 2}]""",
        """
        2026-01-05 purchase 5 A #beans | 10 earned
        2026-01-05 refund 5 A          | -10 returned
        2026-01-06 purchase 9 B #beans | 15 capped
        2026-01-06 purchase 3 C        | 5 capped, rule 1
        """,
        {"2026-01-06": "earned 30, returned 10, balance 20"},
    ),
    Example(
        "a line that reaches the cap exactly is not capped, nor one of 0 points after it",
        "earning: [{name: A, kind: purchase, points: 1, per: 1, cap: {points: 5, per: ever}}]",
        """
        2026-01-05 purchase 5   | 5 earned
        2026-01-06 purchase 0.5 | 0 earned
        2026-01-06 purchase 1   | 0 capped
        """,
        {"2026-01-06": "earned 5"},
    ),
    Example(
        "points in a currency without smaller units",
        "currency: JPY\nearning: [{name: A, kind: purchase, points: 1, per: 100}]",
        """
        2026-01-05 purchase 199 | 1 earned
        2026-01-05 purchase 200 | 2 earned
        """,
        {"2026-01-05": "earned 3"},
    ),
    Example(
        "points in a currency whose smaller units are not in use, though they are in its ledgers",
        "currency: RSD\nearning: [{name: A, kind: purchase, points: 1, per: 0.50}]",
        """
        2026-01-05 purchase 1234.50 | 2469 earned
        """,
        {"2026-01-05": "earned 2469"},
    ),
    Example(
        "points in a currency with two decimals, though its prices rarely show any",
        "currency: COP\nearning: [{name: A, kind: purchase, points: 1, per: 0.50}]",
        """
        2026-01-05 purchase 999.75 | 1999 earned
        2026-01-06 refund 0.25     | 0 no purchase
        """,
        {"2026-01-06": "earned 1999"},
    ),
    Example(
        "points in a currency with three decimals",
        "currency: KWD\nearning: [{name: A, kind: purchase, points: 1, per: 0.002}]",
        """
        2026-01-05 purchase 1.235 A | 617 earned
        2026-01-06 refund 0.235 A   | -118 returned
        """,
        {"2026-01-05": "earned 617", "2026-01-06": "balance 499"},
    ),
    Example(
        "lines are taken in the order of their days, and what earns before what takes",
        "earning: [{name: Talk, kind: event, points: 4, cap: {points: 6, per: ever}}]",
        """
        2026-01-06 event         | 2 capped
        2026-01-05 redemption 1  | -1 spent
        2026-01-05 event         | 4 earned
        """,
        {"2026-01-05": "active 3, owed 0", "2026-01-06": "active 5"},
    ),
]
