"""From documents to items: front matter, checked against the content folder and the programme."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any

from members_portal.loyalty.input.clock_time import read_day_and_time
from members_portal.loyalty.input.located_yaml import Path_
from members_portal.loyalty.input.parsing import parse, valid_part
from members_portal.loyalty.input.problem import InvalidInput, Problem, one_of
from members_portal.loyalty.programme.audience import PUBLIC, STAFF, Audience, UnknownAudience, parse_audience
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.body import Body
from members_portal.portal.content.front.front import Front, Page
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.front_matter import Document, find_link, find_text
from members_portal.portal.content.item import Item
from members_portal.portal.content.markdown_files import ContentFiles, kind_of
from members_portal.portal.content.similar_path import near
from members_portal.portal.text.derived_summary import derive_summary
from members_portal.portal.text.typography import typeset_record

DAYS = ("publish", "embargo", "expires", "status", "figures")  # keys that decide when readers see an item


class InvalidItem(InvalidInput):
    """Raised with the problems of a document.

    `part` is the item of its valid front matter, for checks that compare items. It is None if its readers and days are
    not known.
    """

    def __init__(self, problems: Iterable[Problem], part: Item | None) -> None:
        self.part = part
        super().__init__(problems)


@dataclass(frozen=True)
class ItemReader:
    """Makes items from documents, checked against the content folder and the programme."""

    files: ContentFiles
    programme: Programme
    language: str
    now: datetime | None

    def read(self, path: str, document: Document, body: Body) -> Item:
        """Return the item of a document; raise InvalidItem with all its problems."""
        kind, problems = kind_of(path), list(document.front.problems)
        problems += _foreign(document, body)
        problems += _refused(document, body)
        value, opens = _publish_time(self._matched(document.front.value))
        if value is None and document.front.problems:  # malformed YAML
            raise InvalidItem(problems, None)
        front = parse(kind.front, document.front, value, problems=problems)
        checked = front or valid_part(kind.front, value)
        audience = self._audience(document, checked, problems)
        problems += _front_problems(document, checked, audience, self.programme, self.files)
        is_derived = False
        if front is not None:
            front, is_derived = _with_summary(front, body)
            if not (front.summary or body.refused or isinstance(front, Page)):
                what = "`summary` is missing"
                problems.append(document.front.problem((), what, "`Summary:`, or a text to take it from"))
        part = self._part(path, document, body, front or checked, audience, opens) if audience else None
        if problems or part is None or front is None:
            raise InvalidItem(problems, part if _knows_days(checked, document) else None)
        return replace(part, front=typeset_record(front, self.language), has_derived_summary=is_derived)

    def _part(
        self, path: str, document: Document, body: Body, front: Front, audience: Audience, opens: time | None
    ) -> Item:
        label = audience_label(front.audience, self.programme)
        item = make_item(path, document, body, front, audience, label, draft=document.draft)
        return replace(item, held_until=_held_until(front.publish, opens, self.now))

    def _matched(self, value: Any) -> Any:
        """Return the front matter with the path of the image as its file has it."""
        image = value.get("image") if isinstance(value, dict) else None
        return {**value, "image": self.files.matched(image)} if isinstance(image, str) else value

    def _audience(self, document: Document, front: Front, problems: list[Problem]) -> Audience | None:
        """Return the audience; None with a problem for each unknown word, or where the key has a problem already."""
        try:
            return parse_audience(front.audience, self.programme.ladder) if front.audience is not None else None
        except UnknownAudience as error:
            for word in error.unknown:
                at, what = ("audience", word.at), f"audience: {word.what}"
                problems.append(document.front.problem(at, what, error.expected, word.hint))
            return None


def make_item(
    path: str, document: Document, body: Body, front: Front, audience: Audience, label: str, *, draft: bool
) -> Item:
    """Return an item from its parts; `label` is that of its audience."""
    return Item(
        kind=kind_of(path),
        path=path,
        slug=PurePosixPath(path).stem,
        source=document.file,
        front=front,
        audience=audience,
        publish=front.publish,
        embargo=front.embargo or {},
        expires=front.expires,
        draft=draft,
        audience_label=label,
        rendered=body.html,
        minutes=body.minutes,
        links=frozenset(body.links),
    )


def _knows_days(front: Front, document: Document) -> bool:
    """Tell whether all days and the status of front matter are valid, and none is missing."""
    given = {key for key in DAYS if (key,) in document.front.keys} | {
        key for key in DAYS if key in type(front).model_fields and type(front).model_fields[key].is_required()
    }
    return all(getattr(front, key, None) is not None for key in given)


def _with_summary(front: Front, body: Body) -> tuple[Front, bool]:
    """Return front matter with a summary, and whether it is the beginning of the text."""
    if front.summary:
        return front, False
    summary = derive_summary(body.html)
    return front.model_copy(update={"summary": summary}), bool(summary)


def _publish_time(value: Any) -> tuple[Any, time | None]:
    """Split `Publish: 2026-12-01 18:00` into the day, in the front matter, and the time."""
    publish = value.get("publish") if isinstance(value, dict) else None
    found = read_day_and_time(publish) if isinstance(publish, str) else None
    return ({**value, "publish": found.date().isoformat()}, found.time()) if found else (value, None)


def _held_until(publish: date | None, opens: time | None, now: datetime | None) -> datetime | None:
    """Return the time at which an item opens today; None if it has come, or on another day."""
    if publish is None or opens is None or now is None or now.date() != publish:
        return None
    opening = datetime.combine(publish, opens, now.tzinfo)
    return opening if now < opening else None


def _front_problems(
    document: Document, front: Front, audience: Audience | None, programme: Programme, files: ContentFiles
) -> Iterator[Problem]:
    """Check front matter against the programme, the content folder and itself: names, files, order of days."""
    at = document.front.problem
    for tier in front.embargo or ():
        if tier in programme.ladder and audience and tier not in audience.readers:
            tiers = one_of(each for each in programme.ladder if each in audience.readers)
            yield at(("embargo", tier), f"`{tier}` isn't in the audience", tiers, key=True)
    for path, noun, word, known in _names(front, programme):
        yield from document.front.unknown(path, noun, word, known, key=noun == "tier")
    yield from _day_problems(document, front, audience)
    yield from _image_problems(document, front, files)
    if front.teaser and audience and not below(audience, programme):
        yield at(("teaser",), "nobody would see this teaser", "an audience that leaves out a lower tier")


def _names(front: Front, programme: Programme) -> Iterator[tuple[Path_, str, str, Collection[str]]]:
    """Yield the words of front matter that name something in programme.yaml: place, noun, word, known words."""
    segments = [segment.key for segment in programme.segments]
    yield from ((("embargo", tier), "tier", tier, programme.ladder) for tier in front.embargo or ())
    for index, interest in enumerate(front.interests or ()):
        yield ("interests", index), "interest", interest, programme.interests
    for index, segment in enumerate((isinstance(front, Offer) and front.segments) or ()):
        yield ("segments", index), "segment", segment, segments


def _day_problems(document: Document, front: Front, audience: Audience | None) -> Iterator[Problem]:
    if front.expires and front.publish and front.expires < front.publish:
        yield document.front.problem(("expires",), "expires before it is published", "a later day")
    yield from _embargo_problems(document, front, audience)
    starts, ends = getattr(front, "starts", None), getattr(front, "ends", None)
    if starts and ends and ends < starts:
        yield document.front.problem(("ends",), "ends before it starts", "a later day or time")


def _embargo_problems(document: Document, front: Front, audience: Audience | None) -> Iterator[Problem]:
    """Find tiers that would see an item of the public later than the public."""
    if not audience or not audience.is_public or (front.publish is None and ("publish",) in document.front.keys):
        return
    for tier, day in (front.embargo or {}).items():
        if front.publish is None or day > front.publish:
            what, expected = f"`{tier}` would see this later than the public", "a day no later than `Publish:`"
            yield document.front.problem(("embargo", tier), what, expected)


def _image_problems(document: Document, front: Front, files: ContentFiles) -> Iterator[Problem]:
    if front.image and not files.is_image(front.image):
        what, expected = f"`{front.image}` is no image below content/", "a path such as images/name.jpg"
        yield document.front.problem(("image",), what, expected, near(front.image, files.images))
    if front.image and not front.image_alt and ("image_alt",) not in document.front.keys:
        what, expected = "an image without `Image alt:`", "a description of the picture"
        yield document.front.problem(("image",), what, expected, key=True)


def _foreign(document: Document, body: Body) -> Iterator[Problem]:
    for link in body.foreign:
        what = f"`{link:.80}` would be fetched from another host"
        yield Problem(document.file, *find_link(document, link), what, "a file below content/images/")


def _refused(document: Document, body: Body) -> Iterator[Problem]:
    for refused in body.refused:
        yield Problem(document.file, *find_text(document, refused.needle), refused.what, refused.expected)


def below(audience: Audience, programme: Programme) -> list[str]:
    """List the tiers below the lowest tier of an audience: the readers of a teaser."""
    ranks = [programme.rank(tier) for tier in programme.ladder if tier in audience.readers]
    return [] if audience.is_public else list(programme.ladder[: min(ranks) - 1 if ranks else 0])


def audience_label(words: tuple[str, ...], programme: Programme) -> str:
    """Return the label of an audience: `Gold and up, Staff`."""
    names: Mapping[str, str] = {
        PUBLIC: "Everybody",
        "members": "All members",
        STAFF: programme.staff.name,
        **{tier.key: tier.name for tier in programme.tiers},
        **{f"{tier.key}+": f"{tier.name} and up" for tier in programme.tiers},
    }
    return ", ".join(names[word.strip().lower()] for word in words)
