"""Key rotation: raise `generation` in programme.yaml; the next publish seals every file under a new key."""

import re
import shutil
from pathlib import Path

from members_portal.loyalty.input.located_yaml import parse_yaml
from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.publish.publish_error import PublishError
from members_portal.whole_file import replaced_file

_LINE = re.compile(rb"^(generation[ \t]*:[ \t]*)[\"']?\d+[\"']?", re.MULTILINE | re.IGNORECASE)


def rotate(members: Path) -> int:
    """Raise the generation by one, keeping every other byte of the file; return the new generation."""
    generation = load_programme(members).generation + 1
    file = members / "programme.yaml"
    data, line = file.read_bytes(), f"generation: {generation}".encode()
    changed = _LINE.sub(rb"\g<1>%d" % generation, data, count=1) if _LINE.search(data) else line + b"\n" + data
    if not _says(changed, generation):
        raise PublishError(f"can't find the place for it in {file}: write `generation: {generation}` there yourself")
    with replaced_file(file) as draft:
        draft.write_bytes(changed)
        shutil.copymode(file, draft)
    return generation


def _says(data: bytes, generation: int) -> bool:
    try:
        found = parse_yaml(data.decode("utf-8-sig"), "programme.yaml")
    except InvalidInput:
        return False
    return not found.problems and found.value.get("generation") == str(generation)
