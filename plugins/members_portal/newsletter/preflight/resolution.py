"""The resolution of photos on paper, once per content stream of a sample."""

from collections.abc import Callable, Iterable, Iterator

from pikepdf import Array, Name, Object, Page

from members_portal.newsletter.preflight.qr_reading import POINTS_PER_INCH
from members_portal.newsletter.preflight.trace import TracedPicture, Tracer
from members_portal.newsletter.preflight.typeface import Typeface

LEAST_PHOTO_DPI = 200  # the minimum resolution of a photo without a warning
WORST_PHOTO_DPI = 100  # below it, a photo is an error


def photo_faults(
    pages: Iterable[tuple[int, Page]], typeface: Callable[[Object], Typeface]
) -> Iterator[tuple[int, float]]:
    """Yield the photos below the minimum resolution as (page number, dpi)."""
    looked: set[tuple[int, int]] = set()
    for number, page in pages:
        if page.obj.Contents.objgen in looked:
            continue
        looked.add(page.obj.Contents.objgen)
        for shown in Tracer(page.resources, typeface).follow(page):
            if isinstance(shown, TracedPicture) and _is_photo(shown.picture):
                dpi = _resolution(shown)
                if dpi < LEAST_PHOTO_DPI:
                    yield number, dpi


def _is_photo(picture: Object) -> bool:
    filters = picture.get(Name.Filter)
    return Name.DCTDecode in (filters if isinstance(filters, Array) else [filters])


def _resolution(shown: TracedPicture) -> float:
    """Return the resolution of a picture in dpi, the lower one of both directions."""
    across, down = (max(points, 1e-6) / POINTS_PER_INCH for points in (shown.width, shown.height))
    return min(int(shown.picture.Width) / across, int(shown.picture.Height) / down)
