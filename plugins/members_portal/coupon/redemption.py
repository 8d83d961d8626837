"""Redemptions: whose code was used, and whether it might be. The site secret and the roster know more than a till."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from members_portal.coupon.coupon_code import (
    LENGTH,
    NUMBER,
    CouponOffer,
    Verdict,
    coupon_number,
    find_offer,
    read_coupon,
    read_characters,
)
from members_portal.seal import BadCode, Secret
from members_portal.seal.key.code_format import VALUES, normalise

MayUse = Callable[[str, str], bool]  # whether an offer is for a member, by the names of both


@dataclass(frozen=True)
class Redemption:
    """A line of the ledger: its number, and a reference that is a code, an offer's name, a cause, or anything."""

    n: int
    day: date
    member: str | None
    reference: str | None


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong with a line of the ledger; neither a code nor a person's name is in it."""

    n: int
    member: str
    offer: str
    what: str

    def __str__(self) -> str:
        member = f", member {self.member}" if self.member else ""
        return f"line {self.n}{member}{f', {self.offer}' if self.offer else ''}: {self.what}"


def everybody(_offer: str, _member: str) -> bool:
    """Let every member use every offer."""
    return True


def verify_coupon(
    secret: Secret,
    text: str,
    offers: Sequence[CouponOffer],
    on: date,
    roster: Collection[str],
    redemptions: Iterable[Redemption] = (),
    may_use: MayUse = everybody,
) -> Verdict:
    """Judge a code with the roster and the ledger at hand; the verdict names the member, where the code is ours."""
    verdict = read_coupon(text, with_uses(secret, offers, redemptions), on)
    if verdict.offer is None:
        return verdict
    slug = verdict.offer.slug
    (owners,) = find_owners(secret, {(slug, verdict.letters[:NUMBER])}, roster).values() or [[]]
    if not owners:
        return replace(verdict, outcome="stranger")
    allowed = may_use(slug, owners[0])
    return replace(verdict, member=owners[0], outcome=verdict.outcome if allowed else "not-theirs")


def describe(verdict: Verdict) -> str:
    """Say a verdict in one line; the code itself is never repeated."""
    offer, outcome = verdict.offer, verdict.outcome
    if offer is None:
        where = f"; look at group {verdict.group}" if verdict.group else ""
        return {
            "mistyped": f"mistyped: this is no coupon code as it stands{where}",
            "access-code": "not a coupon: this is a member's access code, which is to be shown to nobody",
        }.get(outcome, "not ours: no offer here has this code")
    whose = f"{offer.slug}, member {verdict.member}" if verdict.member else offer.slug
    used = f"; used {_times(len(verdict.days))} of {offer.limit}" if offer.limit > 1 else ""
    return {
        "valid": f"valid: {whose}, until {offer.ends}{used}",
        "early": f"not yet: {whose}, from {offer.starts}",
        "over": f"over: {whose}, until {offer.ends}",
        "used": f"already used: {whose}, on {', '.join(verdict.days)}",
        "gone": f"all given: {whose}, there were {offer.capacity}",
        "stranger": f"not ours: {whose}, but the code is nobody's on the roster",
        "not-theirs": f"not for this member: {whose}",
    }[outcome]


def with_uses(
    secret: Secret, offers: Iterable[CouponOffer], redemptions: Iterable[Redemption]
) -> tuple[CouponOffer, ...]:
    """Note in each offer the uses that the ledger holds; those that name the offer count for its member's code."""
    offers = tuple(offers)
    named, uses = {offer.slug: offer for offer in offers}, defaultdict(list)
    for line in redemptions:
        reference = line.reference or ""
        if line.member and reference in named:
            uses[reference].append(f"{coupon_number(secret, reference, line.member)} {line.day}")
        elif (found := _read(reference, offers)) and found[0]:
            uses[found[0].slug].append(f"{found[1]} {line.day}")
    return tuple(replace(offer, used=tuple(sorted(uses[offer.slug]))) for offer in offers)


def check_redemptions(
    redemptions: Iterable[Redemption],
    offers: Sequence[CouponOffer],
    roster: Collection[str],
    secret: Secret,
    others: Collection[str] = (),
) -> list[Finding]:
    """List what is wrong with redemptions, by ledger line; `others` are references that are neither code nor offer.

    A line without a reference spends points on nothing in particular, and is left alone.
    """
    lines = sorted((line for line in redemptions if line.reference), key=lambda line: (line.day, line.n))
    named = {offer.slug: offer for offer in offers}
    read = {text: _read(text, offers) for text in {line.reference or "" for line in lines} - {*named, *others}}
    owners = _owners(secret, lines, read, roster)
    tallies = {slug: Tally(offer) for slug, offer in named.items()}
    findings: list[Finding] = []
    for line in lines:
        reference = line.reference or ""
        if reference in named:
            findings += tallies[reference].count(line, line.member or "")
        elif reference in read:
            findings += _check_code(line, read[reference], owners, tallies)
    return sorted(findings)


def fill_in(
    redemptions: Iterable[Redemption], offers: Sequence[CouponOffer], roster: Collection[str], secret: Secret
) -> list[Redemption]:
    """Name the member in each line that a till wrote without one; what isn't a member's code stays without."""
    lines = list(redemptions)
    read = {line.reference or "": _read(line.reference or "", offers) for line in lines if not line.member}
    keys = {text: (offer.slug, number) for text, (offer, number) in read.items() if offer}
    owners = find_owners(secret, set(keys.values()), roster)
    found = {text: owners[key][0] for text, key in keys.items() if key in owners}
    return [replace(line, member=line.member or found.get(line.reference or "")) for line in lines]


def find_owners(
    secret: Secret, asked: Iterable[tuple[str, str]], roster: Collection[str]
) -> dict[tuple[str, str], list[str]]:
    """Find whose the numbers of offers are: a list each, since of a million members two may share one."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for slug, number in asked:
        numbers[slug].add(number)
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for slug, wanted in numbers.items():
        for member in roster:
            if (number := coupon_number(secret, slug, member)) in wanted:
                owners[slug, number].append(member)
    return dict(owners)


class Tally:
    """The uses of one offer, counted in their order; each may be one too many."""

    def __init__(self, offer: CouponOffer) -> None:
        self.offer, self.by_owner, self.given = offer, Counter[str](), 0

    def count(self, line: Redemption, owner: str) -> Iterator[Finding]:
        """Count one more use, and say what forbids it."""
        self.given += 1
        self.by_owner[owner] += 1
        for what in self._wrong(line.day, self.by_owner[owner]):
            yield Finding(line.n, line.member or "", self.offer.slug, what)

    def _wrong(self, day: date, often: int) -> Iterator[str]:
        offer = self.offer
        if day < offer.starts:
            yield f"used {_days(offer.starts - day)} before the offer starts"
        if day > offer.ends:
            yield f"used {_days(day - offer.ends)} after the offer ended"
        if often > offer.limit:
            yield f"used {_times(often)}; {_times(offer.limit)} is allowed"
        if offer.capacity and self.given > offer.capacity:
            yield f"number {self.given} of {offer.capacity} in all"


def _owners(
    secret: Secret, lines: Iterable[Redemption], read: Mapping[str, "Read"], roster: Collection[str]
) -> Mapping[tuple[str, str], list[str]]:
    """Find whose the codes are: the member's whom the line names, as nearly always, or else anybody's."""
    owners: dict[tuple[str, str], list[str]] = {}
    members = set(roster)
    for line in lines:
        offer, number = read.get(line.reference or "", (None, ""))
        if offer and line.member in members and coupon_number(secret, offer.slug, line.member or "") == number:
            owners.setdefault((offer.slug, number), [line.member or ""])
    left = {(offer.slug, number) for offer, number in read.values() if offer} - owners.keys()
    return owners | find_owners(secret, left, roster)


Read = tuple[CouponOffer | None, str]  # a code's offer and number, or none and what is wrong


def _read(reference: str, offers: Sequence[CouponOffer]) -> Read:
    try:
        letters = read_characters(reference)
    except BadCode:
        letters = normalise(reference)
        is_near = len(letters) == LENGTH and set(letters) <= VALUES.keys()
        return None, "a coupon code with a slip in it" if is_near else "neither a coupon code nor an offer"
    offer = find_offer(letters, offers)
    return (offer, letters[:NUMBER]) if offer else (None, "a coupon code that was not made here")


def _check_code(
    line: Redemption, read: Read, owners: Mapping[tuple[str, str], list[str]], tallies: Mapping[str, Tally]
) -> Iterator[Finding]:
    offer, number = read
    if offer is None:
        yield Finding(line.n, line.member or "", "", number)
        return
    made_for = owners.get((offer.slug, number), [])
    if not made_for:
        yield Finding(line.n, line.member or "", offer.slug, "the code is nobody's on the roster")
    elif line.member and line.member not in made_for:
        yield Finding(line.n, line.member, offer.slug, f"the code was made for member {made_for[0]}")
    owner = line.member if line.member in made_for else next(iter(made_for), f"number {number}")
    yield from tallies[offer.slug].count(line, owner or "")


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
