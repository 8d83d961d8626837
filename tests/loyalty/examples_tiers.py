"""Examples of Tiers: figures, calendar, anniversary and rolling periods, downgrade, grace, tiers by hand."""

from tests.loyalty.example import Example

SPEND = "qualifying: {basis: spend}"
TEN = "earning: [{name: Spend, kind: purchase, points: 1, per: 10}, {name: Talk, kind: event, points: 50}]"

FIGURES = [
    Example(
        "spend is purchases less refunds, without excluded lines",
        "qualifying: {basis: spend, exclude tags: [gift-card]}",
        """
        2026-01-05 purchase 60 A             | 0 no rule, figure 6000, rung 0
        2026-01-05 purchase 500 A #gift-card | 0, figure 0, rung 0
        2026-01-06 purchase 40               | 0, figure 4000, rung 0
        2026-01-07 refund 0.01 A #gift-card  | 0, figure 0, rung 1
        2026-01-07 refund 0.01               | 0 no purchase, figure -1, rung 1
        2026-01-08 event                     | 0, figure 0, rung 0
        2026-01-08 adjustment 900            | 900 given, figure 0
        2026-01-08 redemption 900            | -900 spent, figure 0
        """,
        {"2026-01-05": "rung 0", "2026-01-06": "rung 1", "2026-01-07": "rung 0"},
    ),
    Example(
        "a sum below 0 is on the lowest rung",
        SPEND,
        """
        2026-01-05 refund 500 | 0, figure -50000
        """,
        {"2026-01-05": "rung 0"},
    ),
    Example(
        "lines before joining are no part of a sum",
        SPEND,
        """
        2025-12-31 purchase 500 | 0 before joining, figure 0, rung 0
        2026-01-01 purchase 99  | 0, figure 9900, rung 0
        """,
        {"2025-12-31": "rung 0", "2026-01-01": "rung 0"},
    ),
    Example(
        "points that count are base points, without factor and cap, rounded",
        """points: {rounding: half-up}
earning:
  - {name: Spend, kind: purchase, points: 1, per: 10, cap: {points: 5, per: ever}, exclude tags: [gift-card]}
  - {name: Talk, kind: event, points: 50, cap: {points: 1, per: ever}}
multipliers: [{name: Twice, factor: 2, kinds: [purchase, event]}]
qualifying: {basis: points, exclude tags: [sale]}""",
        """
        2026-01-05 purchase 44             | 5 capped, figure 4, factor 2
        2026-01-05 purchase 45             | 0 capped, figure 5
        2026-01-05 purchase 99 #gift-card  | 0 excluded, factor 2, figure 0
        2026-01-05 purchase 99 #sale       | 0 capped, figure 0
        2026-01-05 event                   | 1 capped, figure 50, rung 0
        2026-01-05 adjustment 500          | 500 given, figure 0
        2026-01-06 event                   | 0 capped, figure 50, rung 0
        2026-01-07 event                   | 0 capped, figure 50, rung 1
        """,
        {"2026-01-06": "rung 1", "2026-01-07": "rung 1"},
    ),
    Example(
        "a refund's share of the base points of its order",
        f"""{TEN}
multipliers: [{{name: Thrice, factor: 3}}]
qualifying: {{basis: points, exclude tags: [sale]}}""",
        """
        2026-01-05 purchase 100 A        | 30 earned, figure 10
        2026-01-05 purchase 100 A #sale  | 30 earned, figure 0
        2026-01-06 refund 30 A           | -9 returned, figure -2
        2026-01-06 refund 70 A           | -21 returned, figure -3
        2026-01-06 refund 500 A          | -30 returned, figure -5
        2026-01-06 refund 5 B            | 0 no purchase, figure 0
        """,
        {"2026-01-06": "balance 0"},
    ),
    Example(
        "orders count once, and not at all when all of one is refunded",
        "qualifying: {basis: orders, exclude tags: [sale]}",
        """
        2026-01-05 purchase 10 A       | 0, figure 1
        2026-01-05 purchase 10 A       | 0, figure 0
        2026-01-05 purchase 10 B #sale | 0, figure 1
        2026-01-06 purchase 10         | 0, figure 1
        2026-01-06 purchase 10         | 0, figure 1
        2026-01-06 purchase 0 C        | 0, figure 1
        2026-01-07 refund 0.01 A       | 0, figure 0
        2026-01-07 refund 19.99 A      | 0, figure -1
        2026-01-08 refund 5 A          | 0, figure 0
        2026-01-08 refund 5 C          | 0 no purchase, figure 0
        2026-01-08 refund 5            | 0 no purchase, figure 0
        2026-01-09 purchase 10 A       | 0, figure 0
        2026-01-09 refund 50 A         | 0, figure 0
        2026-01-09 event               | 0, figure 0
        """,
        {"2026-01-09": "rung 0"},
    ),
    Example(
        "without qualifying everybody is on the lowest rung",
        "earning: [{name: Spend, kind: purchase, points: 1, per: 1}]",
        """
        2026-01-05 purchase 5000 | 5000, figure 0
        """,
        {"2026-01-05": "rung 0"},
    ),
]

YEARS = [
    Example(
        "up at the end of the day: its lines are made on the rung of its start",
        SPEND,
        """
        2026-03-05 purchase 100 | 0, rung 0
        2026-03-05 purchase 200 | 0, rung 0
        2026-03-06 purchase 1   | 0, rung 2
        """,
        {"2026-03-04": "rung 0", "2026-03-05": "rung 2"},
    ),
    Example(
        "by balance: a year begins with what the year before came to",
        SPEND,
        """
        2026-06-01 purchase 300
        2027-06-01 purchase 100
        """,
        {
            "2026-12-31": "rung 2",
            "2027-01-01": "rung 2",
            "2027-12-31": "rung 2",
            "2028-01-01": "rung 1",
            "2029-01-01": "rung 0",
        },
    ),
    Example(
        "by balance: a refund of this year's order takes the rung of this year back, but not that of the last",
        SPEND,
        """
        2026-06-01 purchase 100 A
        2027-02-01 purchase 300 B
        2027-03-01 refund 300 B
        """,
        {"2027-01-31": "rung 1", "2027-02-01": "rung 2", "2027-03-01": "rung 1", "2028-01-01": "rung 0"},
    ),
    Example(
        "one step: a rung is lost each year",
        "qualifying: {basis: spend, downgrade: one-step}",
        """
        2026-06-01 purchase 300
        """,
        {
            "2027-12-31": "rung 2",
            "2028-01-01": "rung 1",
            "2028-12-31": "rung 1",
            "2029-01-01": "rung 0",
            "2035-01-01": "rung 0",
        },
    ),
    Example(
        "one step: from the rung a year began with, or to what it reached",
        "qualifying: {basis: spend, downgrade: one-step}",
        """
        2026-06-01 purchase 300
        2028-06-01 purchase 100
        2029-06-01 purchase 99
        """,
        {"2027-06-01": "rung 2", "2028-01-01": "rung 1", "2029-01-01": "rung 1", "2030-01-01": "rung 0"},
    ),
    Example(
        "none: what was once reached is kept, but not with what was returned",
        "qualifying: {basis: spend, downgrade: none}",
        """
        2026-06-01 purchase 100 A
        2026-06-02 purchase 200 B
        2026-07-01 refund 200 B | 0, rung 2
        2026-07-02 event        | 0, rung 1
        2027-06-01 purchase 1   | 0, rung 1
        """,
        {"2026-06-30": "rung 2", "2026-07-01": "rung 1", "2027-01-01": "rung 1", "2040-01-01": "rung 1"},
    ),
    Example(
        "none: the sums of two years are not added",
        "qualifying: {basis: spend, downgrade: none}",
        """
        2026-12-31 purchase 60
        2027-01-01 purchase 60
        """,
        {"2027-01-01": "rung 0"},
    ),
    Example(
        "years that begin on another day",
        'qualifying: {basis: spend, starts: "04-06"}',
        """
        2026-04-05 purchase 100
        2026-04-06 purchase 99
        2027-04-05 purchase 1
        """,
        {
            "2026-04-05": "rung 1",
            "2027-04-04": "rung 1",
            "2027-04-05": "rung 1",
            "2027-04-06": "rung 1",
            "2028-04-06": "rung 0",
        },
    ),
    Example(
        "years that begin on the day a member joined",
        "qualifying: {basis: spend, period: anniversary}",
        """
        2026-05-29 purchase 60
        2026-05-30 purchase 60
        2027-05-29 purchase 40
        """,
        {"2026-05-30": "rung 0", "2027-05-29": "rung 1", "2028-05-29": "rung 1", "2028-05-30": "rung 0"},
        joined="2025-05-30",
    ),
    Example(
        "years from joining without a line, asked about before the day of joining comes round",
        "qualifying: {basis: spend, period: anniversary}",
        """
        2024-04-15 purchase 100
        """,
        {"2024-10-31": "rung 1", "2025-10-31": "rung 1", "2025-11-01": "rung 0", "2026-04-30": "rung 0"},
        joined="2023-11-01",
    ),
    Example(
        "years of a member who joined on 29 February",
        "qualifying: {basis: spend, period: anniversary}",
        """
        2025-02-27 purchase 60
        2025-02-28 purchase 60
        2028-02-28 purchase 100
        2028-02-29 purchase 99
        """,
        {
            "2025-02-28": "rung 0",
            "2028-02-28": "rung 1",
            "2028-02-29": "rung 1",
            "2029-02-27": "rung 1",
            "2029-02-28": "rung 0",
        },
        joined="2024-02-29",
    ),
    Example(
        "grace: the first days of a year keep what the year before began with",
        "qualifying: {basis: spend, grace days: 10}",
        """
        2026-06-01 purchase 300
        2028-01-10 event        | 0, rung 2
        2028-01-11 event        | 0, rung 0
        """,
        {"2027-12-31": "rung 2", "2028-01-01": "rung 2", "2028-01-10": "rung 2", "2028-01-11": "rung 0"},
    ),
    Example(
        "grace with one step",
        "qualifying: {basis: spend, grace days: 1, downgrade: one-step}",
        """
        2026-06-01 purchase 300
        """,
        {"2028-01-01": "rung 2", "2028-01-02": "rung 1", "2029-01-01": "rung 1", "2029-01-02": "rung 0"},
    ),
]

ROLLING = [
    Example(
        "rolling: the sum of the last days, today among them",
        "qualifying: {basis: spend, period: rolling, days: 30}",
        """
        2026-01-05 purchase 60 | 0, rung 0
        2026-02-03 purchase 40 | 0, rung 0
        2026-02-03 event       | 0, rung 0
        """,
        {"2026-02-02": "rung 0", "2026-02-03": "rung 1", "2026-02-04": "rung 0"},
    ),
    Example(
        "rolling over 29 February",
        "qualifying: {basis: spend, period: rolling, days: 30}",
        """
        2028-02-01 purchase 100
        """,
        {"2028-03-01": "rung 1", "2028-03-02": "rung 0"},
    ),
    Example(
        "rolling: a refund without an order that leaves the window lifts the sum",
        "qualifying: {basis: spend, period: rolling, days: 10}",
        """
        2026-01-05 refund 50
        2026-01-07 purchase 100
        """,
        {
            "2026-01-07": "rung 0",
            "2026-01-14": "rung 0",
            "2026-01-15": "rung 1",
            "2026-01-16": "rung 1",
            "2026-01-17": "rung 0",
        },
    ),
    Example(
        "rolling with grace: what was held on one of the days before",
        "qualifying: {basis: spend, period: rolling, days: 10, grace days: 5}",
        """
        2026-01-05 purchase 300
        """,
        {"2026-01-14": "rung 2", "2026-01-15": "rung 2", "2026-01-19": "rung 2", "2026-01-20": "rung 0"},
    ),
    Example(
        "rolling: what a day ends with is held, not what it passed through",
        "qualifying: {basis: spend, period: rolling, days: 10, grace days: 5}",
        """
        2026-01-05 purchase 100 A
        2026-01-05 event          | 0, rung 0
        2026-01-05 refund 100 A   | 0, rung 0
        2026-01-06 event          | 0, rung 0
        """,
        {"2026-01-05": "rung 0", "2026-01-06": "rung 0"},
    ),
    Example(
        "rolling by steps: one rung lower for each window since",
        "qualifying: {basis: spend, period: rolling, days: 10, grace days: 5, downgrade: one-step}",
        """
        2026-01-05 purchase 300
        """,
        {
            "2026-01-14": "rung 2",
            "2026-01-19": "rung 2",
            "2026-01-20": "rung 1",
            "2026-01-29": "rung 1",
            "2026-01-30": "rung 0",
        },
    ),
    Example(
        "rolling without downgrade: every rung ever held, without what was returned",
        "qualifying: {basis: spend, period: rolling, days: 10, downgrade: none}",
        """
        2026-01-05 purchase 100 A
        2026-01-06 purchase 200 B
        2026-03-05 refund 200 B   | 0, rung 2
        """,
        {"2026-01-06": "rung 2", "2026-03-04": "rung 2", "2026-03-05": "rung 1", "2030-01-05": "rung 1"},
    ),
    Example(
        "rolling without downgrade: a rung held only because a refund without an order left the window",
        "qualifying: {basis: spend, period: rolling, days: 10, downgrade: none}",
        """
        2026-01-05 refund 50
        2026-01-07 purchase 100
        """,
        {"2026-01-14": "rung 0", "2026-01-15": "rung 1", "2026-01-17": "rung 1"},
    ),
]

LATE_REFUNDS = [
    Example(
        "a returned order leaves no tier behind, nor does the grace keep it",
        "qualifying: {basis: spend, grace days: 30}",
        """
        2026-12-28 purchase 150 A | 0, figure 15000, rung 0
        2027-01-05 refund 150 A   | 0, figure -15000, rung 1
        2027-01-06 event          | 0, rung 0
        """,
        {"2026-12-28": "rung 1", "2027-01-04": "rung 1", "2027-01-05": "rung 0", "2027-01-31": "rung 0"},
    ),
    Example(
        "a refund of an order of last year lowers last year's sum, not this year's; the grace stays",
        "qualifying: {basis: spend, grace days: 10}",
        """
        2025-06-01 purchase 100 A
        2026-06-01 purchase 120 B
        2027-01-05 refund 50 B
        2027-01-05 purchase 100 C
        """,
        {"2027-01-04": "rung 1", "2027-01-05": "rung 1", "2027-12-31": "rung 1", "2028-01-11": "rung 1"},
        joined="2025-01-01",
    ),
    Example(
        "within the grace a member keeps the rung that last year began with, not that of what was returned",
        "qualifying: {basis: spend, grace days: 10}",
        """
        2025-06-01 purchase 100 A
        2026-06-01 purchase 320 B
        2027-01-05 refund 320 B
        """,
        {"2027-01-04": "rung 2", "2027-01-05": "rung 1", "2027-01-10": "rung 1", "2027-01-11": "rung 0"},
        joined="2025-01-01",
    ),
    Example(
        "one step: a late refund is followed through all years since",
        "qualifying: {basis: spend, downgrade: one-step}",
        """
        2025-06-01 purchase 300 A
        2027-06-01 refund 250 A
        """,
        {"2026-12-31": "rung 2", "2027-05-31": "rung 1", "2027-06-01": "rung 0"},
        joined="2025-01-01",
    ),
    Example(
        "rolling: a refund leaves the window with its purchase",
        "qualifying: {basis: spend, period: rolling, days: 10}",
        """
        2026-01-05 purchase 100 A
        2026-01-08 purchase 100 B
        2026-01-10 refund 100 A
        """,
        {
            "2026-01-09": "rung 1",
            "2026-01-10": "rung 1",
            "2026-01-15": "rung 1",
            "2026-01-17": "rung 1",
            "2026-01-18": "rung 0",
        },
    ),
    Example(
        "anniversary years: a refund counts in the year of its purchase",
        "qualifying: {basis: spend, period: anniversary}",
        """
        2026-05-29 purchase 100 A
        2026-05-30 refund 1 A     | 0, figure -100, rung 1
        2026-05-31 purchase 100 B | 0, rung 0
        """,
        {"2026-05-29": "rung 1", "2026-05-30": "rung 0", "2026-05-31": "rung 1"},
        joined="2025-05-30",
    ),
    Example(
        "a refund of an order from before joining takes nothing from a sum",
        SPEND,
        """
        2025-12-31 purchase 100 A | 0 before joining
        2026-01-02 purchase 100 B
        2026-01-03 refund 100 A   | 0 returned, figure 0
        """,
        {"2026-01-03": "rung 1"},
    ),
    Example(
        "a refund beyond an order of last year counts in that year",
        SPEND,
        """
        2025-12-31 purchase 100 A
        2026-01-02 purchase 100 B
        2026-01-03 refund 150 A   | 0 returned, figure -15000
        """,
        {"2026-01-02": "rung 1", "2026-01-03": "rung 1"},
        joined="2025-01-01",
    ),
    Example(
        "an order returned a year later counts no more in its own year",
        "qualifying: {basis: orders}",
        """
        2026-11-01 purchase 10 A | 0, figure 1
        2027-02-01 refund 10 A   | 0, figure -1
        """,
        {"2027-02-01": "rung 0"},
    ),
    Example(
        "base points returned a year later are those of their own year",
        f"{TEN}\nqualifying: {{basis: points}}",
        """
        2026-11-01 purchase 1000 A | 100 earned, figure 100
        2027-02-01 refund 5 A      | -1 returned, figure -1, rung 1
        2027-02-02 event           | 50 earned, figure 50, rung 0
        """,
        {"2027-01-31": "rung 1", "2027-02-01": "rung 0"},
    ),
]

NEXT_YEAR = """tiers:
  - {key: member, name: Member, RUNG}
  - {key: silver, name: Silver, RUNG, reach: [{reach: 100}, {from: 2027-01-01, reach: 150}]}
  - {key: gold, name: Gold, RUNG, reach: [{from: 2026-01-01, reach: 300}, {from: 2027-07-01, reach: 200}]}
"""

DATED = [
    Example(
        "a ladder that changes next year leaves this year as it is",
        f"{NEXT_YEAR}qualifying: {{basis: spend}}",
        """
        2026-06-01 purchase 120
        2027-06-01 purchase 120
        """,
        {"2026-06-01": "rung 1", "2027-12-31": "rung 1", "2028-01-01": "rung 0"},
    ),
    Example(
        "a ladder that changes within a period is that of the next period",
        f"{NEXT_YEAR}qualifying: {{basis: spend}}",
        """
        2027-08-01 purchase 250
        2028-08-01 purchase 250
        """,
        {"2027-08-01": "rung 1", "2028-07-31": "rung 1", "2028-08-01": "rung 2"},
    ),
    Example(
        "anniversary years: the ladder of the day on which the year begins",
        f"{NEXT_YEAR}qualifying: {{basis: spend, period: anniversary}}",
        """
        2027-03-01 purchase 120
        2027-05-30 purchase 120
        """,
        {"2027-03-01": "rung 1", "2027-05-30": "rung 1", "2028-05-29": "rung 1", "2028-05-30": "rung 0"},
        joined="2026-05-30",
    ),
    Example(
        "rolling: the ladder of each day, and the grace after its change",
        f"{NEXT_YEAR}qualifying: {{basis: spend, period: rolling, days: 365, grace days: 10}}",
        """
        2026-12-01 purchase 120
        2026-12-31 event | 0, rung 1
        2027-01-10 event | 0, rung 1
        2027-01-11 event | 0, rung 0
        """,
        {"2026-12-31": "rung 1", "2027-01-01": "rung 1", "2027-01-10": "rung 1", "2027-01-11": "rung 0"},
    ),
    Example(
        "rolling: a lower ladder lifts at once",
        f"{NEXT_YEAR}qualifying: {{basis: spend, period: rolling, days: 365}}",
        """
        2027-02-01 purchase 250
        """,
        {"2027-06-30": "rung 1", "2027-07-01": "rung 2"},
    ),
]

BY_HAND = [
    Example(
        "a tier by hand, whatever the ledger says",
        SPEND,
        """
        2026-01-05 purchase 300 | 0, rung 0, figure 30000
        2026-01-06 event        | 0, rung 2
        """,
        {"2025-12-31": "rung 1", "2026-01-06": "rung 1"},
        tier="silver",
    ),
    Example(
        "a tier by hand up to and with a day",
        SPEND,
        """
        2026-01-05 purchase 300 | 0, rung 0
        2026-01-10 event        | 0, rung 2
        2026-01-11 event        | 0, rung 2
        """,
        {"2026-01-10": "rung 0", "2026-01-11": "rung 2"},
        tier="member",
        tier_until="2026-01-10",
    ),
    Example(
        "a tier by hand from a day on is that of the lines since then",
        SPEND,
        """
        2026-01-05 purchase 100 | 0, rung 0
        2026-01-10 event        | 0, rung 1
        2026-01-11 event        | 0, rung 2
        2026-01-13 event        | 0, rung 1
        """,
        {"2026-01-10": "rung 1", "2026-01-11": "rung 2", "2026-01-12": "rung 2", "2026-01-13": "rung 1"},
        tier="gold",
        tier_from="2026-01-11",
        tier_until="2026-01-12",
    ),
]

TIERS = [*FIGURES, *YEARS, *ROLLING, *LATE_REFUNDS, *DATED, *BY_HAND]
