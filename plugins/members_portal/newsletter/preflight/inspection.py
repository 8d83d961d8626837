"""The preflight: a print run is looked at once more, as the file that goes to the printer, against its manifest.

What pages share is looked at once. Each letter is looked at for what is its own: pages, contents, address, black text;
the QR codes of a sample are read back, which is every letter of a small run. Whatever is found fails the run.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
from pikepdf import Array, Name, Object, Page, Pdf

from members_portal.newsletter.post.address_window import DIN_5008_B, Window, Zone
from members_portal.newsletter.preflight import pdfx_marks, trim, window_view
from members_portal.newsletter.preflight.finding import Finding, Report
from members_portal.newsletter.preflight.inventory import COLOURS, FONTS, Inventory, chosen_colours
from members_portal.newsletter.preflight.qr_reading import read_codes
from members_portal.newsletter.preflight.trace import Placed, Text, Tracer
from members_portal.newsletter.preflight.verifier import check_syntax
from members_portal.newsletter.press.postage import A4, Paper
from members_portal.newsletter.press.run_manifest import ManifestRow, content_hash, letter_hash, text_hash
from members_portal.newsletter.print_error import PrintError

BLEED = 3.0  # mm
SAMPLE = 200  # letters whose QR codes are read back; a run that has no more is read whole
PHOTO_DPI = 200  # a photo that is coarser looks it
SIDES = 2  # of a sheet
INCH = 72
THE_FILE = "the file"

SYNTAX, PAGES, BOXES, ANNOTATIONS = "syntax", "pages", "boxes", "annotations"
CONTENTS, WINDOW, BLACK, QR = "contents", "address window", "black text", "QR codes"
RESOLUTION = "resolution"
CHECKS = (SYNTAX, *pdfx_marks.CHECKS, PAGES, BOXES, ANNOTATIONS, COLOURS, FONTS, CONTENTS, WINDOW, BLACK, QR)
MALFORMED = (pikepdf.PdfError, AttributeError, IndexError, KeyError, TypeError, ValueError)  # as pikepdf has it


@dataclass(frozen=True)
class Expected:
    """What a run should be: `window` and `code` say where on the front the address and the QR code stand.

    Black text of the front must be in black ink alone; with `black_front`, all its text, but for white.
    """

    paper: Paper = A4
    window: Window | None = DIN_5008_B
    code: Zone | None = None
    bleed: float = BLEED
    sample: int = SAMPLE
    black_front: bool = False


def preflight(
    path: Path,
    entries: Sequence[ManifestRow],
    expected: Expected,
    step: Callable[[int], object] = lambda _letters: None,
) -> Report:
    """Check a print run; `step` is called with how many more letters were looked at."""
    with ThreadPoolExecutor(1) as aside:
        syntax = aside.submit(_syntax, path)  # another program, which reads the file at the same time
        inspected = _inspect(path, entries, expected, step)
        return replace(inspected, findings=(*syntax.result(), *inspected.findings))


def _syntax(path: Path) -> list[Finding]:
    return [Finding(SYNTAX, THE_FILE, what) for what in check_syntax(path)]


def _inspect(path: Path, entries: Sequence[ManifestRow], expected: Expected, step: Callable[[int], object]) -> Report:
    try:
        with pikepdf.open(path) as pdf:
            return _Inspection(pdf, expected).report(entries, step)
    except MALFORMED as error:
        return Report(CHECKS, (Finding(SYNTAX, THE_FILE, f"isn't built as a print run is: {error}"),))


def sample_of(entries: Sequence[ManifestRow], most: int) -> list[ManifestRow]:
    """Return the first letter, the last, and as many evenly spread between them, or all when there are no more."""
    if len(entries) <= most:
        return list(entries)
    return [entries[place * (len(entries) - 1) // (most - 1)] for place in range(most)]


class _Inspection:
    """The inspection of one document, and what it has found."""

    def __init__(self, pdf: Pdf, expected: Expected) -> None:
        self.pdf, self.expected = pdf, expected
        self.pages = [Page(leaf) for leaf in _leaves(pdf.Root.Pages)]  # pikepdf's own list counts at each look
        self.found: list[Finding] = []
        self.warned: list[Finding] = []
        self.inventory = Inventory()
        self._notes: str | None = None
        self._hashes: dict[tuple[int, int], bytes] = {}

    def report(self, entries: Sequence[ManifestRow], step: Callable[[int], object]) -> Report:
        """Look at the document, each letter, and a sample more closely."""
        self._document(entries)
        for entry in entries:
            self._letter(entry)
            step(1)
        chosen = sample_of([entry for entry in entries if self._is_there(entry)], self.expected.sample)
        self._codes(chosen)
        self._photos(chosen)
        note = f"the QR codes of {len(chosen)} of {len(entries)} letters were read"
        return Report(CHECKS, tuple(self.found), tuple(self.warned), (note,))

    def _find(self, check: str, where: str, problems: Iterable[str]) -> None:
        self.found += [Finding(check, where, what) for what in problems]

    def _document(self, entries: Sequence[ManifestRow]) -> None:
        for name, check in pdfx_marks.CHECKS.items():
            self._find(name, THE_FILE, check(self.pdf))
        self._find(PAGES, THE_FILE, _row(entries, len(self.pages)))

    def _is_there(self, entry: ManifestRow) -> bool:
        return 1 <= entry.first <= entry.last <= len(self.pages)

    def _letter(self, entry: ManifestRow) -> None:
        where = f"letter {entry.sequence}"
        self._find(PAGES, where, _pages(entry))
        if not self._is_there(entry):
            return
        numbers = range(entry.first, entry.last + 1)
        pages = [self.pages[number - 1] for number in numbers]
        hashes = [self._page(page, f"page {number}") for page, number in zip(pages, numbers, strict=True)]
        if letter_hash(hashes) != entry.sha256:
            self._find(CONTENTS, where, ["isn't the letter that the manifest describes"])
        self._front(pages[0], entry, where)

    def _page(self, page: Page, where: str) -> bytes:
        """Look at a page; return the hash of its contents."""
        boxes = trim.boxes_of(page)
        self._find(BOXES, where, trim.problems(boxes, self.expected.paper, self.expected.bleed))
        self._find(ANNOTATIONS, where, trim.annotations(page, boxes))
        if Name.AA in page.obj:
            self._find("actions", where, ["acts when it is opened"])
        for check, what in self.inventory.page(page):
            self._find(check, where, [what])
        return self._contents(page, where)

    def _contents(self, page: Page, where: str) -> bytes:
        contents = page.obj.Contents
        if contents.objgen not in self._hashes or not contents.is_indirect:
            data = _read(contents)
            self._find(COLOURS, where, chosen_colours(page, data, page.resources))
            self._hashes[contents.objgen] = content_hash(data)
        return self._hashes[contents.objgen]

    def _front(self, page: Page, entry: ManifestRow, where: str) -> None:
        shown = Tracer(page.resources, self.inventory.typeface).follow(page)
        texts = [each for each in shown if isinstance(each, Text)]
        if self.expected.window:
            self._view(texts, trim.boxes_of(page), self.expected.window, entry, where)
        self._find(BLACK, where, _blurred(texts, self.expected.black_front))

    def _view(self, texts: Sequence[Text], boxes: trim.Boxes, window: Window, entry: ManifestRow, where: str) -> None:
        self._find(WINDOW, where, window_view.problems(texts, boxes, window, entry.window))
        notes = window_view.notes(texts, boxes, window)
        self._notes = notes if self._notes is None else self._notes
        if notes != self._notes:
            self._find(WINDOW, where, ["has other words above the address than the first letter"])

    def _codes(self, entries: Sequence[ManifestRow]) -> None:
        """Read QR codes back; fail when that can't be done."""
        fronts = [self.pages[entry.first - 1] for entry in entries]
        try:
            for entry, texts in zip(entries, read_codes(fronts, self.expected.code), strict=True):
                self._find(QR, f"letter {entry.sequence}", _misread(texts, entry.sign_in))
        except PrintError as error:
            self._find(QR, THE_FILE, [f"can't be read: {error}"])

    def _photos(self, entries: Sequence[ManifestRow]) -> None:
        """Warn of coarse photos on pages that weren't looked at yet."""
        looked: set[tuple[int, int]] = set()
        for number in (number for entry in entries for number in range(entry.first, entry.last + 1)):
            page = self.pages[number - 1]
            if page.obj.Contents.objgen not in looked:
                looked.add(page.obj.Contents.objgen)
                self._warn_of_coarse(page, f"page {number}")

    def _warn_of_coarse(self, page: Page, where: str) -> None:
        for shown in Tracer(page.resources, self.inventory.typeface).follow(page):
            if isinstance(shown, Placed) and _is_photo(shown.picture) and (dpi := _resolution(shown)) < PHOTO_DPI:
                self.warned.append(Finding(RESOLUTION, where, f"a photo of {dpi:.0f} dpi, better {PHOTO_DPI}"))


def _leaves(node: Object) -> Iterator[Object]:
    """Walk the tree of pages."""
    if Name.Kids not in node:
        yield node
        return
    for child in node.Kids.as_list():
        yield from _leaves(child)


def _row(entries: Sequence[ManifestRow], pages: int) -> Iterator[str]:
    """Say where letters don't follow each other without a gap."""
    following = 1
    for place, entry in enumerate(entries, 1):
        if entry.sequence != place or entry.first != following:
            yield f"row {place} of the manifest has letter {entry.sequence} begin on page {entry.first}"
        following = entry.last + 1
    if following - 1 != pages:
        yield f"has {pages} pages, and the manifest's letters {following - 1}"


def _pages(entry: ManifestRow) -> Iterator[str]:
    if entry.pages % SIDES:
        yield f"has {entry.pages} pages, an odd number"
    if entry.last - entry.first + 1 != entry.pages or -(-entry.pages // SIDES) != entry.sheets:
        yield f"has {entry.pages} pages on {entry.sheets} sheets, from page {entry.first} to page {entry.last}"


def _read(contents: Object) -> bytes:
    if isinstance(contents, Array):
        return b"\n".join(part.read_bytes() for part in contents)
    return contents.read_bytes()


def _blurred(texts: Iterable[Text], strict: bool) -> Iterator[str]:
    """Say which inks text is in that should be in black alone: it would be blurred where plates don't meet."""
    paints = {text.paint for text in texts if text.words.strip() and not text.paint.is_black_ink}
    for paint in sorted((paint for paint in paints if strict or paint.is_dark), key=str):
        yield f"has text in {paint.space} {' '.join(f'{level:g}' for level in paint.levels)}"


def _misread(texts: Sequence[str], expected: str) -> Iterator[str]:
    if not texts:
        yield "has no QR code that can be read"
    elif expected not in map(text_hash, texts):
        yield "has a QR code that says something else"


def _is_photo(picture: Object) -> bool:
    filters = picture.get(Name.Filter)
    return Name.DCTDecode in (filters if isinstance(filters, Array) else [filters])


def _resolution(shown: Placed) -> float:
    """Return the dots per inch of a picture in its frame, in the direction in which they are fewer."""
    across, down = (max(points, 1e-6) / INCH for points in (shown.width, shown.height))
    return min(int(shown.picture.Width) / across, int(shown.picture.Height) / down)
