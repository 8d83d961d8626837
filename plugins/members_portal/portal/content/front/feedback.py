"""The front matter of feedback: what members said, and the answers that it responds to."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from members_portal.loyalty.input.schema import Text, as_list, matching, misfit
from members_portal.portal.content.front.front import Front

_NUMBER = r"A(-[0-9A-HJKMNP-TV-Z]{4}){3}"
AnswerNumber = Annotated[str, matching(_NUMBER, "the number of an answer: A-7K3Q-9XMP-2T4V")]


def _numbers(value: Any) -> Any:
    """Return a single number as a list; raise ValueError for several without brackets."""
    if isinstance(value, str) and len(re.findall(_NUMBER, value)) > 1:
        raise ValueError("a list of numbers: [A-7K3Q-9XMP-2T4V, A-0QRS-41ZC-7B2M]")
    return as_list(value)


AnswerNumbers = Annotated[tuple[AnswerNumber, ...], BeforeValidator(_numbers)]


class Feedback(Front):
    """What members said, and what became of it. `answers` are the numbers of the answers that it responds to."""

    said: Text
    answers: AnswerNumbers = ()
    state: Literal["done", "planned", "not-now"]

    @model_validator(mode="after")
    def _names_each_once(self) -> "Feedback":
        for index, number in enumerate(self.answers):
            if number in self.answers[:index]:
                raise misfit(f"names {number} twice", "each answer once", "answers", index)
        return self
