"""A member's own ledger lines in `slots.json`: a title that the member may not see is no leak in such a line.

A tier lapses, and the ledger keeps the name of an event of that tier. Only the text of a line in the slot `statement`
is exempt, and only in the record of the line's member.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator

from markupsafe import escape

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.statement.statement import SPENDING
from members_portal.publish.gate.phrase_search import Watchlist
from members_portal.seal.tree import SLOTS_FILE

STATEMENT_SLOT = "statement"


def history_texts(account: Account | None) -> Counter[str]:
    """Count the texts of a member's ledger lines as a statement shows them: references, and the tags of a line."""
    lines = account.lines if account else ()
    references = (line.reference for line in lines if line.kind not in SPENDING)
    return Counter(text for text in (*references, *(", ".join(line.tags) for line in lines)) if text)


def member_searches(path: str, data: bytes, hidden: Watchlist, own: Counter[str]) -> Iterator[tuple[Watchlist, bytes]]:
    """Yield the phrases to search for in a file of a member, with the bytes to search.

    A phrase inside one of the texts `own` is searched in the slots without these texts, any other phrase everywhere.
    """
    held, others = hidden.divide(own) if path == SLOTS_FILE else (Watchlist(), hidden)
    yield others, data
    if held.phrases:
        yield held, without_history(data, own)


def without_history(slots: bytes, own: Counter[str]) -> bytes:
    """Return slots without the texts of own ledger lines in the slot `statement`.

    A text is removed only if it is all that stands between two tags, and once per ledger line.
    """
    found = json.loads(slots)
    for name, fragments in found.items():
        if name.rpartition("-")[0] == STATEMENT_SLOT:
            for fragment in fragments:
                fragment["html"] = _without_lines(fragment["html"], own)
    return json.dumps(found, ensure_ascii=False).encode()


def _without_lines(html: str, own: Counter[str]) -> str:
    for text, lines in own.items():
        html = re.sub(rf"(?<=>)\s*{re.escape(str(escape(text)))}\s*(?=<)", "", html, count=lines)
    return html
