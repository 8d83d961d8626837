"""All items of the content folder, read and checked against the programme."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.body import Body, BodyCache, CachePlace
from members_portal.portal.content.conversion_pool import ConversionJob, convert_all
from members_portal.portal.content.front_matter import Document, is_draft_file, read_body
from members_portal.portal.content.item import Item
from members_portal.portal.content.item_reader import InvalidItem, ItemReader
from members_portal.portal.content.markdown_files import ContentFiles, address, kind_of, list_files, same_addresses


@dataclass(frozen=True)
class Library:
    """All items by path below content/ (`reports/x.md`), their documents and bodies, and the content folder.

    An invalid file has no item; if its front matter is fenced, it has a document and a body. `parts` are the items of
    the valid front matter of such files. `drafts` are the paths of all files with `Status: draft`.
    """

    folder: Path
    items: Mapping[str, Item]
    documents: Mapping[str, Document] = field(repr=False)
    bodies: Mapping[str, Body] = field(repr=False)
    files: ContentFiles = field(repr=False)
    drafts: frozenset[str] = frozenset()
    parts: Mapping[str, Item] = field(default_factory=dict, repr=False)

    def has_file(self, path: str) -> bool:
        """Tell whether a path is a markdown file in the folder of a kind, valid or not, or its suggested name."""
        return path in self.items or path in self.files.markdown or path in self.files.renamed

    def find(self, path: str) -> Item | None:
        """Return the item at a path, or the part of an invalid one that is known."""
        return self.items.get(path) or self.parts.get(path)

    def graded(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems in their degree: those of a draft are warnings, since it is never published."""
        files = {shown_path(self.folder / path) for path in self.drafts}
        return [problem.as_warning() if problem.file in files else problem for problem in problems]


def read_library(
    folder: Path,
    programme: Programme,
    markdown: Mapping[str, Any],
    cache: CachePlace | None = None,
    language: str = "en",
    now: datetime | None = None,
    *,
    problems: list[Problem],
) -> Library:
    """Read every markdown file of a content folder; add the problems of all files to `problems`.

    `markdown` holds the arguments of `markdown.Markdown`; `cache` is the place of converted bodies. `now` is the time
    in the site's time zone; without it, an item with a time is shown on the whole of its day.
    """
    if not folder.is_dir():
        what, expected = "isn't a folder", "one that holds a folder for each kind of item"
        raise InvalidInput([Problem(shown_path(folder), 0, 0, what, expected)])
    files = list_files(folder)
    found = list(files.misnamed.values())
    documents = _read_documents(files, found)
    unread = {*files.markdown, *files.misnamed} - documents.keys()
    drafts = frozenset(path for path, document in documents.items() if document.draft)
    drafts |= {path for path in unread if is_draft_file(folder / path)}
    kept = BodyCache(cache, {**markdown, "language": language})
    bodies = _bodies(documents, kept, markdown, language)
    bodies = {path: _matched(body, files) for path, body in bodies.items()}
    reader = ItemReader(files, programme, language, now)
    parts: dict[str, Item] = {}
    items = _read_items(reader, documents, bodies, parts, found)
    for path, other in same_addresses(sorted(files.markdown, key=lambda path: (path in drafts, path))):
        what = f"the address `{address(path)}` is that of {other}"
        found.append(Problem(shown_path(folder / path), 0, 0, what, "another name"))
        items.pop(path, None)
    parts |= {path: items.pop(path) for path in files.misnamed if path in items}
    library = Library(folder, items, documents, bodies, files, drafts, parts)
    problems += library.graded(found)
    if not found:
        kept.save()
    return library


def _read_documents(files: ContentFiles, problems: list[Problem]) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for path in sorted({*files.markdown, *files.renamed.values()}):
        try:
            documents[path] = read_body(files.folder / path)
        except InvalidInput as error:
            problems += error.problems
    return documents


def _read_items(
    reader: ItemReader,
    documents: Mapping[str, Document],
    bodies: Mapping[str, Body],
    parts: dict[str, Item],
    problems: list[Problem],
) -> dict[str, Item]:
    """Read the items; add the known parts of invalid ones to `parts`, and their problems."""
    items: dict[str, Item] = {}
    for path, document in documents.items():
        try:
            items[path] = reader.read(path, document, bodies[path])
        except InvalidItem as error:
            problems += error.problems
            parts |= {path: error.part} if error.part else {}
    return items


def _bodies(
    documents: Mapping[str, Document], kept: BodyCache, markdown: Mapping[str, Any], language: str
) -> dict[str, Body]:
    """Read bodies from the cache, and convert the others together."""
    unknown = [path for path, document in documents.items() if kept.find(document.body, path) is None]
    jobs = [
        ConversionJob(documents[path].body, str(PurePosixPath(path).parent), "../" * (2 if kind_of(path).url else 1))
        for path in unknown
    ]
    made = dict(zip(unknown, convert_all(jobs, markdown, language, address), strict=True))
    return {path: kept.get(text.body, path, partial(made.__getitem__, path)) for path, text in documents.items()}


def _matched(body: Body, files: ContentFiles) -> Body:
    """Return a body with each link in the Unicode form of its file's name."""
    moved = {path: own for path in body.links if (own := files.matched(path)) != path}
    if not moved:
        return body
    html = body.html
    for path, own in moved.items():
        html = re.sub(rf'(?<=/){re.escape(quote(path))}(?=["#,\s])', quote(own), html)
    links = {moved.get(path, path): link for path, link in body.links.items()}
    return replace(body, html=html, links=links)
