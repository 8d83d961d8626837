"""Every snippet in the last chapter of RULES.md loads as part of a programme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.programme_file import load_programme

RULES = Path(__file__).parent.parent.parent / "plugins" / "members_portal" / "loyalty" / "RULES.md"
CHAPTER = RULES.read_text("utf-8").partition("## The same in other programmes")[2]
TIER = '  - {{key: {0}, name: {0}, colour: "#335577", colour dark: "#99bbdd", summary: Some{1}}}\n'
KEYS = frozenset(name.replace("_", " ") for name in Programme.model_fields)


def inline() -> list[str]:
    """Return the code in tables that begins with a key of programme.yaml."""
    found = re.findall(r"`([^`]+)`", "\n".join(line for line in CHAPTER.splitlines() if line.startswith("|")))
    return [code for code in found if code.partition(":")[0] in KEYS and code.partition(": ")[2][:1] in ("{", "[")]


BLOCKS = re.findall(r"^```yaml\n(.*?)^```", CHAPTER, re.MULTILINE | re.DOTALL)


def whole(snippet: str) -> str:
    """Add the required keys that the snippet does not have."""
    given = yaml.safe_load(snippet)
    reach = ("", ", reach: 100", ", reach: 200") if "qualifying" in given else ("", "", "")
    ladder = [TIER.format(key, more) for key, more in zip(("member", "silver", "gold"), reach, strict=True)]
    return "".join(["name: A club\n", *([] if "tiers" in given else ["tiers:\n", *ladder]), snippet, "\n"])


@pytest.mark.parametrize("snippet", [*inline(), *BLOCKS])
def test_a_snippet_loads_and_says_something(snippet: str, tmp_path: Path) -> None:
    (tmp_path / "programme.yaml").write_text(whole(snippet), "utf-8")
    programme = load_programme(tmp_path)
    for key in yaml.safe_load(snippet):
        name = key.replace(" ", "_")
        assert name in programme.model_fields_set, key


def test_none_is_left_out() -> None:
    assert (len(inline()), len(BLOCKS)) == (35, 2)
