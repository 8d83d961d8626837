"""Re-key everything: raise `generation` in programme.yaml; the next publish seals every file under a new key."""

import re
from pathlib import Path

from plugins.loyalty.programme import load_programme

_LINE = re.compile(r"^generation:[ \t]*(\d+)", re.MULTILINE)


def rotate(members: Path) -> int:
    """Raise the generation by one, leaving the rest of the file as it is; return the new one."""
    generation = load_programme(members).generation + 1
    file = members / "programme.yaml"
    text = file.read_text("utf-8")
    line = f"generation: {generation}"
    changed = _LINE.sub(line, text, count=1) if _LINE.search(text) else f"{line}\n{text}"
    draft = file.with_suffix(".tmp")
    draft.write_text(changed, "utf-8")
    draft.replace(file)
    return generation
