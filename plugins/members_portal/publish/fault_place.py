"""The place of an error in a template or a settings file."""

from pathlib import Path
from traceback import walk_tb

from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.publish.context import CODE
from members_portal.publish.publish_error import EXPECTED_ERRORS
from members_portal.publish.site_day import SETTINGS_FILES

UNPLACED = (*EXPECTED_ERRORS, MemoryError)  # their messages are complete


def placed_error(error: Exception, root: Path) -> Exception:
    """Return an error in a template or a settings file of a project as InvalidInput with its place.

    Any other error is returned as it is.
    """
    if isinstance(error, UNPLACED) and not _is_missing_template(error):
        return error
    if not (place := next(filter(None, (_own_place(error, root), _last_place(error, root))), None)):
        return error
    file, line = place
    found = InvalidInput([Problem(shown_path(file), line, 0, _text(error))])
    found.__cause__ = error
    return found


def _own_place(error: Exception, root: Path) -> tuple[Path, int] | None:
    """Return the place that a syntax error of Python or Jinja names."""
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    return (Path(name), line) if isinstance(name, str) and line and _is_project_file(Path(name), root) else None


def _last_place(error: Exception, root: Path) -> tuple[Path, int] | None:
    """Return the innermost line of a template or a settings file in a traceback."""
    places = ((Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__))
    return next((place for place in reversed(list(places)) if _is_project_file(place[0], root)), None)


def _is_project_file(file: Path, root: Path) -> bool:
    is_setting = file.parent == root and file.name in SETTINGS_FILES
    return is_setting or any(file.is_relative_to(folder) for folder in (root / "theme", CODE / "theme"))


def _is_missing_template(error: Exception) -> bool:
    return type(error).__name__ in {"TemplateNotFound", "TemplatesNotFound"}


def _text(error: Exception) -> str:
    """Return the text of an error; Jinja's own texts need no name of a class."""
    is_plain = type(error).__module__.startswith("jinja2")
    text = getattr(error, "msg", None) if isinstance(error, SyntaxError) else str(error)
    return text if is_plain and text else f"{type(error).__name__}: {text}"
