"""The salutation at the beginning of the editor's letter, such as "Dear friends,"."""

from collections.abc import Sequence

from members_portal.newsletter.mail.prose import Element, Node, prose_words

LONGEST_SALUTATION = 60  # characters
COMMAS = (",", "،", "，", "、")  # Latin, Arabic, Chinese


def split_salutation(nodes: Sequence[Node]) -> tuple[str, Sequence[Node]]:
    """Return the salutation and the rest of a letter: a salutation is a short first paragraph that ends in a comma."""
    for index, node in enumerate(nodes):
        words = (prose_words([node]) if isinstance(node, Element) else node).strip()
        if words:
            is_salutation = isinstance(node, Element) and node.name == "p" and words.endswith(COMMAS)
            short = is_salutation and len(words) <= LONGEST_SALUTATION
            return (words, nodes[index + 1 :]) if short else ("", nodes)
    return "", nodes
