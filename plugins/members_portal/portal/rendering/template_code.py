"""Templates that print many small texts: their compiled code, and rendering with common values.

A template prints the same text as with Jinja's own code. A member's slots take about 500 attributes, 350 printed
values, 50 macro calls and 12 templates, which were most of the time of rendering.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined]

_NAMES = "printed, call"  # what compiled templates import from here
_markup: Callable[[str], Markup] = partial(str.__new__, Markup)


def use_short_code(env: Environment) -> None:
    """Make an environment compile its templates to the code of this module, and read each file once."""
    env.code_generator_class = ShortCode
    env.auto_reload = False


def render_template(template: Template, values: dict[str, Any]) -> str:
    """Render a template with these values. They include the globals, which `Template.render` adds each time."""
    environment = template.environment
    context = environment.context_class(environment, values, template.name, template.blocks)
    try:
        return "".join(template.root_render_func(context))
    except Exception:  # noqa: BLE001 - raised again, with the line of the template
        environment.handle_exception()


def printed(value: Any) -> str:
    """Return the text of a printed value with HTML escaped, as `markupsafe.escape` does."""
    kind = type(value)
    if kind is str:
        return escaped(value)
    if kind is Markup:
        return value
    return str(value) if kind is int or kind is float else escape(value)


def call(
    context: Context, function: Any, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **named: Any
) -> Any:
    """Call a function of a template; a macro without a caller and without named arguments is called directly."""
    if type(function) is Macro and context.eval_ctx.autoescape and not named:
        lacking = function._argument_count - len(args)
        if lacking >= 0 and not (function.caller or function.catch_kwargs or function.catch_varargs):
            return _markup(function._func(*args, *(missing,) * lacking))
    if _loop_vars is not None:
        named["_loop_vars"] = _loop_vars
    if _block_vars is not None:
        named["_block_vars"] = _block_vars
    return context.call(function, *args, **named)


class ShortCode(CodeGenerator):
    """Generates the code of a template."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self.writeline(f"from {__name__} import {_NAMES}")
        super().visit_Template(node, frame)

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Write an attribute; only an object without it is looked up by the environment, as an item or undefined."""
        self.write("(found if (found := getattr((owner := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(owner, {node.attr!r}))")

    @optimizeconst
    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Write a call."""
        extra = {"caller": "caller"} if forward_caller else {}
        extra |= {"_loop_vars": "_loop_vars"} if frame.loop_frame else {}
        extra |= {"_block_vars": "_block_vars"} if frame.block_frame else {}
        self.write("call(context, ")
        self.visit(node.node, frame)
        self.signature(node, frame, extra)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        is_plain = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None
        self.write("printed(") if is_plain else super()._output_child_pre(node, frame, finalize)
