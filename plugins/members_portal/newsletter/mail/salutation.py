"""The salutation at the beginning of the editor's letter, such as "Dear friends,"."""

from collections.abc import Sequence

from members_portal.newsletter.mail.prose import Element, Node, prose_words
from members_portal.plain_words import is_salutation


def split_salutation(nodes: Sequence[Node]) -> tuple[str, Sequence[Node]]:
    """Return the salutation and the rest of a letter; an empty salutation where the letter has none."""
    for index, node in enumerate(nodes):
        words = (prose_words([node]) if isinstance(node, Element) else node).strip()
        if words:
            is_found = isinstance(node, Element) and node.name == "p" and is_salutation(words)
            return (words, nodes[index + 1 :]) if is_found else ("", nodes)
    return "", nodes
