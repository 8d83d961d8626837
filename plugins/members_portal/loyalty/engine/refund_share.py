"""Shares of refunds in points and figures, as SQL. RULES.md, "Refunds"."""

from members_portal.loyalty.programme.programme import Programme

PART_OF_POINT = 1_000_000  # shares of points are rounded down to a millionth


def fair_points(programme: Programme) -> str:
    """Return the points of a purchase in which its refunds share, in millionths."""
    own = f"earned::hugeint * {PART_OF_POINT}"
    if programme.points.rounding.per == "line":
        return own
    group = "over (partition by m, order_no, day, kind)"
    is_whole = f"order_no is not null and bool_and(earned = points_before_cap) {group}"
    return _fair("earned", "exact * factor", group, own, is_whole)


def fair_base(programme: Programme) -> str:
    """Return the base points of a purchase in which its refunds share, in millionths."""
    own = f"base::hugeint * {PART_OF_POINT}"
    if programme.points.rounding.per == "line":
        return own
    group = "over (partition by m, order_no, day, kind, uncounted)"
    return _fair("base", "exact", group, own, "order_no is not null")


def only_refunded(programme: Programme, parts: str) -> str:
    """Return the join that leaves only lines of orders with refunds, which `parts` holds; empty if not needed."""
    return "" if programme.points.rounding.per == "line" else f"semi join {parts} using (m, order_no)"


def _fair(points: str, exact: str, group: str, own: str, condition: str) -> str:
    """Return the points of the lines that are rounded together, divided in proportion to their exact points."""
    part = f"(sum({points}) {group})::hugeint * {PART_OF_POINT} * {exact} // (sum({exact}) {group})"
    return f"case when {condition} and sum({exact}) {group} > 0 then {part} else {own} end"


def share_of(whole: str) -> str:
    """Return a quantity's share in a part of a refund, in millionths: the share after the part less that before it."""
    after, before = (f"{whole} * {taken} // amount" for taken in ("(taken_before + taken)", "taken_before"))
    return f"case when free then {whole} when taken > 0 then {after} - {before} else 0 end"


def back(share_so_far: str, share: str) -> str:
    """Return what a refund takes back, by its share and the share of all refunds so far: whole numbers, rounded up."""
    after, before = (
        f"({part} + {PART_OF_POINT - 1}) // {PART_OF_POINT}" for part in (share_so_far, f"{share_so_far} - {share}")
    )
    return f"({after} - {before})::bigint"
