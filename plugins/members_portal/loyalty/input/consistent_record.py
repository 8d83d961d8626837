"""Consistent records: the contradictions of a record are told together with the faults of its fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from members_portal.loyalty.input.parsing import valid_part
from members_portal.loyalty.input.schema import Record


class ConsistentRecord(Record):
    """A record with checks of several fields. In a record with faults, fields with a fault are None."""

    def misfits(self) -> Iterator[PydanticCustomError]:
        """Yield the errors of keys that contradict each other."""
        yield from ()

    @model_validator(mode="wrap")
    @classmethod
    def _with_misfits(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        faults: list[InitErrorDetails] = []
        try:
            found = handler(value)
        except ValidationError as error:
            if not isinstance(value, dict):
                raise
            faults = [_again(detail) for detail in error.errors(include_url=False)]
            found = valid_part(cls, value)
        faults += [InitErrorDetails(type=each, input=value) for each in found.misfits()]
        if faults:
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return found


def _again(detail: ErrorDetails) -> InitErrorDetails:
    """Return the details of an error for a new one."""
    if detail["type"] == "misfit":
        kind = PydanticCustomError("misfit", "misfit", detail["ctx"])
        return InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"])
    return InitErrorDetails(type=detail["type"], loc=detail["loc"], input=detail["input"], ctx=detail.get("ctx", {}))
