"""Examples of Lots: pending, expiry, spending, returning, what is owed."""

from tests.loyalty.example import Example

TALK = "{name: Talk, kind: event, points: 10}"
SHORT = "{name: Short, kind: survey, points: 10, valid: {days: 5}}"
EURO = "{name: Spend, kind: purchase, points: 1, per: 1}"

LOTS = [
    Example(
        "points are pending until the programme's days are over",
        f"points: {{pending days: 14}}\nearning: [{TALK}]",
        """
        2026-01-05 event | 10 earned, from 2026-01-19
        """,
        {
            "2026-01-05": "pending 10, active 0, balance 10",
            "2026-01-18": "pending 10",
            "2026-01-19": "pending 0, active 10",
        },
    ),
    Example(
        "a rule's own pending days go before the programme's, and so do none",
        """points: {pending days: 14}
earning:
  - {name: Talk, kind: event, points: 10, pending days: 2}
  - {name: Word, kind: review, points: 5, pending days: 0}""",
        """
        2026-02-27 event  | 10 earned, from 2026-03-01
        2026-02-27 review | 5 earned, from 2026-02-27
        """,
        {"2026-02-27": "pending 10, active 5"},
    ),
    Example(
        "points given by hand are available at once and valid as all points are",
        f"points: {{pending days: 14, valid: {{days: 10}}}}\nearning: [{TALK}]",
        """
        2026-01-05 adjustment 10 | 10 given, from 2026-01-05, last 2026-01-15, rule None
        """,
        {"2026-01-05": "active 10, earned 10", "2026-01-15": "active 10", "2026-01-16": "active 0, expired 10"},
    ),
    Example(
        "points valid for days are active on the last of them",
        f"points: {{valid: {{days: 30}}}}\nearning: [{TALK}]",
        """
        2026-01-05 event | 10, last 2026-02-04
        """,
        {"2026-02-04": "active 10, expired 0, left 10", "2026-02-05": "active 0, expired 10, left 0, earned 10"},
    ),
    Example(
        "points valid for months, to the same day or the month's last",
        f"points: {{valid: {{months: 1}}}}\nearning: [{TALK}]",
        """
        2026-01-28 event | 10, last 2026-02-28
        2026-01-29 event | 10, last 2026-02-28
        2026-01-31 event | 10, last 2026-02-28
        2026-02-28 event | 10, last 2026-03-28
        2028-01-31 event | 10, last 2028-02-29
        """,
        {"2028-01-31": "expired 40, active 10"},
    ),
    Example(
        "points of 29 February are valid to the 28th a year later, and to the 29th four years later",
        f"""points: {{valid: {{months: 12}}}}
earning: [{TALK}, {{name: Word, kind: review, points: 1, valid: {{months: 48}}}}]""",
        """
        2028-02-29 event  | 10, last 2029-02-28
        2028-02-29 review | 1, last 2032-02-29
        """,
        {"2028-02-29": "active 11"},
    ),
    Example(
        "points valid to the end of the month, or of a later one",
        f"""points: {{valid: {{end of: month}}}}
earning: [{TALK}, {{name: Word, kind: review, points: 1, valid: {{end of: month, after: 3}}}}]""",
        """
        2026-02-01 event  | 10, last 2026-02-28
        2026-02-28 event  | 10, last 2026-02-28
        2027-11-30 event  | 10, last 2027-11-30
        2027-11-30 review | 1, last 2028-02-29
        """,
        {"2027-11-30": "expired 20, active 11"},
    ),
    Example(
        "points valid to the end of the year, or of a later one",
        f"""points: {{valid: {{end of: year}}}}
earning: [{TALK}, {{name: Word, kind: review, points: 1, valid: {{end of: year, after: 1}}}}]""",
        """
        2026-01-01 event  | 10, last 2026-12-31
        2026-12-31 event  | 10, last 2026-12-31
        2026-12-31 review | 1, last 2027-12-31
        """,
        {"2026-12-31": "active 21", "2027-01-01": "active 1, expired 20", "2028-01-01": "active 0"},
    ),
    Example(
        "points valid until a day",
        f"points: {{valid: {{until: 2026-06-30}}}}\nearning: [{TALK}]",
        """
        2026-01-05 event | 10, last 2026-06-30
        2026-06-30 event | 10, last 2026-06-30
        """,
        {"2026-06-30": "active 20", "2026-07-01": "active 0, expired 20"},
    ),
    Example(
        "points that come after their last day expire as they come, and pay nothing",
        f"points: {{valid: {{until: 2026-06-30}}}}\nearning: [{TALK}]",
        """
        2026-07-01 redemption 3 | -3 spent
        2026-07-01 event        | 10 earned, last 2026-06-30
        """,
        {"2026-07-01": "earned 10, expired 10, owed 3, active -3, left 0"},
    ),
    Example(
        "points available only after their last day were never active",
        "earning: [{name: Talk, kind: event, points: 10, pending days: 20, valid: {days: 10}}]",
        """
        2026-01-05 redemption 3 | -3 spent
        2026-01-05 event        | 10, from 2026-01-25, last 2026-01-15
        """,
        {
            "2026-01-15": "pending 10, active -3, expired 0",
            "2026-01-16": "pending 0, active -3, expired 10",
            "2026-01-25": "active -3, owed 3",
        },
    ),
    Example(
        "points available on their last day are active for that day",
        "earning: [{name: Talk, kind: event, points: 10, pending days: 10, valid: {days: 10}}]",
        """
        2026-01-05 event | 10, from 2026-01-15, last 2026-01-15
        """,
        {"2026-01-14": "pending 10", "2026-01-15": "active 10", "2026-01-16": "expired 10, balance 0"},
    ),
    Example(
        "what expires first is spent first, what never expires last",
        f"earning: [{TALK}, {SHORT}, {{name: Long, kind: review, points: 10, valid: {{days: 90}}}}]",
        """
        2026-01-05 review        | 10, last 2026-04-05
        2026-01-05 event         | 10, last never
        2026-01-06 survey        | 10, last 2026-01-11
        2026-01-07 redemption 25 | -25 spent
        """,
        {"2026-01-07": "active 5, spent 25, left 0 5 0", "2026-01-12": "expired 0, active 5"},
    ),
    Example(
        "of lots that expire on the same day the earlier line's is spent first",
        "earning: [{name: Talk, kind: event, points: 10, valid: {end of: year}}]",
        """
        2026-01-05 event
        2026-01-05 event
        2026-02-05 event
        2026-03-01 redemption 15
        """,
        {"2026-03-01": "left 0 5 10"},
    ),
    Example(
        "pending points can't be spent: what is missing is owed, and paid as they become available",
        f"points: {{pending days: 14}}\nearning: [{TALK}]",
        """
        2026-01-05 event        | 10, from 2026-01-19
        2026-01-06 redemption 4 | -4 spent
        """,
        {"2026-01-06": "pending 10, active -4, owed 4, balance 6", "2026-01-19": "pending 0, active 6, owed 0, left 6"},
    ),
    Example(
        "lots that become available on one day pay in order of expiry",
        """earning:
  - {name: Talk, kind: event, points: 10, pending days: 5}
  - {name: Short, kind: survey, points: 10, pending days: 5, valid: {days: 30}}""",
        """
        2026-01-05 redemption 15
        2026-01-05 event
        2026-01-05 survey
        """,
        {"2026-01-09": "owed 15, active -15, pending 20", "2026-01-10": "owed 0, active 5, left 0 5"},
    ),
    Example(
        "points earned with no pending days pay what is owed at once",
        f"earning: [{TALK}]",
        """
        2026-01-05 redemption 15
        2026-01-06 event
        2026-01-07 adjustment 10
        """,
        {
            "2026-01-05": "owed 15, active -15",
            "2026-01-06": "owed 5, active -5, left 0",
            "2026-01-07": "owed 0, active 5",
        },
    ),
    Example(
        "what is due becomes available before the day's lines act",
        "earning: [{name: Talk, kind: event, points: 10, pending days: 1}]",
        """
        2026-01-05 event
        2026-01-06 redemption 10
        """,
        {"2026-01-06": "owed 0, active 0, left 0"},
    ),
    Example(
        "what ran out the day before expires before the day's lines act",
        f"earning: [{SHORT}]",
        """
        2026-01-05 survey        | 10, last 2026-01-10
        2026-01-10 redemption 4
        2026-01-11 redemption 4
        """,
        {"2026-01-10": "active 6", "2026-01-11": "expired 6, owed 4, active -4, spent 8"},
    ),
    Example(
        "an adjustment below 0 takes points as spending does",
        f"earning: [{TALK}, {SHORT}]",
        """
        2026-01-05 event
        2026-01-05 survey
        2026-01-06 adjustment -25 | -25 taken
        """,
        {"2026-01-06": "taken 25, spent 0, owed 5, active -5, left 0 0"},
    ),
    Example(
        "a redemption of nothing",
        f"earning: [{TALK}]",
        """
        2026-01-05 event
        2026-01-06 redemption 0 COFFEE | 0 spent
        """,
        {"2026-01-06": "active 10, spent 0"},
    ),
    Example(
        "a refund takes back the share of its order, rounded for the house",
        f"earning: [{EURO}]",
        """
        2026-01-05 purchase 10 A | 10 earned
        2026-01-06 refund 3.33 A | -4 returned
        2026-01-07 refund 3.33 A | -3 returned
        2026-01-08 refund 3.34 A | -3 returned
        """,
        {"2026-01-06": "active 6, returned 4", "2026-01-08": "active 0, returned 10, owed 0"},
    ),
    Example(
        "a refund of more than the order takes back all of it, and no more",
        f"earning: [{EURO}, {TALK}]",
        """
        2026-01-05 purchase 10 A
        2026-01-05 event
        2026-01-06 refund 25 A   | -10 returned
        2026-01-06 refund 25 A   | 0 returned
        """,
        {"2026-01-06": "active 10, left 0 10"},
    ),
    Example(
        "a refund of no purchase takes nothing",
        f"earning: [{EURO}]",
        """
        2026-01-05 purchase 10 A
        2026-01-05 purchase 10
        2026-01-05 purchase 0 C
        2026-01-06 refund 5 B    | 0 no purchase
        2026-01-06 refund 5      | 0 no purchase
        2026-01-06 refund 5 C    | 0 no purchase
        """,
        {"2026-01-06": "active 20, returned 0"},
    ),
    Example(
        "a refund sees only the lines before it, and later ones see it",
        f"earning: [{EURO}]",
        """
        2026-01-05 refund 5 A    | 0 no purchase
        2026-01-06 purchase 10 A | 10 earned
        2026-01-07 refund 1 A    | -1 returned
        2026-01-08 purchase 10 A | 10 earned
        2026-01-09 refund 4 A    | -4 returned
        """,
        {"2026-01-09": "active 15, returned 5"},
    ),
    Example(
        "a refund takes a share of what is left of each line, also of an order that has grown without earning",
        "earning: [{name: Spend, kind: purchase, points: 1, per: 10, exclude tags: [gift-card]}]",
        """
        2026-01-05 purchase 100 A            | 10 earned
        2026-01-06 refund 50 A               | -5 returned
        2026-01-07 purchase 900 A #gift-card | 0 excluded
        2026-01-08 refund 10 A               | -1 returned
        2026-01-09 refund 540 A              | -2 returned
        2026-01-10 refund 400 A              | -2 returned
        """,
        {"2026-01-08": "active 4", "2026-01-09": "active 2, returned 8", "2026-01-10": "active 0"},
    ),
    Example(
        "a refund of a capped order takes back a share of what was earned",
        "earning: [{name: Spend, kind: purchase, points: 1, per: 1, cap: {points: 20, per: ever}}]",
        """
        2026-01-05 purchase 100 A | 20 capped
        2026-01-06 refund 50 A    | -10 returned
        """,
        {"2026-01-06": "active 10"},
    ),
    Example(
        "a refund takes pending points of its order first",
        f"earning: [{TALK}, {{name: Spend, kind: purchase, points: 1, per: 1, pending days: 14}}]",
        """
        2026-01-05 event
        2026-01-05 purchase 10 A
        2026-01-06 refund 4 A
        """,
        {"2026-01-06": "active 10, pending 6, left 6 10", "2026-01-19": "active 16"},
    ),
    Example(
        "of its order's lots a refund takes the one first that expires first",
        """earning:
  - {name: Beans, kind: purchase, points: 1, per: 1, tags: [beans], valid: {days: 30}, pending days: 7}
  - {name: Rest, kind: purchase, points: 1, per: 1}""",
        """
        2026-01-05 purchase 10 A        | 10, last never
        2026-01-05 purchase 10 A #beans | 10, last 2026-02-04
        2026-01-06 refund 15 A          | -15 returned
        """,
        {"2026-01-06": "left 5 0, pending 0, active 5"},
    ),
    Example(
        "what is left over of a refund is taken like spending, then owed",
        f"earning: [{EURO}, {TALK}]",
        """
        2026-01-05 purchase 20 A
        2026-01-06 redemption 18
        2026-01-07 event
        2026-01-08 refund 20 A   | -20 returned
        """,
        {"2026-01-07": "active 12, left 2 10", "2026-01-08": "active -8, owed 8, returned 20, left 0 0"},
    ),
    Example(
        "what has expired of a refund's order counts as taken back",
        f"earning: [{{name: Spend, kind: purchase, points: 1, per: 1, valid: {{days: 5}}}}, {TALK}]",
        """
        2026-01-05 purchase 20 A | 20, last 2026-01-10
        2026-01-06 redemption 8  | -8 spent
        2026-01-11 event         | 10 earned
        2026-01-12 refund 5 A    | 0 returned
        2026-01-13 refund 15 A   | -8 returned
        """,
        {
            "2026-01-11": "expired 12, active 10",
            "2026-01-12": "expired 12, active 10, returned 0",
            "2026-01-13": "expired 12, active 2, returned 8, owed 0, earned 30, spent 8",
        },
    ),
    Example(
        "what had expired of a refund's order counts first, as it was first to expire",
        """earning:
  - {name: Beans, kind: purchase, points: 1, per: 1, tags: [beans], valid: {days: 5}}
  - {name: Rest, kind: purchase, points: 1, per: 1}""",
        """
        2026-01-05 purchase 10 A #beans
        2026-01-05 purchase 10 A
        2026-01-12 refund 15 A   | -5 returned
        """,
        {"2026-01-12": "expired 10, returned 5, active 5, left 5 0, owed 0"},
    ),
    Example(
        "earned is always balance, spent, returned, taken and expired together",
        f"points: {{valid: {{months: 1}}, pending days: 3}}\nearning: [{EURO}, {TALK}]",
        """
        2026-01-05 purchase 50 A | 50, from 2026-01-08, last 2026-02-05
        2026-01-06 adjustment 7  | 7 given, last 2026-02-06
        2026-01-10 redemption 20 | -20 spent
        2026-01-11 refund 10 A   | -10 returned
        2026-01-12 adjustment -5 | -5 taken
        2026-02-05 event         | 10, from 2026-02-08, last 2026-03-05
        """,
        {
            "2026-01-12": "earned 57, spent 20, returned 10, taken 5, expired 0, active 22, left 15 7",
            "2026-02-05": "earned 67, active 22, pending 10",
            "2026-02-06": "expired 15, active 7, pending 10",
            "2026-02-07": "expired 22, active 0, pending 10",
            "2026-02-08": "active 10, pending 0, balance 10",
        },
    ),
    Example(
        "an undone redemption returns its points to their lots, with their last day",
        f"earning: [{SHORT}, {TALK}]",
        """
        2026-01-05 survey          | 10, last 2026-01-10
        2026-01-05 event           | 10, last never
        2026-01-06 redemption 14 C | -14 spent
        2026-01-07 reversal C      | 14 undone
        """,
        {
            "2026-01-06": "active 6, spent 14, left 0 6",
            "2026-01-07": "active 20, spent 0, left 10 10",
            "2026-01-11": "active 10, expired 10",
        },
    ),
    Example(
        "points that return after their last day expire at once",
        f"earning: [{SHORT}, {TALK}]",
        """
        2026-01-05 survey          | 10, last 2026-01-10
        2026-01-05 event           | 10, last never
        2026-01-06 redemption 14 C | -14 spent
        2026-02-07 reversal C      | 14 undone
        """,
        {"2026-02-07": "active 10, spent 0, expired 10, earned 20, left 0 10"},
    ),
    Example(
        "a reversal undoes the last redemption with its reference, once",
        f"earning: [{TALK}]",
        """
        2026-01-05 event
        2026-01-06 redemption 2 C
        2026-01-07 redemption 3 C
        2026-01-08 reversal C     | 3 undone
        2026-01-09 reversal C     | 2 undone
        2026-01-10 reversal C     | 0 no redemption
        """,
        {"2026-01-08": "active 8, spent 2", "2026-01-10": "active 10, spent 0"},
    ),
    Example(
        "a reversal of no redemption does nothing, nor one before its redemption",
        f"earning: [{TALK}]",
        """
        2026-01-05 event
        2026-01-05 reversal D     | 0 no redemption
        2026-01-06 reversal C     | 0 no redemption
        2026-01-07 redemption 3 C | -3 spent
        """,
        {"2026-01-07": "active 7, spent 3"},
    ),
    Example(
        "a reversal of the day of its redemption, above it in the file",
        f"earning: [{TALK}]",
        """
        2026-01-05 reversal C     | 3 undone
        2026-01-05 redemption 3 C | -3 spent
        2026-01-05 event          | 10 earned
        """,
        {"2026-01-05": "active 10, spent 0"},
    ),
    Example(
        "points still owed for an undone redemption are owed no more, and what paid for it returns",
        f"earning: [{TALK}]",
        """
        2026-01-05 redemption 15 C | -15 spent
        2026-01-06 event           | 10 earned
        2026-01-07 reversal C      | 15 undone
        """,
        {
            "2026-01-05": "owed 15, active -15",
            "2026-01-06": "owed 5, left 0",
            "2026-01-07": "owed 0, active 10, left 10",
        },
    ),
    Example(
        "points that return pay what other lines owe",
        f"earning: [{TALK}]",
        """
        2026-01-05 event           | 10 earned
        2026-01-06 redemption 10 C | -10 spent
        2026-01-07 redemption 4 D  | -4 spent
        2026-01-08 reversal C      | 10 undone
        """,
        {"2026-01-07": "owed 4, active -4", "2026-01-08": "owed 0, active 6, left 6, spent 4"},
    ),
]
