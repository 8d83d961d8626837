"""From a located YAML tree to typed, frozen records, with every problem at its line."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from plugins.loyalty.problem import Problem, closest
from plugins.loyalty.yaml_source import Located, Path_

YES, NO = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


class Record(BaseModel):
    """A frozen record that refuses keys it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _iso_date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if len(value) == 10 else _refuse_date(value)
        except ValueError:
            _refuse_date(value)
    return value


def _refuse_date(value: str) -> None:
    raise ValueError(f"`{value}` isn't a date|a day that exists, as YYYY-MM-DD")


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return datetime.strptime(value, "%Y-%m-%d %H:%M")
        except ValueError:
            raise ValueError(f"`{value}` isn't a time|YYYY-MM-DD HH:MM") from None
    return value


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        if value.lower() in YES | NO:
            return value.lower() in YES
        raise ValueError(f"`{value}` is neither yes nor no|true or false")
    return value


def _words(value: Any) -> Any:
    return [value] if isinstance(value, str) else [] if value is None else value


Day = Annotated[date, BeforeValidator(_iso_date)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Words = Annotated[tuple[Text, ...], BeforeValidator(_words)]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]

Model = TypeVar("Model", bound=BaseModel)


def parse(
    model: type[Model], located: Located, value: Any, at: Path_ = (), *, problems: list[Problem]
) -> Model | None:
    """Check one value of the tree against a model; add what is wrong to `problems` and return None."""
    if not isinstance(value, dict):
        problems.append(located.problem(at, f"is {_form(value)}", "`key: value` pairs"))
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems.extend(_problem(model, located, at, detail) for detail in error.errors(include_url=False))
        return None


def _form(value: Any) -> str:
    return {list: "a list", str: "a single value", type(None): "empty"}.get(type(value), "not a mapping")


def _problem(model: type[BaseModel], located: Located, at: Path_, detail: ErrorDetails) -> Problem:
    path = at + tuple(part for part in detail["loc"] if part != "[key]")
    name = str(path[-1]).replace("_", " ") if path else ""
    if detail["type"] == "extra_forbidden":
        hint = closest(str(path[-1]), field_names(model)).replace("_", " ")
        return located.problem(path, f"unknown key `{name}`", hint=hint, key=True)
    if detail["type"] == "missing":
        return located.problem(path[:-1], f"`{name}` is missing")
    if detail["input"] is None:
        return located.problem(path, f"`{name}` is empty", "a value, or the key left out", key=True)
    what, _, expected = detail["msg"].removeprefix("Value error, ").partition("|")
    if detail["type"] != "value_error":
        what, expected = f"`{detail['input']!s:.60}` doesn't fit", _expectation(detail)
    if located.private:
        what = what.replace(f"`{detail['input']!s:.60}`", "the value")
    return located.problem(path, f"{name}: {what}" if name else what, expected, _hint(detail))


def _expectation(detail: ErrorDetails) -> str:
    message = detail["msg"].removeprefix("Input should be ").removeprefix("String should ")
    return message[:1].lower() + message[1:]


def _hint(detail: ErrorDetails) -> str:
    if detail["type"] != "literal_error":
        return ""
    expected = str(detail.get("ctx", {}).get("expected", "")).replace("'", "")
    return closest(str(detail["input"]), expected.replace(" or ", ", ").split(", "))


def field_names(model: type[BaseModel]) -> set[str]:
    """Collect the keys of a model and of the records inside it."""
    names = set(model.model_fields)
    for info in model.model_fields.values():
        for inner in _models_in(info.annotation):
            names |= field_names(inner)
    return names


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
