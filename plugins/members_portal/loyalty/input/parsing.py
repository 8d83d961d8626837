"""Parsing: from a located YAML tree to a record of a schema, with every problem at its line."""

import re
from collections.abc import Collection
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from members_portal.loyalty.input.located_yaml import Located, Path_
from members_portal.loyalty.input.problem import Problem, closest
from members_portal.loyalty.input.schema import Record
from members_portal.loyalty.input.written_day import meant_day

EXPECTED = {  # pydantic's kinds of error: the expected value in the editor's words
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_type": "text",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "tuple_type": "a list",
    "dict_type": "`key: value` pairs",
    "model_type": "`key: value` pairs",
    "literal_error": "{expected}",
}

Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], located: Located, value: Any, at: Path_ = (), *, problems: list[Problem]) -> Model | None:
    """Validate one value of the tree; on failure add to `problems` and return None."""
    if not isinstance(value, dict):
        problems.append(located.problem(at, f"is {_shape(value)}", "`key: value` pairs"))
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems.extend(_problem(model, located, at, detail) for detail in error.errors(include_url=False))
        return None


def valid_part(model: type[Model], value: Any) -> Model:
    """Return a record of the valid fields of a value that doesn't fit, for further checks.

    Fields that are not given have their defaults, all others are None. So are the invalid records of a list.
    """
    given = value if isinstance(value, dict) else {}
    found = {
        name: _valid(info, given.get(info.alias or name))
        for name, info in model.model_fields.items()
        if info.is_required() or (info.alias or name) in given
    }
    return model.model_construct(**found)


def _valid(info: FieldInfo, value: Any) -> Any:
    kind: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    found = _validated(adapter, value)
    if found is not None or not isinstance(value, list):
        return found
    records = tuple((_validated(adapter, [each]) or (None,))[0] for each in value)
    return records if any(isinstance(each, Record) for each in records) else None


def _validated(adapter: TypeAdapter[Any], value: Any) -> Any:
    try:
        return None if value is None else adapter.validate_python(value)
    except ValidationError:
        return None


def _problem(model: type[BaseModel], located: Located, at: Path_, detail: ErrorDetails) -> Problem:
    within = tuple(part for part in detail["loc"] if part != "[key]")
    path, kind = at + within, detail["type"]
    name = next((_spaced(part) for part in reversed(within) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        hint = _other_name(model, within) or _spaced(closest(str(path[-1]), _keys_at(model, within[:-1])))
        return located.problem(path, f"unknown key `{name}`", hint=hint, key=True)
    if kind == "missing":
        return located.problem(path[:-1], f"`{name}` is missing")
    if kind == "misfit":
        how = detail["ctx"]
        return located.problem((*path, *how["at"]), how["what"], how["expected"])
    if detail["input"] is None:
        return located.problem(path, f"`{name}` is empty", _expected_value(model, within), key=True)
    if detail["input"] == []:
        return located.problem(path, f"{name}: the list is empty", _expected(detail))
    expected = _expected(detail) + _example(model, within, detail["input"])
    return located.problem(path, f"{name}: {_quoted(located, detail)} doesn't fit", expected, _hint(detail, located))


def _example(model: type[BaseModel], path: Path_, value: Any) -> str:
    """Return an example of a record in the place of a value alone."""
    keys = [owner.main_key for owner in _models_at(model, path) if issubclass(owner, Record) and owner.main_key]
    return f" such as `{keys[0]}: {value:.60}`" if keys and isinstance(value, str) else ""


def _other_name(model: type[BaseModel], path: Path_) -> str:
    """Return the key that another system calls by the last name of a path."""
    owners = [owner for owner in _models_at(model, path[:-1]) if issubclass(owner, Record)]
    return next((owner.other_names[str(path[-1])] for owner in owners if str(path[-1]) in owner.other_names), "")


def _spaced(key: str) -> str:
    return key.replace("_", " ")


def _quoted(located: Located, detail: ErrorDetails) -> str:
    value = detail["input"]
    if not isinstance(value, str):
        return _shape(value)
    return "the value" if located.private else f"`{value:.60}`"


def _shape(value: Any) -> str:
    return {list: "a list", str: "a single value", type(None): "empty"}.get(type(value), "a mapping")


def _expected(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return detail["msg"].removeprefix("Value error, ")
    return EXPECTED.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {})).replace("'", "`")


def _hint(detail: ErrorDetails, located: Located) -> str:
    if detail["type"] == "value_error" and "YYYY-MM-DD" in detail["msg"]:
        return "" if located.private else meant_day(str(detail["input"]))
    expected = str(detail.get("ctx", {}).get("expected", ""))
    return closest(str(detail["input"]), re.findall(r"'([^']+)'", expected))


def _expected_value(model: type[BaseModel], path: Path_) -> str:
    """Return the expectation for an empty key: YAML reads an unquoted value that begins with # as a comment."""
    for owner in _models_at(model, path[:-1]):
        info = owner.model_fields.get(str(path[-1]))
        if info and not info.is_required():
            return "a value, or the key left out"
    return "a value (in quotes where it begins with #)"


def _keys_at(model: type[BaseModel], path: Path_) -> Collection[str]:
    fields = [field for owner in _models_at(model, path) for field in owner.model_fields.items()]
    return {info.alias or name for name, info in fields}


def _models_at(model: type[BaseModel], path: Path_) -> list[type[BaseModel]]:
    """Return the records that a path through a model may lead to."""
    if not path:
        return [model]
    info = model.model_fields.get(str(path[0]))
    inner = _models_in(info.annotation) if info else []
    rest = path[2:] if path[1:] and isinstance(path[1], int) else path[1:]
    return [found for owner in inner for found in _models_at(owner, rest)]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
