"""The resolution of photos on paper."""

from collections.abc import Iterable, Iterator

from pikepdf import Array, Name, Object

from members_portal.newsletter.preflight.qr_reading import POINTS_PER_INCH
from members_portal.newsletter.preflight.trace import Traced, TracedPicture

LEAST_PHOTO_DPI = 200  # the minimum resolution of a photo without a warning
WORST_PHOTO_DPI = 100  # below it, a photo is an error


def coarse_photos(shown: Iterable[Traced]) -> Iterator[float]:
    """Yield the resolutions of the photos below the minimum, in dpi."""
    for each in shown:
        if isinstance(each, TracedPicture) and _is_photo(each.picture) and (dpi := _resolution(each)) < LEAST_PHOTO_DPI:
            yield dpi


def _is_photo(picture: Object) -> bool:
    filters = picture.get(Name.Filter)
    return Name.DCTDecode in (filters if isinstance(filters, Array) else [filters])


def _resolution(shown: TracedPicture) -> float:
    """Return the resolution of a picture in dpi, the lower one of both directions."""
    across, down = (max(points, 1e-6) / POINTS_PER_INCH for points in (shown.width, shown.height))
    return min(int(shown.picture.Width) / across, int(shown.picture.Height) / down)
