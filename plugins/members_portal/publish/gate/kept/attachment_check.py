"""The attachments of an edition, compared with the files below content/, and pictures without metadata."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from members_portal.picture_file import UnreadablePicture, find_metadata, is_raster
from members_portal.portal.content.attachment import folded
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.picture.picture_markup import rendition_addresses
from members_portal.publish.gate.candidate import Candidate


def attachments(inputs: Inputs, reader: str) -> frozenset[str]:
    """Return the paths of the pictures and attachments of an edition."""
    items = visible_items(inputs, reader)
    return frozenset().union(*(item.files for item in items), rendered_pictures(inputs, reader))


def rendered_pictures(inputs: Inputs, reader: str) -> dict[str, str]:
    """Map the renditions of pictures in an edition to the paths of their pictures."""
    return dict(rendition_addresses(visible_items(inputs, reader), inputs.pictures))


def visible_items(inputs: Inputs, reader: str) -> list[Item]:
    """Return the items that a reader may see on the day."""
    return [item for item in inputs.library.items.values() if item.visible_to(reader, inputs.on)]


def check_attachments(
    candidate: Candidate,
    reader: str,
    made: Collection[str],
    digest_of: Callable[[str], str],
    read: Callable[[str], bytes],
) -> Iterator[str]:
    """Yield the attachments of an edition that have the path of a file of the product, or another content."""
    own = {folded(path) for path in made}
    for path, digest in candidate.once("published files", reader, published_files).items():
        if folded(path) in own:
            yield f"edition {reader}: the attachment {path} has the path of a file of the product"
        elif digest_of(path) != digest:
            yield f"edition {reader}: {path} isn't the file below content/"
        elif is_raster(path) and digest not in candidate.inspected:  # editions share most pictures
            candidate.inspected.add(digest)
            yield from (f"edition {reader}: {path} {fault}" for fault in _new_faults(candidate, digest, path, read))


def _new_faults(candidate: Candidate, digest: str, path: str, read: Callable[[str], bytes]) -> list[str]:
    """Return the faults of a picture; it is not read if it passed before."""
    faults: list[str] = []

    def passes() -> bool:
        faults.extend(picture_faults(read(path)))
        return not faults

    candidate.passed("metadata").passes(digest, passes)
    return faults


def published_files(inputs: Inputs, reader: str) -> dict[str, str]:
    """Map the attachments of an edition to the digests of their bytes: files below content/, pictures as encoded."""
    renditions = rendered_pictures(inputs, reader)
    whole = frozenset().union(*(item.files for item in visible_items(inputs, reader))) - {*renditions}
    due = {path: inputs.pictures.published_digests(path)[path] for path in whole}
    due |= {address: inputs.pictures.published_digests(path)[address] for address, path in renditions.items()}
    return dict(sorted(due.items()))


def picture_faults(data: bytes) -> tuple[str, ...]:
    """Return why the bytes of a picture must not be published: they hold metadata, or no picture."""
    try:
        return tuple(f"holds metadata: {name}" for name in find_metadata(data))
    except UnreadablePicture as error:
        return (error.what,)
