"""Thanks of members to people on the staff in the present quarter, and the rewards that they have reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from members_portal.loyalty.programme.programme import TeamReward
from members_portal.portal.desk.heard_answer import EMPLOYEE, HeardAnswer
from members_portal.portal.desk.theme_count import quarter_of
from members_portal.portal.inputs import Inputs

OTHER_NAMES = "Other names"


@dataclass(frozen=True)
class EmployeeThanks:
    """The thanks to one person: the number in this quarter, the reward reached, and the next one."""

    name: str
    thanks: int
    reward: str
    next_reward: TeamReward | None

    @property
    def missing(self) -> int:
        """The thanks that the next reward needs."""
        return self.next_reward.thanks - self.thanks if self.next_reward else 0


def team_thanks(
    answers: Iterable[HeardAnswer], rewards: Sequence[TeamReward], on: date, colleagues: Iterable[str]
) -> list[EmployeeThanks]:
    """Return the people thanked in the quarter of a day, those with most thanks first, and last all others together.

    A member's thanks count once a quarter for each person. `colleagues` are the names of people on the staff; a first
    name stands for the only one who has it. What is no such name may be any words, which not all staff may read.
    """
    names, thanked = _names(colleagues), defaultdict[str, set[str]](set)
    for answer in answers:
        text = " ".join(answer.values.get(EMPLOYEE, "").split())
        if text and quarter_of(answer.received) == quarter_of(on):
            thanked[names.get(text.casefold(), OTHER_NAMES)].add(answer.concerns)
    found = [_employee(name, len(members), () if name == OTHER_NAMES else rewards) for name, members in thanked.items()]
    return sorted(found, key=lambda each: (each.name == OTHER_NAMES, -each.thanks, each.name))


def colleagues_of(inputs: Inputs) -> Iterator[str]:
    """Yield the names of people on the staff: members of the staff, account managers, and choices of `employee`."""
    yield from (member.full_name for member in inputs.members if member.staff)
    yield from (manager.name for manager in inputs.programme.account_managers)
    for item in inputs.library.items.values():
        for question in item.front.form.questions if item.front.form else ():
            if question.name == EMPLOYEE:
                yield from question.choices


def _names(colleagues: Iterable[str]) -> dict[str, str]:
    """Return the name that is meant by each spelling, in lower case: a name, or a first name that one person has."""
    whole = {name.casefold(): name for name in colleagues}
    first = Counter(key.partition(" ")[0] for key in whole)
    single = {word: name for key, name in whole.items() if first[word := key.partition(" ")[0]] == 1}
    return single | whole


def _employee(name: str, thanks: int, rewards: Sequence[TeamReward]) -> EmployeeThanks:
    ladder = sorted(rewards, key=lambda rung: rung.thanks)
    reached = [rung for rung in ladder if rung.thanks <= thanks]
    coming = ladder[len(reached) :]
    return EmployeeThanks(name, thanks, reached[-1].reward if reached else "", coming[0] if coming else None)
