"""Postal addresses: in the form of the destination country, fitted to the envelope window without losing a word.

For letters abroad, the last line is the country in capitals and in the sender's language: the sender's post reads that
line, the destination's post reads the others (Universal Postal Union, standard S42 and its country sheets).
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from babel import Locale

from members_portal.loyalty.member.member import Address, Member
from members_portal.newsletter.glyph_coverage import described, machine_width
from members_portal.newsletter.post.address_window import MM_PER_PT, Window
from members_portal.newsletter.print_error import PrintError

Ruler = Callable[[str], float]
Missing = Callable[[str], str]  # returns the characters of a text that no font can print
NO_FONT = "no font"  # the beginning of a reason
BREAKABLE = ("name", "given")  # parts that may be broken
BREAK_SIGNS = (" ", "-‐")  # best first
PART_NAMES = {  # of an address, as a message names them
    "name": "the name",
    "given": "one of `lines`",
    "place": "the place",
    "postcode": "the postcode",
    "country": "the country",
}
JOINED = 0.75  # em: names in Arabic and Hebrew take 0.4 to 0.6 em per character in the fonts tried
WORD_WIDTH = 1.5  # em: wider characters are whole words (`﷽`), and count with their own width

# Address forms by country; {lines} are the member's street lines. CITY is in capitals where the country's post requires
# capitals. All other countries use PLACE_LAST, the postcode before the place. Regions and states are part of `city`
# (`Portland OR`). Sources: the addressing guides of the national posts, which agree with the UPU's country sheets.
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
    """Raised when an address can't be printed in the window; gives the member's id and the reason, not the address."""

    def __init__(self, member: str, reason: str) -> None:
        self.member, self.reason = member, reason
        super().__init__(f"member {member}: {reason}")


@dataclass(frozen=True)
class AddressLine:
    """A line of an address; `part` is `name`, `given` (a street line), `place`, `postcode` or `country`.

    `whole` is False for a line that was broken or joined already: it is neither broken nor joined again.
    """

    part: str
    text: str
    whole: bool = True


class FontRuler:
    """Measures text in a font: `ruler(text)` returns millimetres.

    Characters that the font lacks are set in a fallback font; they count with the largest width expected.
    """

    def __init__(self, path: Path, size: float) -> None:
        """`size` is in points."""
        import uharfbuzz

        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        self._font, self._covered = uharfbuzz.Font(face), face.unicodes
        self._em = size * MM_PER_PT
        self._unit = self._em / face.upem

    def __call__(self, text: str) -> float:
        import uharfbuzz

        run = uharfbuzz.Buffer()
        run.add_str("".join(character for character in text if ord(character) in self._covered))
        run.guess_segment_properties()
        uharfbuzz.shape(self._font, run)
        known = self._unit * sum(place.x_advance for place in run.glyph_positions or ())
        missing = sum(_estimated_width(character) for character in text if ord(character) not in self._covered)
        return float(known + self._em * missing)


def _estimated_width(character: str) -> float:
    """Return the largest expected width of a character in an unknown font, in em, averaged over a name."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    if (width := machine_width(character)) > WORD_WIDTH:
        return width
    return JOINED if unicodedata.bidirectional(character) in {"R", "AL"} else 1


def postal_address(member: Member, house_country: str, language: str) -> tuple[AddressLine, ...]:
    """Return a member's address in the form of its country; no lines without an address.

    `house_country` (ISO 3166-1) is the country of posting, `language` (BCP 47) the language of the country name.
    """
    address = member.address
    if not address:
        return ()
    lines = [AddressLine("name", _tidy(member.full_name))]
    for row in FORM_OF.get(address.country, PLACE_LAST).split("\n"):
        if row == "{lines}":
            lines += [AddressLine("given", _tidy(line)) for line in address.lines]
        else:
            lines.append(AddressLine("postcode" if row == "{postcode}" else "place", _filled(row, address)))
    if address.country != house_country:
        lines.append(AddressLine("country", _country_name(member.id, address.country, language)))
    return tuple(line for line in lines if line.text)


@dataclass(frozen=True)
class AddressSetter:
    """Sets addresses into a window; `house_country` and `language` are those of `postal_address`."""

    window: Window
    width: Ruler
    house_country: str
    language: str
    missing: Missing = lambda _text: ""

    def lines(self, member: Member) -> tuple[str, ...]:
        """Return a member's address as the lines in the window; raise AddressMisfit when anything would be lost.

        Break names and street lines that are too wide at a space or a hyphen. If there are too many lines, first join
        the postcode to its place, then street lines in pairs with a comma, as posts print `Flat 2, 10 Binary Yard`.
        """
        room, most = self.window.recipient.width, self.window.lines
        address = postal_address(member, self.house_country, self.language)
        if missing := self.missing("".join(line.text for line in address)):
            raise AddressMisfit(member.id, f"{NO_FONT}: {described(missing)} in the address")
        lines = [part for line in address for part in _broken(line, room, self.width)]
        for number, line in enumerate(address, 1):
            if reason := _too_wide(line, number, room, self.width):
                raise AddressMisfit(member.id, f"{reason}; the window {self.window.name} holds {room:.0f} mm")
        while len(lines) > most:
            if not (pair := next(_pairs(lines, room, self.width), None)):
                reason = f"the address has {len(lines)} lines, the window {self.window.name} holds {most}"
                raise AddressMisfit(member.id, reason)
            at, joined = pair
            lines[at : at + 2] = [joined]
        return tuple(line.text for line in lines)


def _filled(row: str, address: Address) -> str:
    """Fill a row of a form; without a postcode, drop its spaces and commas too."""
    city, postcode = _tidy(address.city), _tidy(address.postcode or "")
    filled = row.format(city=city, CITY=city.upper(), postcode=postcode)
    return filled if postcode else filled.strip(" ,")


def _country_name(member: str, country: str, language: str) -> str:
    """Return the name of a country in capitals; raise AddressMisfit for an unknown one."""
    locale = Locale.parse(language, sep="-")
    if name := locale.territories.get(country):
        return _capitals(name, locale.language)
    raise AddressMisfit(member, f"there is no country `{country}`")


def _capitals(text: str, language: str) -> str:
    """Return a text in capitals; the Turkish and Azerbaijani i keeps its dot."""
    return (text.replace("i", "İ") if language in {"az", "tr"} else text).upper()


def _tidy(text: str) -> str:
    """Collapse every run of white space to one space."""
    return " ".join(text.split())


def _broken(line: AddressLine, room: float, width: Ruler) -> list[AddressLine]:
    """Break a line that is too wide at the last space, or else after the last hyphen, that lets both parts fit.

    A line for which two parts are not enough is broken at the last space or hyphen that lets the first part fit.
    """
    if width(line.text) <= room or line.part not in BREAKABLE:
        return [line]
    fitting = [(head, rest, signs) for head, rest, signs in _breaks(line.text) if width(head) <= room]
    for signs in BREAK_SIGNS:
        for head, rest, found in fitting:
            if found == signs and width(rest) <= room:
                return [AddressLine(line.part, head, whole=False), AddressLine(line.part, rest, whole=False)]
    if not fitting:
        return [line]
    head, rest, _ = fitting[0]
    tail = _broken(AddressLine(line.part, rest, whole=False), room, width)
    return [AddressLine(line.part, head, whole=False), *tail]


def _breaks(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the two parts of a text at each space and hyphen, the last one first, with the kind of sign."""
    for at in reversed(range(1, len(text))):
        head, rest = text[:at].rstrip(), text[at:].lstrip()
        for signs in BREAK_SIGNS:
            if text[at - 1] in signs and head and rest:
                yield head, rest, signs


def _too_wide(line: AddressLine, number: int, room: float, width: Ruler) -> str:
    """Break a line; return the reason if a part is still too wide, without its text, else ""."""
    for part in _broken(line, room, width):
        if (wide := width(part.text)) > room:
            which = f"line {number} of the address"
            if line.part in BREAKABLE:
                which = f"word {len(line.text[: line.text.rindex(part.text)].split()) + 1} of {which}"
            return f"{which} is {wide:.0f} mm wide and can't be broken; line {number} is {PART_NAMES[line.part]}"
    return ""


def _pairs(lines: list[AddressLine], room: float, width: Ruler) -> Iterator[tuple[int, AddressLine]]:
    """Yield the adjacent lines that may be joined, best first, as (index, joined line)."""
    for parts, sign in ((("place", "postcode"), "  "), (("given", "given"), ", ")):
        for at, (upper, lower) in enumerate(pairwise(lines)):
            joined = AddressLine(upper.part, upper.text.rstrip(",") + sign + lower.text, whole=False)
            fits = (upper.part, lower.part) == parts and upper.whole and lower.whole
            if fits and width(joined.text) <= room:
                yield at, joined
