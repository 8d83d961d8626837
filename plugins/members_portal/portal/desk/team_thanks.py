"""Thanks of members to people on the staff in the present quarter, and the rewards that they have reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from members_portal.loyalty.programme.programme import TeamReward
from members_portal.portal.desk.heard_answer import EMPLOYEE, HeardAnswer
from members_portal.portal.desk.theme_count import quarter_of


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


def team_thanks(answers: Iterable[HeardAnswer], rewards: Sequence[TeamReward], on: date) -> list[EmployeeThanks]:
    """Return the people thanked in the quarter of a day, those with most thanks first.

    A member's thanks count once a quarter for each person. Spellings that differ in capitals are one person.
    """
    thanked, spelled = defaultdict[str, set[str]](set), defaultdict[str, Counter[str]](Counter)
    for answer in answers:
        name = " ".join(answer.values.get(EMPLOYEE, "").split())
        if name and quarter_of(answer.received) == quarter_of(on):
            thanked[name.casefold()].add(answer.concerns)
            spelled[name.casefold()][name] += 1
    found = [_employee(spelled[key].most_common(1)[0][0], len(members), rewards) for key, members in thanked.items()]
    return sorted(found, key=lambda each: (-each.thanks, each.name))


def _employee(name: str, thanks: int, rewards: Sequence[TeamReward]) -> EmployeeThanks:
    ladder = sorted(rewards, key=lambda rung: rung.thanks)
    reached = [rung for rung in ladder if rung.thanks <= thanks]
    coming = ladder[len(reached) :]
    return EmployeeThanks(name, thanks, reached[-1].reward if reached else "", coming[0] if coming else None)
