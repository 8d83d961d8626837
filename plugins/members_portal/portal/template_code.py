"""Template code: Jinja's code generator and runtime, with the same output for less work.

A page or a slot writes hundreds of values, and calls dozens of macros. Jinja wraps each value in Markup before it joins
them, and looks at each callable for decorators. Here a value is written as plain text, and a macro is called at once.
Nothing is remembered from one render to the next, so that this holds for every template, also of other themes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import markupsafe
from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode, missing
from markupsafe import Markup, escape

_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)  # `escape` without the Markup

_Kind = TypeVar("_Kind")
_STOPPED = "value was undefined because a callable raised a StopIteration exception"  # Jinja's words


def written(value: Any) -> str:
    """Return a value as a template writes it: the text of `markupsafe.escape`, which may be plain."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is Markup:
        return value
    return str(value) if kind is int or kind is float else escape(value)


def _called_as_jinjas(kind: type[_Kind]) -> type[_Kind]:
    """Give a class the name of Jinja's macros, which templates and errors can show."""
    kind.__name__, kind.__module__ = Macro.__name__, Macro.__module__
    return kind


@_called_as_jinjas
class DirectMacro(Macro):
    """A macro that knows whether it takes its arguments only."""

    def __init__(
        self,
        environment: Environment,
        func: Callable[..., str],
        name: str,
        arguments: list[str],
        catch_kwargs: bool,
        catch_varargs: bool,
        caller: bool,
        default_autoescape: bool | None = None,
    ) -> None:
        super().__init__(environment, func, name, arguments, catch_kwargs, catch_varargs, caller, default_autoescape)
        self.write = func
        self.places = len(arguments)
        self.is_plain = not (catch_kwargs or catch_varargs or caller)


class DirectContext(Context):
    """A context that calls macros directly."""

    @internalcode
    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something with the arguments of a template."""
        if type(obj) is DirectMacro and obj.is_plain and len(args) <= obj.places:
            kwargs.pop("_loop_vars", None)  # for functions that get the context
            kwargs.pop("_block_vars", None)
            if not kwargs:
                try:
                    text = obj.write(*args, *[missing] * (obj.places - len(args)))
                except StopIteration:
                    return self.environment.undefined(_STOPPED)
                return str.__new__(Markup, text) if self.eval_ctx.autoescape else text
        return super().call(obj, *args, **kwargs)


class TemplateCode(CodeGenerator):
    """Generates the code of templates."""

    runtime = (written, DirectMacro)

    def write_commons(self) -> None:
        """Write the first lines of a function of a template."""
        super().write_commons()
        self.writeline("escape, Macro = environment.code_generator_class.runtime")
