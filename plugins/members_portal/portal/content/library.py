"""All items of the content folder, read and checked against the programme."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from members_portal.loyalty.input.located_yaml import Path_
from members_portal.loyalty.input.problem import InvalidInput, Problem, closest, one_of, shown_path
from members_portal.loyalty.input.schema import parse
from members_portal.loyalty.programme.audience import PUBLIC, STAFF, Audience, UnknownAudience, parse_audience
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.attachment import FIXED_ADDRESSES, IMAGES
from members_portal.portal.content.body import Body, BodyCache, CachePlace
from members_portal.portal.content.conversion_pool import ConversionJob, convert_all
from members_portal.portal.content.front_matter import Document, read_document
from members_portal.portal.content.item import KINDS, Front, Item, Kind, Offer
from members_portal.portal.content.typography import typeset_record

PUBLISH_TIME = re.compile(r"(\d{4}-\d\d-\d\d) +((?:[01]\d|2[0-3]):[0-5]\d)")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
MARKDOWN = frozenset({".markdown", ".md", ".mdown", ".mkd"})
KIND_OF_FOLDER = {kind.folder: kind for kind in KINDS}
TAKEN = frozenset(kind.url.strip("/") for kind in KINDS) | FIXED_ADDRESSES | {"images"}


@dataclass(frozen=True)
class Library:
    """All items by path below content/ (`reports/x.md`), their documents and bodies, and the content folder."""

    folder: Path
    items: Mapping[str, Item]
    documents: Mapping[str, Document] = field(repr=False)
    bodies: Mapping[str, Body] = field(repr=False)


def load_library(
    folder: Path,
    programme: Programme,
    markdown: Mapping[str, Any],
    cache: CachePlace | None = None,
    language: str = "en",
    now: datetime | None = None,
) -> Library:
    """Read every markdown file of a content folder; raise InvalidInput with all their problems.

    `markdown` holds the arguments of `markdown.Markdown`; `cache` is the place of converted bodies. `now` is the time
    in the site's time zone; without it, an item with a time is shown on the whole of its day.
    """
    if not folder.is_dir():
        what, expected = "isn't a folder", "one that holds a folder for each kind of item"
        raise InvalidInput([Problem(shown_path(folder), 0, 0, what, expected)])
    problems: list[Problem] = []
    documents = _read_documents(folder, problems)
    kept = BodyCache(cache, {**markdown, "language": language})
    bodies = _bodies(documents, kept, markdown, language)
    reader = _ItemReader(folder, programme, language, now)
    items: dict[str, Item] = {}
    for path, document in documents.items():
        try:
            items[path] = reader.read(path, document, bodies[path])
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    kept.save()
    return Library(folder, items, documents, bodies)


def _read_documents(folder: Path, problems: list[Problem]) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for path in sorted(_markdown_files(folder, problems)):
        try:
            documents[path] = read_document(folder / path)
        except InvalidInput as error:
            problems += error.problems
    return documents


def _bodies(
    documents: Mapping[str, Document], kept: BodyCache, markdown: Mapping[str, Any], language: str
) -> dict[str, Body]:
    """Read bodies from the cache, and convert the others together."""
    unknown = [path for path, document in documents.items() if kept.find(document.body, path) is None]
    jobs = [
        ConversionJob(documents[path].body, _kind(path).folder, "../" * (2 if _kind(path).url else 1))
        for path in unknown
    ]
    made = dict(zip(unknown, convert_all(jobs, markdown, language, address), strict=True))
    return {path: kept.get(text.body, path, partial(made.__getitem__, path)) for path, text in documents.items()}


def _kind(path: str) -> Kind:
    return KIND_OF_FOLDER[path.split("/")[0]]


def _markdown_files(folder: Path, problems: list[Problem]) -> Iterator[str]:
    for file in folder.rglob("*"):
        path = PurePosixPath(file.relative_to(folder).as_posix())
        if file.suffix.lower() not in MARKDOWN:
            continue
        if file.suffix != ".md":
            what = f"wouldn't be read: its name ends in {file.suffix}"
            problems.append(Problem(shown_path(file), 0, 0, what, "a name that ends in .md"))
        elif len(path.parts) != 2 or path.parts[0] not in KIND_OF_FOLDER:
            what, where = "lies in no kind's folder", ", ".join(KIND_OF_FOLDER) + " below content/"
            problems.append(Problem(shown_path(file), 0, 0, what, where, closest(path.parts[0], KIND_OF_FOLDER)))
        elif not SLUG.fullmatch(path.stem):
            what = "the file name becomes the address"
            problems.append(Problem(shown_path(file), 0, 0, what, "lower-case letters, digits and hyphens"))
        elif KIND_OF_FOLDER[path.parts[0]].url == "" and path.stem in TAKEN:
            problems.append(Problem(shown_path(file), 0, 0, f"the address `{path.stem}/` is taken", "another name"))
        else:
            yield str(path)


def address(path: str) -> str:
    """Return the site address of a content path; attachments and `/addresses` stay unchanged."""
    folder, _, name = path.partition("/")
    if not path.endswith(".md") or folder not in KIND_OF_FOLDER:
        return path
    return f"{KIND_OF_FOLDER[folder].url}{name.removesuffix('.md')}/"


@dataclass(frozen=True)
class _ItemReader:
    """Makes items from documents, checked against the content folder and the programme."""

    folder: Path
    programme: Programme
    language: str
    now: datetime | None

    def read(self, path: str, document: Document, body: Body) -> Item:
        """Return the item of a document; raise InvalidInput with all its problems."""
        kind, problems = _kind(path), list(document.front.problems)
        value, opens = _publish_time(document.front.value)
        front = parse(kind.front, document.front, value, problems=problems)
        if front is None:
            raise InvalidInput(problems)
        try:
            audience = parse_audience(front.audience, self.programme.ladder)
        except UnknownAudience as error:
            audience = None
            for word in error.unknown:
                at, what = ("audience", word.at), f"audience: {word.what}"
                problems.append(document.front.problem(at, what, error.expected, word.hint))
        problems.extend(_front_problems(document, front, audience, self.programme, self.folder))
        problems.extend(_foreign(document, body))
        problems.extend(_refused(document, body))
        if problems or audience is None:
            raise InvalidInput(problems)
        return Item(
            kind=kind,
            slug=PurePosixPath(path).stem,
            source=document.file,
            front=typeset_record(front, self.language),
            audience=audience,
            publish=front.publish,
            embargo=front.embargo,
            expires=front.expires,
            draft=front.status == "draft",
            held_until=_held_until(front.publish, opens, self.now),
            audience_label=audience_label(front.audience, self.programme),
            html=body.html,
            minutes=body.minutes,
            links=frozenset(body.links),
        )


def _publish_time(value: Any) -> tuple[Any, time | None]:
    """Split `Publish: 2026-12-01 18:00` into the day, in the front matter, and the time."""
    publish = value.get("publish") if isinstance(value, dict) else None
    found = PUBLISH_TIME.fullmatch(publish) if isinstance(publish, str) else None
    return ({**value, "publish": found[1]}, time.fromisoformat(found[2])) if found else (value, None)


def _held_until(publish: date | None, opens: time | None, now: datetime | None) -> datetime | None:
    """Return the time at which an item opens today; None if it has come, or on another day."""
    if publish is None or opens is None or now is None or now.date() != publish:
        return None
    opening = datetime.combine(publish, opens, now.tzinfo)
    return opening if now < opening else None


def _front_problems(
    document: Document, front: Front, audience: Audience | None, programme: Programme, folder: Path
) -> Iterator[Problem]:
    """Check front matter against the programme, the content folder and itself: names, files, order of days."""
    at = document.front.problem
    for tier in front.embargo:
        if tier in programme.ladder and audience and tier not in audience.readers:
            tiers = one_of(each for each in programme.ladder if each in audience.readers)
            yield at(("embargo", tier), f"`{tier}` isn't in the audience", tiers, key=True)
    for path, noun, word, known in _names(front, programme):
        yield from document.front.unknown(path, noun, word, known, key=noun == "tier")
    yield from _day_problems(document, front, audience)
    yield from _image_problems(document, front, folder)
    if front.teaser and audience and not below(audience, programme):
        yield at(("teaser",), "nobody would see this teaser", "an audience that leaves out a lower tier")


def _names(front: Front, programme: Programme) -> Iterator[tuple[Path_, str, str, Collection[str]]]:
    """Yield the words of front matter that name something in programme.yaml: place, noun, word, known words."""
    segments = [segment.key for segment in programme.segments]
    yield from ((("embargo", tier), "tier", tier, programme.ladder) for tier in front.embargo)
    yield from ((("interests", i), "interest", word, programme.interests) for i, word in enumerate(front.interests))
    if isinstance(front, Offer):
        yield from ((("segments", i), "segment", word, segments) for i, word in enumerate(front.segments))


def _day_problems(document: Document, front: Front, audience: Audience | None) -> Iterator[Problem]:
    if front.expires and front.publish and front.expires < front.publish:
        yield document.front.problem(("expires",), "expires before it is published", "a later day")
    for tier, day in front.embargo.items() if audience and audience.is_public else ():
        if front.publish is None or day > front.publish:
            what, expected = f"`{tier}` would see this later than the public", "a day no later than `Publish:`"
            yield document.front.problem(("embargo", tier), what, expected)
    starts, ends = getattr(front, "starts", None), getattr(front, "ends", None)
    if starts and ends and ends < starts:
        yield document.front.problem(("ends",), "ends before it starts", "a later day or time")


def _image_problems(document: Document, front: Front, folder: Path) -> Iterator[Problem]:
    if front.image and not is_image(folder, front.image):
        what, expected = f"`{front.image}` is no image below content/", "a path such as images/name.jpg"
        yield document.front.problem(("image",), what, expected)
    if front.image and not front.image_alt:
        what, expected = "an image without `Image alt:`", "words for those who can't see it"
        yield document.front.problem(("image",), what, expected, key=True)


def is_content_file(folder: Path, path: str) -> bool:
    """Tell whether a path is a file in the content folder, symbolic links resolved."""
    file = (folder / path).resolve()
    return "\\" not in path and file.is_file() and file.is_relative_to(folder.resolve())


def is_image(folder: Path, path: str) -> bool:
    """Tell whether a path is an image file in the content folder."""
    return PurePosixPath(path).suffix.lower() in IMAGES and is_content_file(folder, path)


def _foreign(document: Document, body: Body) -> Iterator[Problem]:
    for link in body.foreign:
        what = f"`{link:.80}` would be fetched from another host"
        yield Problem(document.file, *find_link(document, link), what, "a file below content/images/")


def _refused(document: Document, body: Body) -> Iterator[Problem]:
    for refused in body.refused:
        yield Problem(document.file, *find_link(document, refused.needle), refused.what, refused.expected)


def find_link(document: Document, link: str) -> tuple[int, int]:
    """Return line and column of a link in the body of an item; where case differs, as it may in HTML, too."""
    for body, text in ((document.body, link), (document.body.lower(), link.lower())):
        if (start := body.find(text)) >= 0:
            return document.body_line + body.count("\n", 0, start), start - body.rfind("\n", 0, start)
    return document.body_line, 1


def below(audience: Audience, programme: Programme) -> list[str]:
    """List the tiers below the lowest tier of an audience: the readers of a teaser."""
    ranks = [programme.rank(tier) for tier in programme.ladder if tier in audience.readers]
    return [] if audience.is_public else list(programme.ladder[: min(ranks) - 1 if ranks else 0])


def audience_label(words: tuple[str, ...], programme: Programme) -> str:
    """Return the label of an audience: `Gold and up, Staff`."""
    names = {PUBLIC: "Everybody", "members": "All members", STAFF: programme.staff.name}
    names |= {tier.key: tier.name for tier in programme.tiers}
    names |= {f"{tier.key}+": f"{tier.name} and up" for tier in programme.tiers}
    return ", ".join(names[word.strip().lower()] for word in words)
