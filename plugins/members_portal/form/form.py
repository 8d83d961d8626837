"""Forms: the questions of an item, who may answer them, and what the company gives in return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints
from pydantic_core import PydanticCustomError

from members_portal.loyalty.input.consistent_record import ConsistentRecord
from members_portal.loyalty.input.schema import Count, Day, Flag, Key, Line, Text, Words, misfit

FormKind = Literal["feedback", "survey", "rsvp", "vote", "referral", "join", "change", "lost-code", "note"]

PUBLIC_KINDS = ("join", "lost-code")  # without a member
MOST_A_DAY = 50  # answers of one member to one form
QUESTION_NAMES = {  # what other systems call the keys of a question
    **dict.fromkeys(("min", "minimum", "least"), "`from`"),
    **dict.fromkeys(("max", "maximum", "most"), "`to`"),
    **dict.fromkeys(("required", "mandatory"), "`optional: true`, where it may stay empty"),
    **dict.fromkeys(("label", "question", "title"), "`ask`"),
    "options": "`choices`",
}
REPEATS: Mapping[str, str] = {"survey": "no", "vote": "last", "rsvp": "last"}  # the others: "yes"


class Question(ConsistentRecord):
    """One question. `name` identifies its answers; it must not change once there are some.

    `from_` and `to` are the least and greatest number of the types `scale` and `number`.
    """

    other_names: ClassVar[Mapping[str, str]] = QUESTION_NAMES

    name: Key
    ask: Line
    type: Literal["line", "text", "choice", "several", "scale", "number", "date"] = "text"
    choices: tuple[Line, ...] = ()
    from_: Annotated[int, Field(alias="from", ge=0, le=100_000)] = 1
    to: Annotated[int, Field(ge=0, le=100_000)] = 5
    low: Line | None = None
    high: Line | None = None
    optional: Flag = False
    help: Line | None = None

    def misfits(self) -> Iterator[PydanticCustomError]:
        """Yield what does not fit the type."""
        if self.type in {"choice", "several"} and self.choices is not None and len(set(self.choices)) < 2:
            yield misfit("has too few choices", "at least two different `choices`", "choices")
        if None in (self.from_, self.to):  # one of them is no number
            return
        if self.type == "scale" and not 2 <= self.to - self.from_ + 1 <= 11:
            yield misfit("isn't a scale", "2 to 11 steps between `from` and `to`", "to")
        if self.type == "number" and self.to < self.from_:
            yield misfit("ends before it begins", f"a number from {self.from_} on", "to")


class Form(ConsistentRecord):
    """The form of an item.

    `who` are the audience words of those who may answer (default: the readers of the item, without staff). `repeat`:
    whether a member may answer again; with `last`, the last answer counts. `points` are given for a member's first
    answer; `earns` is the kind of ledger line that it makes, which earns by the rules of the programme. `places` limits
    the persons of an `rsvp`; for an event its capacity does. `most` limits the answers of one member in a day.
    """

    main_key: ClassVar[str] = "kind"

    kind: FormKind
    questions: tuple[Question, ...] = ()
    intro: Text | None = None
    who: Words = ()
    opens: Day | None = None
    closes: Day | None = None
    repeat: Literal["no", "last", "yes"] | None = None
    thanks: Text | None = None
    points: Count | None = None
    earns: Literal["review", "testimonial", "survey", "event"] | None = None
    places: Count | None = None
    persons: Annotated[int, Field(ge=1, le=50)] = 1
    most: Annotated[int, Field(ge=1, le=100_000)] = MOST_A_DAY
    waiting_list: Flag = True
    button: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None

    @property
    def again(self) -> str:
        """Whether a member may answer again: `no`, `last` or `yes`."""
        return self.repeat or REPEATS.get(self.kind, "yes")

    @property
    def is_public(self) -> bool:
        """Tell whether it is answered without a member."""
        return self.kind in PUBLIC_KINDS

    def is_open(self, on: date) -> bool:
        """Tell whether it can be answered on a day."""
        return (self.opens or on) <= on <= (self.closes or on)

    def misfits(self) -> Iterator[PydanticCustomError]:
        """Yield the keys that contradict each other."""
        if self.opens and self.closes and self.closes < self.opens:
            yield misfit("closes before it opens", f"a day from {self.opens} on", "closes")
        if self.points and self.earns:
            yield misfit("gives points twice", "`points` or `earns`", "earns")
        if self.questions is not None:
            yield from self._misfit_questions()
        if self.kind:
            yield from self._misfit_kind()

    def _misfit_kind(self) -> Iterator[PydanticCustomError]:
        """Yield the keys that do not belong to the kind."""
        if self.kind != "rsvp" and (self.places or (self.persons or 1) > 1):
            at = "places" if self.places else "persons"
            yield misfit(f"`{at}` belongs to a form of the kind `rsvp`", "no such key", at)
        if self.is_public and (self.points or self.earns):
            at = "points" if self.points else "earns"
            yield misfit(f"a form of the kind `{self.kind}` is answered without a member", f"no `{at}`", at)

    def _misfit_questions(self) -> Iterator[PydanticCustomError]:
        names = [question.name if question else None for question in self.questions]
        for index, name in enumerate(names):
            if name and name in names[:index]:
                yield misfit(f"`{name}` is the name of two questions", "another name", "questions", index, "name")
        if None in self.questions:  # one of them has a fault
            return
        choices = [question for question in self.questions if question.type == "choice" and not question.optional]
        if self.kind == "vote" and len(choices) != 1:
            yield misfit("isn't a vote", "exactly one question of the type `choice`, not optional", "questions")
        if self.kind == "survey" and not self.questions:
            yield misfit("has no questions", "at least one", "questions")
