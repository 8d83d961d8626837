"""Thanks to the team, and the rewards that they reach."""

from __future__ import annotations

from datetime import date

from members_portal.loyalty.programme.programme import TeamReward
from members_portal.portal.desk.team_thanks import team_thanks
from tests.portal.desk.answers import said

ON = date(2026, 11, 20)
TEAM = ["Inês Almeida", "Tadhg Mulqueen", "Tom Hale", "Tom Quay"]
RULE = [TeamReward(thanks=4, reward="a boat"), TeamReward(thanks=2, reward="a bag")]


def test_thanks_of_the_quarter_are_counted_and_compared_with_the_rule() -> None:
    answers = [
        *(said("2026-11-01", member, employee="Inês") for member in ("M-1", "M-2")),
        said("2026-11-02", "M-3", employee=" inês "),
        said("2026-09-30", "M-4", employee="Inês"),
        said("2026-11-02", "M-1", employee="Tadhg"),
        said("2026-11-02", "M-1", words="Nobody in particular"),
    ]
    found = team_thanks(answers, RULE, ON, TEAM)
    assert [(one.name, one.thanks, one.reward, one.missing) for one in found] == [
        ("Inês Almeida", 3, "a bag", 1),
        ("Tadhg Mulqueen", 1, "", 1),
    ]


def test_a_member_who_thanks_twice_counts_once() -> None:
    answers = [said("2026-11-01", employee="Inês"), said("2026-11-02", employee="Inês")]
    assert [one.thanks for one in team_thanks(answers, RULE, ON, TEAM)] == [1]


def test_the_highest_reward_has_no_next_one() -> None:
    answers = [said("2026-11-01", f"M-{n}", employee="Inês") for n in range(5)]
    (one,) = team_thanks(answers, RULE, ON, TEAM)
    assert (one.reward, one.next_reward, one.missing) == ("a boat", None, 0)


def test_a_first_name_means_the_only_person_who_has_it_and_other_words_are_not_shown() -> None:
    answers = [
        said("2026-11-01", "M-1", employee="tadhg"),
        said("2026-11-02", "M-2", employee="Tadhg Mulqueen"),
        said("2026-11-02", "M-3", employee="Tom"),
        said("2026-11-02", "M-4", employee="THE BOSS IS A THIEF ring +353 1 555"),
    ]
    found = team_thanks(answers, RULE, ON, TEAM)
    assert [(one.name, one.thanks, one.next_reward) for one in found] == [
        ("Tadhg Mulqueen", 2, RULE[0]),
        ("Other names", 2, None),
    ]
