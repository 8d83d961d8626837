"""Examples of Rebate: periods, bands, rounding."""

from tests.loyalty.example import Example

BANDS = "bands: [{from: 100, percent: 1}, {from: 250, percent: 2.5}]"

REBATE = [
    Example(
        "whole: the percentage of the band on everything",
        f"rebate: {{{BANDS}}}",
        """
        2026-01-05 purchase 99.99
        2026-01-06 purchase 0.01
        2026-01-07 purchase 149.99
        2026-01-08 purchase 0.01
        """,
        {
            "2026-01-04": "spend 0, rebate 0",
            "2026-01-05": "spend 99.99, rebate 0",
            "2026-01-06": "spend 100, rebate 1",
            "2026-01-07": "spend 249.99, rebate 2.49",
            "2026-01-08": "spend 250, rebate 6.25",
        },
    ),
    Example(
        "band: each percentage on its part",
        f"rebate: {{of: band, {BANDS}}}",
        """
        2026-01-05 purchase 100
        2026-01-06 purchase 100
        2026-01-07 purchase 150.99
        """,
        {"2026-01-05": "rebate 0", "2026-01-06": "rebate 1", "2026-01-07": "spend 350.99, rebate 4.02"},
    ),
    Example(
        "refunds and excluded lines; never below nothing",
        f"rebate: {{exclude tags: [gift-card], {BANDS}}}",
        """
        2026-01-05 refund 10 A
        2026-01-06 purchase 200 A
        2026-01-07 purchase 500 #gift-card
        2026-01-08 refund 90 #gift-card
        2026-01-09 refund 100 A
        """,
        {
            "2026-01-05": "spend 0, rebate 0",
            "2026-01-06": "spend 190, rebate 1.9",
            "2026-01-08": "spend 190, rebate 1.9",
            "2026-01-09": "spend 90, rebate 0",
        },
    ),
    Example(
        "each calendar year anew, from the day it starts",
        f'rebate: {{starts: "07-01", {BANDS}}}',
        """
        2026-06-30 purchase 100
        2026-07-01 purchase 120
        """,
        {"2026-06-30": "spend 100, rebate 1", "2026-07-01": "spend 120, rebate 1.2", "2027-07-01": "spend 0, rebate 0"},
    ),
    Example(
        "each anniversary year anew, for one who joined on 29 February",
        f"rebate: {{period: anniversary, {BANDS}}}",
        """
        2024-02-28 purchase 500
        2025-02-27 purchase 100
        2025-02-28 purchase 110
        2028-02-28 purchase 120
        2028-02-29 purchase 130
        """,
        {
            "2024-02-28": "spend 0",
            "2025-02-27": "spend 100, rebate 1",
            "2025-02-28": "spend 110, rebate 1.1",
            "2028-02-28": "spend 120, rebate 1.2",
            "2028-02-29": "spend 130, rebate 1.3",
        },
        joined="2024-02-29",
    ),
    Example(
        "bands from nothing on",
        "rebate: {bands: [{from: 0, percent: 3}]}",
        """
        2026-01-05 purchase 0.33
        2026-01-06 purchase 0.01
        """,
        {"2026-01-05": "rebate 0", "2026-01-06": "rebate 0.01"},
    ),
    Example(
        "a currency without smaller units",
        f"currency: JPY\nrebate: {{{BANDS}}}",
        """
        2026-01-05 purchase 199
        """,
        {"2026-01-05": "spend 199, rebate 1"},
    ),
    Example(
        "lines before joining are no spend of the year",
        f"rebate: {{{BANDS}}}",
        """
        2026-03-01 purchase 500
        2026-03-02 purchase 100
        """,
        {"2026-03-01": "spend 0, rebate 0", "2026-03-02": "spend 100, rebate 1"},
        joined="2026-03-02",
    ),
]
