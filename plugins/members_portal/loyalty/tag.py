"""Tags: their normal form, in which the ledger and programme.yaml are compared.

`Coffee` and `coffee`, and `é` as one or two characters, are one tag. The SQL and the Python functions give the same
forms. A ledger separates tags by spaces; shops export them separated by commas, and then a tag may hold spaces. So may
a tag of a list.
"""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from members_portal.loyalty.input.schema import Text, as_list

FOLDED = {"ß": "ss", "ς": "σ"}  # lower-case letters that are not yet the folded form
DOTTED = "İ"  # the one letter whose lower case Python and DuckDB write differently
ARRAY_STARTS = ("{", "[")
SEPARATORS = ",;"  # of a shop's export
TAG_SPACE = r"[ \t\n\r]"
_ENDS = SEPARATORS + " \t\n\r"
ENDS_SQL = f"'{_ENDS}'"


class Tag(str):
    """A tag of programme.yaml in its normal form; `written` is its spelling there."""

    __slots__ = ("written",)
    written: str

    @classmethod
    def of(cls, text: str) -> "Tag":
        tag = cls(normal_tag(text))
        tag.written = text
        return tag


Tags = Annotated[tuple[Annotated[Text, AfterValidator(Tag.of)], ...], BeforeValidator(as_list)]


def normal_tag(text: str) -> str:
    """Return the normal form of a tag: NFC, lower case, hyphens for spaces."""
    found = unicodedata.normalize("NFC", re.sub(f"{TAG_SPACE}+", "-", text)).replace(DOTTED, "i").lower()
    for letter, folded in FOLDED.items():
        found = found.replace(letter, folded)
    return found


def written_tags(cell: str) -> list[str]:
    """Return the tags of a cell of the ledger, as they are spelled there."""
    return [word for word in (hyphened(cell) if is_separated(cell) else cell).split(" ") if word]


def hyphened(cell: str) -> str:
    """Return the tags of a shop's export, separated by spaces: a space within a tag becomes a hyphen."""
    parts = re.sub(f"{TAG_SPACE}*[{SEPARATORS}]+{TAG_SPACE}*", ",", cell.strip(_ENDS))
    return re.sub(f"{TAG_SPACE}+", "-", re.sub(",+", ",", parts)).replace(",", " ")


def hyphened_sql(text: str, trim: str = "trim") -> str:
    """Return the SQL for `hyphened`. `trim` is the database's function for both ends: `btrim` in PostgreSQL."""
    parts = f"regexp_replace({trim}({text}, {ENDS_SQL}), '{TAG_SPACE}*[{SEPARATORS}]+{TAG_SPACE}*', ',', 'g')"
    return f"replace(regexp_replace(regexp_replace({parts}, ',+', ',', 'g'), '{TAG_SPACE}+', '-', 'g'), ',', ' ')"


def is_separated(cell: str) -> bool:
    """Return whether a cell separates tags by commas, as shops do."""
    return any(sign in cell for sign in SEPARATORS)


def is_array_text(cell: str) -> bool:
    """Return whether a cell is an array that a database wrote as text: `{coffee,"Single origin"}` or `["coffee"]`."""
    return cell.startswith(ARRAY_STARTS)


def array_text_sql(text: str) -> str:
    """Return the SQL for `is_array_text`."""
    return "(" + " or ".join(f"starts_with({text}, '{start}')" for start in ARRAY_STARTS) + ")"


def normal_tags_sql(text: str) -> str:
    """Return the SQL for the tags of a cell in their normal form, separated by spaces."""
    separated = " or ".join(f"contains({text}, '{sign}')" for sign in SEPARATORS)
    found = f"lower(nfc_normalize(case when {separated} then nullif({hyphened_sql(text)}, '') else {text} end))"
    for letter, folded in FOLDED.items():
        found = f"replace({found}, '{letter}', '{folded}')"
    return found
