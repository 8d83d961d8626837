"""The code of templates, compiled once in a process: the same templates are rendered in many environments of tests."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, pass_context

CONTEXT = pass_context(lambda context: None).jinja_pass_arg  # type: ignore[attr-defined]

Key = tuple[str, str, str]  # the environment's options, the template's name and source


class CompiledTemplates:
    """The code of templates, as this process or forks of it compiled them: a third of the time of a small publish."""

    def __init__(self) -> None:
        self.compile = Environment.compile
        self.codes: dict[Key, CodeType] = {}
        self.new: dict[Key, CodeType] = {}

    def install(self) -> None:
        """Let all environments take their code from here."""

        def compile(env: Environment, source: Any, name: Any = None, filename: Any = None, *more: Any) -> Any:
            if more or not isinstance(source, str):
                return self.compile(env, source, name, filename, *more)
            key = (options_of(env), f"{name}", source)
            if found := self.codes.get(key):
                return found.replace(co_filename=filename or "<template>")
            code = self.compile(env, source, name, filename)
            if isinstance(code, CodeType):
                self.new[key] = self.codes[key] = code
            return code

        Environment.compile = compile  # type: ignore[method-assign,assignment]

    def hand_over(self, file: Path) -> None:
        """Write what this fork compiled."""
        if self.new:
            file.write_bytes(marshal.dumps(self.new))

    def take(self, file: Path) -> None:
        """Keep what a fork compiled, if it ended by itself."""
        if file.exists():
            self.codes |= marshal.loads(file.read_bytes())
            file.unlink()


def options_of(env: Environment) -> str:
    """Return the options that the code of a template depends on. Filters of constants are applied when it is made."""
    lines = (env.optimized, env.trim_blocks, env.lstrip_blocks, env.keep_trailing_newline, env.newline_sequence)
    values = (type(env), env.code_generator_class, env.autoescape, env.undefined, env.finalize, env.is_async)
    marks = (env.block_start_string, env.variable_start_string, env.comment_start_string, env.line_statement_prefix)
    filters = [(name, *bound_values(filter)) for name, filter in (*env.filters.items(), *env.tests.items())]
    return repr((values, lines, marks, sorted(env.extensions), filters))


@lru_cache(maxsize=4096)
def bound_values(function: Callable[..., Any]) -> tuple[str, ...]:
    """Name a function and the values that it was made with; without them where it takes a context of rendering."""
    values = named_values(function, frozenset())
    if getattr(function, "jinja_pass_arg", None) is CONTEXT:  # it is applied to no constant when a template is compiled
        return (next(values),)
    return tuple(values)


def named_values(value: object, within: frozenset[int]) -> Iterator[str]:
    """Yield where the code of a function is, and what it is bound to; a function in it likewise, once."""
    function: Any = getattr(value, "__wrapped__", value)
    code = getattr(function, "__code__", None)
    if code is None or id(function) in within:
        yield "itself" if code else text_of_value(value)
        return
    yield f"{code.co_filename}:{code.co_firstlineno} {function.__defaults__!r} {function.__kwdefaults__!r}"
    for cell in function.__closure__ or ():
        yield from named_values(cell.cell_contents, within | {id(function)})


def text_of_value(value: object) -> str:
    """Return the text of a value, with its fields in place of an address in memory, which no two runs share."""
    if type(value).__repr__ is object.__repr__ and hasattr(value, "__dict__"):
        return f"{type(value)} {vars(value)!r}"
    return repr(value)
