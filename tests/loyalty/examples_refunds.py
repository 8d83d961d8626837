"""Examples of Refunds: lines matched by item and by tags, proportion, before joining, the room under a cap."""

from tests.loyalty.example import Example

POSTAGE = "earning: [{name: Spend, kind: purchase, points: 1, per: 1, exclude tags: [postage]}]"
HALF = """earning:
  - {name: Coffee, kind: purchase, points: 1, per: 1, tags: [coffee]}
  - {name: Equipment, kind: purchase, points: 0.5, per: 1, tags: [equipment]}"""
EURO = "earning: [{name: Spend, kind: purchase, points: 1, per: 1}]"
ORDERS = """points: {rounding: {per: order}}
earning: [{name: Spend, kind: purchase, points: 1, per: 10, exclude tags: [postage]}]
qualifying: {basis: points, exclude tags: [postage]}"""
TWO = """
        2026-01-05 purchase 100 A #coffee    | 100 earned
        2026-01-05 purchase 100 A #equipment | 50 earned
"""

REFUNDS = [
    Example(
        "postage returned takes no points",
        POSTAGE,
        """
        2026-01-05 purchase 100 A #coffee | 100 earned
        2026-01-05 purchase 10 A #postage | 0 excluded
        2026-01-06 refund 10 A #postage   | 0 returned
        """,
        {"2026-01-06": "balance 100"},
    ),
    Example(
        "a gift card returned takes no points, and its purchases keep their place in a tier",
        """earning: [{name: Spend, kind: purchase, points: 1, per: 1, exclude tags: [gift-card]}]
qualifying: {basis: spend, exclude tags: [gift-card]}
rebate: {exclude tags: [gift-card], bands: [{from: 0, percent: 1}]}""",
        """
        2026-01-05 purchase 100 A           | 100 earned
        2026-01-05 purchase 50 A #gift-card | 0 excluded
        2026-01-06 refund 50 A #gift-card   | 0 returned, figure 0
        """,
        {"2026-01-06": "balance 100, rung 1, spend 100, rebate 1"},
    ),
    Example(
        "equipment returned takes its own points",
        HALF,
        TWO + "2026-01-06 refund 100 A #equipment | -50 returned",
        {"2026-01-05": "balance 150", "2026-01-06": "balance 100, left 100 0"},
    ),
    Example(
        "coffee returned takes its own points",
        HALF,
        TWO + "2026-01-06 refund 100 A #coffee | -100 returned",
        {"2026-01-06": "balance 50, left 0 50"},
    ),
    Example(
        "half of the coffee returned, then half of the order, then the rest",
        HALF,
        TWO
        + """
        2026-01-06 refund 50 A #coffee | -50 returned
        2026-01-07 refund 75 A         | -50 returned
        2026-01-08 refund 75 A         | -50 returned
        """,
        {"2026-01-06": "balance 100", "2026-01-07": "balance 50", "2026-01-08": "balance 0"},
    ),
    Example(
        "an item is matched before tags",
        HALF,
        """
        2026-01-05 purchase 100 A #coffee @1    | 100 earned
        2026-01-05 purchase 100 A #equipment @2 | 50 earned
        2026-01-06 refund 100 A #coffee @2      | -50 returned
        """,
        {"2026-01-06": "balance 100"},
    ),
    Example(
        "of two lines with the same tags the item is the one returned",
        "earning: [{name: Beans, kind: purchase, points: 1, per: 1, valid: {days: 10}, until: 2026-01-05},"
        " {name: Later, kind: purchase, points: 2, per: 1}]",
        """
        2026-01-05 purchase 10 A #coffee @x | 10 earned
        2026-01-06 purchase 10 A #coffee @y | 20 earned
        2026-01-07 refund 10 A #coffee @y   | -20 returned
        """,
        {"2026-01-07": "balance 10, left 10 0"},
    ),
    Example(
        "an unknown item is no match: the tags decide",
        HALF,
        TWO + "2026-01-06 refund 100 A #coffee @9 | -100 returned",
        {"2026-01-06": "balance 50"},
    ),
    Example(
        "tags that no line has match all lines, in proportion",
        HALF,
        TWO + "2026-01-06 refund 100 A #damaged | -75 returned",
        {"2026-01-06": "balance 75, left 25 50"},
    ),
    Example(
        "the lines with the most of the refund's tags match",
        HALF,
        """
        2026-01-05 purchase 100 A #coffee #sale | 100 earned
        2026-01-05 purchase 100 A #coffee       | 100 earned
        2026-01-06 refund 100 A #damaged #sale  | -100 returned
        """,
        {"2026-01-06": "balance 100, left 100 0"},
    ),
    Example(
        "more than the matching line takes the rest from the other lines",
        HALF,
        TWO + "2026-01-06 refund 150 A #equipment | -100 returned",
        {"2026-01-06": "balance 50, left 0 50"},
    ),
    Example(
        "more than the order takes all of it; the rest counts against the line that matches",
        f"{HALF}\nqualifying: {{basis: spend}}\nrebate: {{bands: [{{from: 0, percent: 1}}]}}",
        TWO + "2026-01-06 refund 250 A #coffee | -150 returned, figure -25000",
        {"2026-01-05": "spend 200", "2026-01-06": "balance 0, spend 0, rung 0"},
    ),
    Example(
        "equal items rounded together give back the same: the first",
        ORDERS,
        """
        2026-01-05 purchase 9.99 A @x | 0 earned
        2026-01-05 purchase 9.99 A @y | 1 earned
        2026-01-06 refund 9.99 A @x   | -1 returned, figure -1
        2026-01-07 refund 9.99 A @y   | 0 returned, figure 0
        """,
        {"2026-01-05": "balance 1", "2026-01-06": "balance 0", "2026-01-07": "balance 0"},
    ),
    Example(
        "equal items rounded together give back the same: the second",
        ORDERS,
        """
        2026-01-05 purchase 9.99 A @x | 0 earned
        2026-01-05 purchase 9.99 A @y | 1 earned
        2026-01-06 refund 9.99 A @y   | -1 returned, figure -1
        """,
        {"2026-01-06": "balance 0"},
    ),
    Example(
        "equal items of 15.00 rounded together: one point stays for either",
        ORDERS,
        """
        2026-01-05 purchase 15 A @x | 1 earned
        2026-01-05 purchase 15 A @y | 2 earned
        2026-01-05 purchase 15 B @x | 1 earned
        2026-01-05 purchase 15 B @y | 2 earned
        2026-01-06 refund 15 A @x   | -2 returned, figure -2
        2026-01-06 refund 15 B @y   | -2 returned, figure -2
        2026-01-07 refund 15 A @y   | -1 returned, figure -1
        """,
        {"2026-01-06": "balance 2", "2026-01-07": "balance 1"},
    ),
    Example(
        "items of different price rounded together, in proportion to their amounts",
        ORDERS,
        """
        2026-01-05 purchase 6 A @x  | 0 earned
        2026-01-05 purchase 18 A @y | 2 earned
        2026-01-06 refund 6 A @x    | -1 returned
        2026-01-07 refund 9 A @y    | -1 returned
        2026-01-08 refund 9 A @y    | 0 returned
        """,
        {"2026-01-06": "balance 1", "2026-01-08": "balance 0"},
    ),
    Example(
        "excluded lines take nothing of what is rounded together",
        ORDERS,
        """
        2026-01-05 purchase 15 A @x          | 1 earned
        2026-01-05 purchase 15 A @y          | 2 earned
        2026-01-05 purchase 15 A @z #postage | 0 excluded
        2026-01-06 refund 15 A @z            | 0 returned
        2026-01-07 refund 30 A #coffee       | -3 returned
        """,
        {"2026-01-06": "balance 3"},
    ),
    Example(
        "lines of an order with a capped line give back their own points",
        ORDERS.replace("exclude", "cap: {points: 3, per: day}, exclude", 1),
        """
        2026-01-05 purchase 20 A @x | 2 earned
        2026-01-05 purchase 20 A @y | 1 capped
        2026-01-06 refund 20 A @x   | -2 returned
        """,
        {"2026-01-06": "balance 1"},
    ),
    Example(
        "an amount that does not divide: the largest remainder gets the last cent",
        "earning: [{name: A, kind: purchase, points: 100, per: 1, tags: [a]}]",
        """
        2026-01-05 purchase 1.00 A #a | 100 earned
        2026-01-05 purchase 2.00 A #b | 0 not tagged
        2026-01-06 refund 0.02 A      | -1 returned
        2026-01-07 refund 0.02 A      | -1 returned
        """,
        {"2026-01-07": "balance 98"},
    ),
    Example(
        "a line of amount 0 is returned with its order",
        "earning: [{name: Gift, kind: purchase, points: 5, tags: [gift]},"
        " {name: Spend, kind: purchase, points: 1, per: 1}]",
        """
        2026-01-05 purchase 0 A #gift | 5 earned
        2026-01-05 purchase 10 A      | 10 earned
        2026-01-06 refund 4 A         | -4 returned
        2026-01-07 refund 6 A         | -11 returned
        2026-01-08 refund 6 A         | 0 returned
        """,
        {"2026-01-06": "balance 11", "2026-01-07": "balance 0"},
    ),
    Example(
        "a refund takes from the lots of what it returns first, whatever expires first",
        """earning:
  - {name: Coffee, kind: purchase, points: 1, per: 1, tags: [coffee], valid: {days: 10}}
  - {name: Equipment, kind: purchase, points: 1, per: 1}""",
        """
        2026-01-05 purchase 10 A #coffee
        2026-01-05 purchase 10 A #equipment
        2026-01-06 refund 10 A #equipment   | -10 returned
        """,
        {"2026-01-06": "left 10 0"},
    ),
    Example(
        "points of it that were spent are taken from the other lots of its order, then like spending",
        """earning:
  - {name: Coffee, kind: purchase, points: 1, per: 1, tags: [coffee], valid: {days: 10}}
  - {name: Equipment, kind: purchase, points: 1, per: 1}
  - {name: Talk, kind: event, points: 10, valid: {days: 5}}""",
        """
        2026-01-05 purchase 10 A #coffee
        2026-01-05 purchase 10 A #equipment
        2026-01-06 redemption 8
        2026-01-07 event
        2026-01-08 refund 10 A #coffee      | -10 returned
        """,
        {"2026-01-06": "left 2 10", "2026-01-08": "left 0 2 10"},
    ),
    Example(
        "the order of the lines of an order changes nothing: the larger first",
        f"{EURO}\nmultipliers: [{{name: Gold, factor: 2, tiers: [silver+]}}]\nqualifying: {{basis: spend}}",
        """
        2026-01-05 purchase 1000 A | 1000 earned
        2026-01-05 purchase 500 A  | 500 earned
        """,
        {"2026-01-05": "balance 1500"},
    ),
    Example(
        "the order of the lines of an order changes nothing: the smaller first",
        f"{EURO}\nmultipliers: [{{name: Gold, factor: 2, tiers: [silver+]}}]\nqualifying: {{basis: spend}}",
        """
        2026-01-05 purchase 500 A  | 500 earned
        2026-01-05 purchase 1000 A | 1000 earned
        """,
        {"2026-01-05": "balance 1500"},
    ),
    Example(
        "two orders of one day that reach a tier together: none of their lines is doubled",
        f"{EURO}\nmultipliers: [{{name: Silver, factor: 2, tiers: [silver+]}}]\nqualifying: {{basis: spend}}",
        """
        2026-01-05 purchase 60 B | 60 earned, rung 0
        2026-01-05 purchase 60 A | 60 earned, rung 0
        2026-01-06 purchase 10 B | 20 earned, rung 1
        """,
        {"2026-01-05": "balance 120, rung 1", "2026-01-06": "balance 140"},
    ),
    Example(
        "the order of the lines of an order changes nothing: a minimum of the order",
        "earning: [{name: Spend, kind: purchase, points: 1, per: 1, minimum: 30}]",
        """
        2026-01-05 purchase 5 A  | 5 earned
        2026-01-05 purchase 30 A | 30 earned
        2026-01-05 purchase 30 B | 30 earned
        2026-01-05 purchase 5 B  | 5 earned
        """,
        {"2026-01-05": "balance 70"},
    ),
    Example(
        "the order of the lines of an order changes nothing: the smaller amount is first under a cap",
        "earning: [{name: Spend, kind: purchase, points: 1, per: 1, cap: {points: 10, per: day}}]",
        """
        2026-01-05 purchase 8 A | 6 capped
        2026-01-05 purchase 4 A | 4 earned
        2026-01-06 purchase 4 A | 4 earned
        2026-01-06 purchase 8 A | 6 capped
        """,
        {"2026-01-05": "balance 10", "2026-01-06": "balance 20"},
    ),
    Example(
        "a refund above its purchase in the file is the refund of a purchase of the same day",
        EURO,
        """
        2026-01-05 refund 4 A    | -4 returned
        2026-01-05 purchase 10 A | 10 earned
        """,
        {"2026-01-05": "balance 6"},
    ),
    Example(
        "a rebate of last year is lowered by a refund of its order, this year's is not",
        "rebate: {bands: [{from: 100, percent: 1}]}",
        """
        2026-12-28 purchase 200 A
        2027-01-04 purchase 100 B
        2027-01-05 refund 200 A
        """,
        {"2026-12-31": "spend 200, rebate 2", "2027-01-05": "spend 100, rebate 1"},
    ),
    Example(
        "a refund gives the room under the cap of the purchase's month back",
        "earning: [{name: Spend, kind: purchase, points: 1, per: 1, cap: {points: 45, per: month}}]",
        """
        2026-01-10 purchase 100 A | 45 capped
        2026-01-12 refund 100 A   | -45 returned
        2026-01-20 purchase 30 B  | 30 earned
        2026-01-21 purchase 30 C  | 15 capped
        2026-02-01 refund 30 B    | -30 returned
        2026-02-02 purchase 60 D  | 45 capped
        """,
        {"2026-01-31": "balance 45", "2026-02-02": "balance 60"},
    ),
    Example(
        "a partial refund gives a part of the room back",
        "earning: [{name: Spend, kind: purchase, points: 1, per: 1, cap: {points: 45, per: year}}]",
        """
        2026-01-10 purchase 100 A | 45 capped
        2026-01-12 refund 50 A    | -23 returned
        2026-01-20 purchase 30 B  | 22 capped
        """,
        {"2026-01-31": "balance 44"},
    ),
]
