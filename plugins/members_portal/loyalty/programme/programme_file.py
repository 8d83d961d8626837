"""The file of a programme: reads programme.yaml, and checks that its rules fit each other."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel import Locale

from members_portal.loyalty.input.located_yaml import Located, Path_, load_yaml
from members_portal.loyalty.input.parsing import parse
from members_portal.loyalty.input.problem import InvalidInput, Problem, closest, one_of
from members_portal.loyalty.programme.audience import MANAGERS, MEMBERS, PUBLIC, STAFF, UnknownAudience, parse_audience
from members_portal.loyalty.programme.dated import in_force
from members_portal.loyalty.programme.programme import Programme, Tier
from members_portal.loyalty.programme.segment import KEY_CUSTOMERS

RESERVED_KEYS = frozenset({PUBLIC, MEMBERS, STAFF})


def load_programme(folder: Path) -> Programme:
    """Read programme.yaml of a members folder; raise InvalidInput with all problems."""
    programme, problems = read_programme(folder)
    if problems:
        raise InvalidInput(problems)
    return programme


def read_programme(folder: Path) -> tuple[Programme, list[Problem]]:
    """Read programme.yaml; return it with the problems of its rules. Other files can be checked against its keys.

    Raise InvalidInput where the keys of tiers, segments, interests and others are not certain.
    """
    located = load_yaml(folder / "programme.yaml")
    problems = list(located.problems)
    programme = parse(Programme, located, located.value, problems=problems)
    if programme:
        rules = _rule_problems(located, programme)
        problems += _repeated(located, programme)
        if not problems:
            return programme, rules
        problems += rules
    raise InvalidInput(problems)


def _rule_problems(located: Located, programme: Programme) -> list[Problem]:
    checks = (_ladder_problems, _word_problems, _rate_problems, _contradictory_tags, _staff_problems)
    return [problem for check in checks for problem in check(located, programme)]


def _repeated(located: Located, programme: Programme) -> list[Problem]:
    problems: list[Problem] = []
    keys = {
        "tiers": [tier.key for tier in programme.tiers],
        "account_managers": [manager.key for manager in programme.account_managers],
        "segments": [segment.key for segment in programme.segments],
        "causes": [cause.key for cause in programme.causes],
    }
    for part, used in keys.items():
        for index, key in enumerate(used):
            at = (part, index, "key")
            if key in used[:index]:
                problems.append(located.problem(at, f"key `{key}` is used twice", "a key of its own"))
            elif part == "tiers" and key in RESERVED_KEYS:
                problems.append(located.problem(at, f"`{key}` means something else in audiences", "another key"))
            elif part == "account_managers" and key == MANAGERS:
                problems.append(located.problem(at, f"`{key}` means something else in `desk:`", "another key"))
            elif part == "segments" and key == KEY_CUSTOMERS:
                problems.append(located.problem(at, f"`{key}` means something else in `Letters:`", "another key"))
    return problems


def _ladder_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield problems with `reach`: it must rise from tier to tier on each day, and needs `qualifying`."""
    days = [date.min, *programme.ladder_days]
    for index, tier in enumerate(programme.tiers):
        at: Path_ = ("tiers", index, "reach")
        if programme.qualifying is None:
            if tier.reach:
                yield located.problem(at, "`reach` without `qualifying`", "`qualifying` with a `basis`", key=True)
        elif index == 0:
            if any(entry.reach for entry in tier.reach):
                yield located.problem(at, "`reach` of the lowest tier", "no `reach`", key=True)
        elif wrong := next((day for day in days if not _rises(programme, index, day)), None):
            yield located.problem(at, _reach_problem(tier, wrong), f"more than {_reach(programme, index - 1, wrong)}")


def _rises(programme: Programme, index: int, day: date) -> bool:
    return _reach(programme, index, day) > _reach(programme, index - 1, day)


def _reach(programme: Programme, index: int, day: date) -> Decimal:
    """Return the `reach` of a tier on a day; 0 without one."""
    reach = programme.tiers[index].reach
    return in_force(reach, day).reach if reach and index else Decimal(0)


def _reach_problem(tier: Tier, day: date) -> str:
    if not tier.reach:
        return "`reach` is missing"
    since = f" from {day} on" if day > date.min else ""
    return f"reach: `{in_force(tier.reach, day).reach}` is not above the tier before{since}"


def _rate_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield a problem for an exchange rate of the programme's own currency."""
    if programme.currency in programme.exchange_rates:
        at = ("exchange_rates", programme.currency.lower())
        what = f"`{programme.currency}` is the programme's own currency"
        yield located.problem(at, what, "rates of other currencies", key=True)


def _contradictory_tags(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield a problem for each earning rule that excludes all its own tags, and so matches no line."""
    for index, rule in enumerate(programme.earning):
        if rule.tags and set(rule.tags) <= set(rule.exclude_tags):
            at = ("earning", index, "exclude_tags")
            yield located.problem(at, "`exclude tags` leaves none of `tags`", "other tags")


def _word_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield a problem for each unknown tier, interest or country in a rule."""
    named = [("multipliers", rule.tiers) for rule in programme.multipliers]
    named += [("segments", segment.tiers) for segment in programme.segments]
    for part in ("multipliers", "segments"):
        for index, words in enumerate(words for owner, words in named if owner == part):
            for number, word in enumerate(words):
                yield from _audience_problem(located, (part, index, "tiers", number), word, programme)
    for index, segment in enumerate(programme.segments):
        for number, word in enumerate(segment.interests):
            yield from located.unknown(("segments", index, "interests", number), "interest", word, programme.interests)
        for number, word in enumerate(segment.countries):
            yield from _country_problem(located, ("segments", index, "countries", number), word)


def _staff_problems(located: Located, programme: Programme) -> Iterator[Problem]:
    """Yield problems of `staff`: segments that are unknown, and rewards for the same number of thanks."""
    known = [segment.key for segment in programme.segments]
    for number, word in enumerate(programme.staff.close_segments):
        yield from located.unknown(("staff", "close_segments", number), "segment", word, known)
    asked = [reward.thanks for reward in programme.staff.team_rewards]
    for index, thanks in enumerate(asked):
        if thanks in asked[:index]:
            at: Path_ = ("staff", "team_rewards", index, "thanks")
            yield located.problem(at, f"two rewards for {thanks} thanks", "another number for each")


def _country_problem(located: Located, at: Path_, word: str) -> Iterator[Problem]:
    if word not in Locale("en").territories:
        what, expected = f"unknown country `{word}`", "a country of ISO 3166-1, such as IE"
        yield located.problem(at, what, expected, "`GB`" if word == "UK" else "")


def _audience_problem(located: Located, at: Path_, word: str, programme: Programme) -> Iterator[Problem]:
    expected = f"{one_of(programme.ladder)}, or one and up such as `{programme.ladder[-1]}+`"
    try:
        if parse_audience((word,), programme.ladder).is_public or word.strip().lower() == STAFF:
            yield located.problem(at, f"`{word}` is no tier", expected)
    except UnknownAudience:
        yield located.problem(at, f"unknown tier `{word}`", expected, closest(word.removesuffix("+"), programme.ladder))
