"""All items of the content folder, read and checked against the programme."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.body import Body
from members_portal.portal.content.conversion_pool import ConversionJob, convert_all
from members_portal.portal.content.front.newsletter import Newsletter
from members_portal.portal.content.front_matter import Document, is_draft_file, read_body
from members_portal.portal.content.item import Item
from members_portal.portal.content.item_reader import InvalidItem, ItemReader
from members_portal.portal.content.kept_item import KeptBodies, KeptItems
from members_portal.portal.content.markdown_files import ContentFiles, address, kind_of, list_files, same_addresses
from members_portal.work_record import WorkRecord, digest_of


@dataclass(frozen=True)
class Library:
    """All items by path below content/ (`reports/x.md`), their documents and bodies, and the content folder.

    An invalid file has no item; if its front matter is fenced, it has a document and a body. `parts` are the items of
    the valid front matter of such files. `drafts` are the paths of all files with `Status: draft`.
    `record` keeps results of the checks of one item, by its digest.
    """

    folder: Path
    items: Mapping[str, Item]
    documents: Mapping[str, Document] = field(repr=False)
    bodies: Mapping[str, Body] = field(repr=False)
    files: ContentFiles = field(repr=False)
    drafts: frozenset[str] = frozenset()
    parts: Mapping[str, Item] = field(default_factory=dict, repr=False)
    record: WorkRecord = field(default_factory=WorkRecord, repr=False, compare=False)

    def has_file(self, path: str) -> bool:
        """Tell whether a path is a markdown file in the folder of a kind, valid or not, or its suggested name."""
        return path in self.items or path in self.files.markdown or path in self.files.renamed

    def find(self, path: str) -> Item | None:
        """Return the item at a path, or the part of an invalid one that is known."""
        return self.items.get(path) or self.parts.get(path)

    def issues_for(self, reader: str) -> list[Item]:
        """Return the newsletters of a reader that are no drafts, oldest first."""
        return self._issues.get(reader, [])

    @cached_property
    def newsletters(self) -> tuple[Item, ...]:
        """The newsletters."""
        return tuple(item for item in self.items.values() if isinstance(item.front, Newsletter))

    @cached_property
    def _issues(self) -> dict[str, list[Item]]:
        found = defaultdict[str, list[Item]](list)
        newest_first = sorted(self.newsletters, key=issue_age, reverse=True)  # of two of one age, the first counts
        for item in newest_first[::-1]:
            for reader in item.audience.readers if not item.draft else ():
                found[reader].append(item)
        return found

    def graded(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems in their degree: those of a draft are warnings, since it is never published."""
        files = {shown_path(self.folder / path) for path in self.drafts}
        return [problem.as_warning() if problem.file in files else problem for problem in problems]


def issue_age(item: Item) -> tuple[Any, ...]:
    """Return the sort key of newsletters: day and number."""
    return (item.front.publish, getattr(item.front, "number", 0))


def read_library(
    folder: Path,
    programme: Programme,
    markdown: Mapping[str, Any],
    record: WorkRecord | None = None,
    language: str = "en",
    now: datetime | None = None,
    *,
    base: bytes = b"",
    problems: list[Problem],
) -> Library:
    """Read every markdown file of a content folder; add the problems of all files to `problems`.

    `markdown` holds the arguments of `markdown.Markdown`. `now` is the time in the site's time zone; without it, an
    item with a time is shown on the whole of its day. `record` knows the items of earlier runs;
    `base` is the digest of the programme's file and of the code.
    """
    if not folder.is_dir():
        what, expected = "isn't a folder", "one that holds a folder for each kind of item"
        raise InvalidInput([Problem(shown_path(folder), 0, 0, what, expected)])
    files = list_files(folder)
    found = list(files.misnamed.values())
    documents = _read_documents(files, found)
    unread = {*files.markdown, *files.misnamed} - documents.keys()
    record, base = record or WorkRecord(), digest_of(base, language, *files.beyond_ascii)
    bodies = _bodies(documents, KeptBodies(record, base, markdown), markdown, language)
    bodies = {path: _matched(body, files) for path, body in bodies.items()}
    reader = ItemReader(files, programme, language, now)
    parts: dict[str, Item] = {}
    kept = KeptItems(record, digest_of(base, repr(markdown)), files)
    items = _read_items(reader, kept, documents, bodies, parts, found)
    drafts = frozenset(path for path, document in documents.items() if (items.get(path) or document).draft)
    drafts |= {path for path in unread if is_draft_file(folder / path)}
    for path, other in same_addresses(sorted(files.markdown, key=lambda path: (path in drafts, path))):
        what = f"the address `{address(path)}` is that of {other}"
        found.append(Problem(shown_path(folder / path), 0, 0, what, "another name"))
        items.pop(path, None)
    parts |= {path: items.pop(path) for path in files.misnamed if path in items}
    library = Library(folder, items, documents, bodies, files, drafts, parts, record)
    problems += library.graded(found)
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
    kept: KeptItems,
    documents: Mapping[str, Document],
    bodies: Mapping[str, Body],
    parts: dict[str, Item],
    problems: list[Problem],
) -> dict[str, Item]:
    """Read the items; add the known parts of invalid ones to `parts`, and their problems."""
    items: dict[str, Item] = {}
    for path, document in documents.items():
        try:
            items[path] = kept.find(path, document, bodies[path]) or _read_item(reader, kept, path, document, bodies)
        except InvalidItem as error:
            problems += error.problems
            parts |= {path: error.part} if error.part else {}
    return items


def _read_item(reader: ItemReader, kept: KeptItems, path: str, document: Document, bodies: Mapping[str, Body]) -> Item:
    return kept.keep(path, document, reader.read(path, document, bodies[path]))


def _bodies(
    documents: Mapping[str, Document], kept: KeptBodies, markdown: Mapping[str, Any], language: str
) -> dict[str, Body]:
    """Return the bodies: those in the work record, and all others, converted together."""
    bodies = {path: body for path, document in documents.items() if (body := kept.find(document.body, path))}
    unknown = [path for path in documents if path not in bodies]
    jobs = [
        ConversionJob(documents[path].body, str(PurePosixPath(path).parent), "../" * (2 if kind_of(path).url else 1))
        for path in unknown
    ]
    for path, body in zip(unknown, convert_all(jobs, markdown, language, address), strict=True):
        kept.keep(documents[path].body, path, body)
        bodies[path] = body
    return {path: bodies[path] for path in documents}


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
