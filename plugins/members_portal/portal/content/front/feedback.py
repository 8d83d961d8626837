"""The front matter of feedback: what members said, and the answers that it responds to."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from members_portal.loyalty.input.schema import Text, as_list, matching, misfit
from members_portal.portal.content.front.front import Front

AnswerNumber = Annotated[str, matching(r"A(-[0-9A-HJKMNP-TV-Z]{4}){3}", "the number of an answer: A-7K3Q-9XMP-2T4V")]
AnswerNumbers = Annotated[tuple[AnswerNumber, ...], BeforeValidator(as_list)]


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
