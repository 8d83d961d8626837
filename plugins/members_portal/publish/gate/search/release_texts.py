"""The texts of a release and of its sources, as a search record keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.publish.context import PublishContext
from members_portal.publish.gate.decoding import decoded_text, decodings
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.readable_text import SLOTS_JSON, readings, typed_forms
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.search.search_record import SearchedText
from members_portal.publish.gate.search.source_texts import (
    rendered_texts,
    site_texts,
    texts_of,
    theme_sources,
    theme_text,
    written_texts,
)
from members_portal.work_record import digest_of


def clear_text(path: str, file: str, digest: str, pdfs: PdfReader) -> SearchedText:
    """Return a file in plaintext: its path, and all decodings of its bytes. `digest` is their SHA-256 (hex)."""

    def decode() -> Iterator[Decoded]:
        data = _checked(Path(file).read_bytes(), digest, file)
        yield Decoded.of(path)
        yield from decodings(data, pdfs)
        for form in typed_forms(path, decoded_text(data) or ""):
            yield Decoded.of(form)

    return SearchedText(_file_digest(path, digest), decode)


def readable_text(path: str, read: Callable[[], bytes], digest: str, pdfs: PdfReader) -> SearchedText:
    """Return a file of an edition or a member: what the reader can read.

    `read` returns its bytes; `digest` is their SHA-256 (hex).
    """
    return SearchedText(_file_digest(path, digest), lambda: readings(path, _checked(read(), digest, path), pdfs))


def slots_text(read: Callable[[], bytes], digest: str, pdfs: PdfReader) -> SearchedText:
    """Return a member's slots. `read` returns them, compared with their `digest`, as MemberSlots does."""
    return SearchedText(_file_digest(SLOTS_JSON, digest), lambda: readings(SLOTS_JSON, read(), pdfs))


def _checked(data: bytes, digest: str, path: str) -> bytes:
    """Return the bytes of a file; raise OSError if they are not those of the digest."""
    if sha256(data).hexdigest() != digest:
        raise OSError(f"{path} changed during the publish")
    return data


def source_text(item: Item, inputs: Inputs, front: str) -> SearchedText:
    """Return an item as public texts excuse phrases by it: as written, and as rendered. `front` is its front matter."""
    texts = lambda: (*written_texts(item, inputs.library), *rendered_texts(item, inputs))  # noqa: E731
    body, derived = inputs.library.documents[item.path].body, str(item.has_derived_summary)
    digest = _digest("source", item.url, front, derived, body, item.html)
    return SearchedText(digest, lambda: map(Decoded.of, texts()))


def hidden_source(item: Item, inputs: Inputs, front: str) -> SearchedText:
    """Return an item as its words are hidden: front matter and markdown."""
    body = inputs.library.documents[item.path].body
    digest = _digest("hidden source", front, body)
    return SearchedText(digest, lambda: map(Decoded.of, (*texts_of(item.front), body)))


def site_source(inputs: Inputs, reader: str) -> SearchedText:
    """Return the texts of settings, programme and rendering that a reader may see."""
    texts = site_texts(inputs, reader)
    return SearchedText(_digest("site", *texts), lambda: map(Decoded.of, texts))


def theme_texts(context: PublishContext) -> list[SearchedText]:
    """Return the files of the theme."""
    texts = [theme_text(file) for file in theme_sources(context)]
    return [SearchedText(_digest("theme", text), lambda text=text: [Decoded.of(text)]) for text in texts]  # type: ignore[misc]


def front_matter(inputs: Inputs) -> dict[str, str]:
    """Return the front matter of all items as JSON, by path."""
    return {path: item.front.model_dump_json() for path, item in inputs.library.items.items()}


def _file_digest(path: str, digest: str) -> str:
    return sha256(f"{digest} {path}".encode("utf-8", "surrogateescape")).hexdigest()


def _digest(*parts: str) -> str:
    return digest_of(*parts).hex()
