"""Postal addresses: in the order and form of the country they go to, set into a window, and never clipped.

The country stands last, in capitals and in the sender's language, when the letter goes abroad: it is read where the
letter is posted, all lines above it where it arrives (Universal Postal Union, standard S42 and its country sheets).
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from babel import Locale

from members_portal.loyalty.member.member import Address, Member
from members_portal.newsletter.post.address_window import MM_PER_PT, Window
from members_portal.newsletter.print_error import PrintError

Ruler = Callable[[str], float]
JOINED = 0.75  # of the type's size: names in Arabic and Hebrew take 0.4 to 0.6 a letter in the fonts at hand

# What follows (or surrounds) the lines that the member gave. CITY is in capitals where that post asks for them; what
# other countries' posts print, and those we don't know, is the postcode before the place. Regions and states are part
# of `city` (`Portland OR`). Sources: the posts' own guides for addressing, in agreement with the UPU's country sheets.
PLACE_LAST = "{lines}\n{postcode} {city}"
FORMS = {
    "{lines}\n{postcode} {CITY}": "FI FR IT MC NO PT SE SM VA",  # Posti, La Poste, Poste Italiane, Posten, CTT
    "{lines}\n{postcode}  {CITY}": "NL",  # PostNL: two spaces
    "{lines}\n{CITY}\n{postcode}": "GB GG IE IM JE",  # Royal Mail, An Post: the postcode on a line of its own
    "{lines}\n{CITY} {postcode}": "AU US PR",  # Australia Post, USPS
    "{lines}\n{CITY}  {postcode}": "CA",  # Canada Post: two spaces
    "{lines}\n{city} {postcode}": "ID IL IN JP KR MT NG NZ SA SG TH TW",
    "{lines}\n{city}, {postcode}": "LV",  # Latvijas Pasts
    "{lines}\n{city}\n{postcode}": "EG KE LK NA RU UA ZA",
    "{city}\n{lines}\n{postcode}": "HU",  # Magyar Posta: from the place to the door, the postcode last
}
FORM_OF = {country: form for form, countries in FORMS.items() for country in countries.split()}


class AddressMisfit(PrintError):
    """Raised with the id of the member whose address can't be printed, and what is wrong with it; no word of it."""

    def __init__(self, member: str, what: str) -> None:
        self.member, self.what = member, what
        super().__init__(f"member {member}: {what}")


@dataclass(frozen=True)
class Line:
    """A line of an address: the `name`, a line the member gave, `place`, `postcode` or `country`.

    `whole` is a line as it came, which may be broken in two or joined with another one, but not both.
    """

    part: str
    text: str
    whole: bool = True


@dataclass(frozen=True)
class PostalAddress:
    """A member's address, line by line."""

    member: str
    lines: tuple[Line, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.lines)


class FontRuler:
    """Measures words in a font; calling it gives millimetres.

    Letters that the font lacks will be set in whichever other has them, and count as wide as they may become.
    """

    def __init__(self, path: Path, size: float) -> None:
        """`size` is in points."""
        import uharfbuzz

        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        self._font, self._letters = uharfbuzz.Font(face), face.unicodes
        self._em = size * MM_PER_PT
        self._unit = self._em / face.upem

    def __call__(self, text: str) -> float:
        import uharfbuzz

        run = uharfbuzz.Buffer()
        run.add_str("".join(letter for letter in text if ord(letter) in self._letters))
        run.guess_segment_properties()
        uharfbuzz.shape(self._font, run)
        known = self._unit * sum(place.x_advance for place in run.glyph_positions or ())
        return float(known + self._em * sum(_breadth(letter) for letter in text if ord(letter) not in self._letters))


def _breadth(letter: str) -> float:
    """Estimate how wide a letter is in a font we don't know, to its size: at the most, over the length of a name."""
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return JOINED if unicodedata.bidirectional(letter) in {"R", "AL"} else 1


def postal_address(member: Member, house_country: str, language: str) -> PostalAddress:
    """Put a member's address into the form of its country.

    `house_country` (ISO 3166-1) is where it is posted, `language` (BCP 47) what is understood there.
    """
    if not member.address:
        return PostalAddress(member.id, ())
    name = Line("name", _tidy(member.full_name))
    lines = (name, *_rows(member.address), *_country(member, house_country, language))
    return PostalAddress(member.id, tuple(line for line in lines if line.text))


def fit(address: PostalAddress, window: Window, width: Ruler) -> tuple[str, ...]:
    """Return the lines as they stand in the window; raise AddressMisfit when they can't without losing a word.

    A name or a line too wide is broken in two at a space or a hyphen. Of too many lines, the postcode moves up to its
    place, then lines that the member gave are joined in pairs, with a comma: as posts print `Flat 2, 10 Binary Yard`.
    """
    room = window.recipient.width
    lines = [part for line in address.lines for part in _broken(line, room, width)]
    for index, line in enumerate(lines, 1):
        if (wide := width(line.text)) > room:
            what = f"line {index} of the address is {wide:.0f} mm wide and can't be broken"
            raise AddressMisfit(address.member, f"{what}; the window {window.name} holds {room:.0f} mm")
    while len(lines) > window.lines:
        if not (pair := next(_pairs(lines, room, width), None)):
            what = f"the address has {len(lines)} lines, the window {window.name} holds {window.lines}"
            raise AddressMisfit(address.member, what)
        at, joined = pair
        lines[at : at + 2] = [joined]
    return tuple(line.text for line in lines)


def _rows(address: Address) -> Iterator[Line]:
    for row in FORM_OF.get(address.country, PLACE_LAST).split("\n"):
        if row == "{lines}":
            yield from (Line("given", _tidy(line)) for line in address.lines)
        else:
            yield Line("postcode" if row == "{postcode}" else "place", _filled(row, address))


def _filled(row: str, address: Address) -> str:
    """Fill a row of a form; where there is no postcode, nothing is left of its spaces and commas."""
    city, postcode = _tidy(address.city), _tidy(address.postcode or "")
    filled = row.format(city=city, CITY=city.upper(), postcode=postcode)
    return filled if postcode else filled.strip(" ,")


def _country(member: Member, house_country: str, language: str) -> Iterator[Line]:
    country = member.address.country if member.address else house_country
    if country == house_country:
        return
    locale = Locale.parse(language, sep="-")
    name = locale.territories.get(country)
    if not name:
        raise AddressMisfit(member.id, f"there is no country `{country}`")
    yield Line("country", _capitals(name, locale.language))


def _capitals(text: str, language: str) -> str:
    """Write in capitals; a Turkish i keeps its dot."""
    return (text.replace("i", "İ") if language in {"az", "tr"} else text).upper()


def _tidy(text: str) -> str:
    """Leave one space where there is any white space."""
    return " ".join(text.split())


def _broken(line: Line, room: float, width: Ruler) -> list[Line]:
    """Break a line that is too wide at a space, else after a hyphen, as far to the right as it fits."""
    if width(line.text) <= room or line.part not in {"name", "given"}:
        return [line]
    for signs in (" ", "-‐"):
        for at in reversed(range(1, len(line.text))):
            head, rest = line.text[:at].rstrip(), line.text[at:].lstrip()
            if line.text[at - 1] in signs and rest and width(head) <= room >= width(rest):
                return [Line(line.part, head, whole=False), Line(line.part, rest, whole=False)]
    return [line]


def _pairs(lines: list[Line], room: float, width: Ruler) -> Iterator[tuple[int, Line]]:
    """Find neighbours that may stand on one line, best first: where, and that line."""
    for parts, sign in ((("place", "postcode"), "  "), (("given", "given"), ", ")):
        for at, (upper, lower) in enumerate(pairwise(lines)):
            joined = Line(upper.part, upper.text.rstrip(",") + sign + lower.text, whole=False)
            fits = (upper.part, lower.part) == parts and upper.whole and lower.whole
            if fits and width(joined.text) <= room:
                yield at, joined
