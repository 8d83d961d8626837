"""The preflight: checks the printer's file against its manifest.

Shared objects are checked once. Each letter is checked for its pages, contents, address and black text. QR codes are
decoded for a sample, which is every letter of a small run. One finding fails the run.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pikepdf
from pikepdf import Array, Name, Object, Page, Pdf

from members_portal.newsletter.post.address_window import Window, Zone
from members_portal.newsletter.preflight import cut_view, pdfx_marks, trim, window_view
from members_portal.newsletter.preflight.address_reading import Glyphs, glyphs_of
from members_portal.newsletter.preflight.expected import Expected
from members_portal.newsletter.preflight.finding import Finding, PreflightReport
from members_portal.newsletter.preflight.inventory import COLOURS, FONTS, Inventory, chosen_colours
from members_portal.newsletter.preflight.pagination import gaps, page_faults
from members_portal.newsletter.preflight.qr_reading import read_codes
from members_portal.newsletter.preflight.resolution import LEAST_PHOTO_DPI, WORST_PHOTO_DPI, coarse_photos
from members_portal.newsletter.preflight.trace import TracedDash, TracedText, Tracer
from members_portal.newsletter.preflight.verifier import check_syntax
from members_portal.newsletter.press.run_manifest import ManifestRow, content_hash, letter_hash, text_hash
from members_portal.newsletter.print_error import PrintError

THE_FILE = "the file"

SYNTAX, PAGES, BOXES, ANNOTATIONS = "syntax", "pages", "boxes", "annotations"
CONTENTS, WINDOW, BLACK, QR = "contents", "address window", "black text", "QR codes"
CUT, RESOLUTION, MARGINS = "cut", "resolution", "margins"
CHECKS = (
    SYNTAX,
    *pdfx_marks.PDFX_CHECKS,
    PAGES,
    BOXES,
    ANNOTATIONS,
    COLOURS,
    FONTS,
    CONTENTS,
    WINDOW,
    BLACK,
    QR,
    CUT,
    RESOLUTION,
    MARGINS,
)
MALFORMED = (pikepdf.PdfError, AttributeError, IndexError, KeyError, TypeError, ValueError)  # raised by pikepdf


def preflight(
    path: Path,
    rows: Sequence[ManifestRow],
    expected: Expected,
    step: Callable[[int], object] = lambda _letters: None,
) -> PreflightReport:
    """Check a print run; `step` receives the number of letters just checked."""
    with ThreadPoolExecutor(1) as aside:
        syntax = aside.submit(_syntax, path)  # an external program, in parallel
        inspected = _inspect(path, rows, expected, step)
        return replace(inspected, findings=(*syntax.result(), *inspected.findings))


def _syntax(path: Path) -> list[Finding]:
    return [Finding(SYNTAX, THE_FILE, what) for what in check_syntax(path)]


def _inspect(
    path: Path, rows: Sequence[ManifestRow], expected: Expected, step: Callable[[int], object]
) -> PreflightReport:
    try:
        with pikepdf.open(path) as pdf:
            return _Inspection(pdf, expected).report(rows, step)
    except MALFORMED as error:
        return PreflightReport(CHECKS, (Finding(SYNTAX, THE_FILE, f"is malformed: {error}"),))


def sample_of(rows: Sequence[ManifestRow], most: int) -> list[ManifestRow]:
    """Return up to `most` rows, evenly spread, with the first and the last."""
    if len(rows) <= most:
        return list(rows)
    return [rows[place * (len(rows) - 1) // (most - 1)] for place in range(most)]


class _Inspection:
    """The inspection of one document, and its findings."""

    def __init__(self, pdf: Pdf, expected: Expected) -> None:
        self.pdf, self.expected = pdf, expected
        self.pages = [Page(leaf) for leaf in _leaves(pdf.Root.Pages)]  # each access to pikepdf's list is O(n)
        self.found: list[Finding] = []
        self.warned: list[Finding] = []
        self.inventory = Inventory()
        self._notes: str | None = None
        self._unread: list[tuple[ManifestRow, Glyphs]] = []
        self._hashes: dict[tuple[int, int], bytes] = {}

    def report(self, rows: Sequence[ManifestRow], step: Callable[[int], object]) -> PreflightReport:
        """Check the document, each letter, and the sample."""
        self._document(rows)
        for row in rows:
            self._letter(row)
            step(1)
        self._addresses()
        chosen = sample_of([row for row in rows if self._is_there(row)], self.expected.sample)
        self._codes(chosen)
        self._cuts(chosen)
        self._sampled(chosen)
        note = f"the QR codes of {len(chosen)} of {len(rows)} letters were read"
        return PreflightReport(CHECKS, tuple(self.found), tuple(self.warned), (note,))

    def _find(self, check: str, where: str, problems: Iterable[str], member: str = "") -> None:
        self.found += [Finding(check, where, what, member) for what in problems]

    def _find_in(self, row: ManifestRow, check: str, problems: Iterable[str]) -> None:
        """Add the findings of one letter."""
        self._find(check, f"letter {row.sequence}", problems, row.member)

    def _document(self, rows: Sequence[ManifestRow]) -> None:
        for name, check in pdfx_marks.PDFX_CHECKS.items():
            self._find(name, THE_FILE, check(self.pdf))
        self._find(PAGES, THE_FILE, gaps(rows, len(self.pages)))

    def _is_there(self, row: ManifestRow) -> bool:
        return 1 <= row.first <= row.last <= len(self.pages)

    def _letter(self, row: ManifestRow) -> None:
        self._find_in(row, PAGES, page_faults(row))
        if not self._is_there(row):
            return
        numbers = range(row.first, row.last + 1)
        pages = [self.pages[number - 1] for number in numbers]
        hashes = [self._page(page, f"page {number}") for page, number in zip(pages, numbers, strict=True)]
        if letter_hash(hashes) != row.sha256:
            self._find_in(row, CONTENTS, ["isn't the letter that the manifest describes"])
        self._front(pages[0], row)

    def _page(self, page: Page, where: str) -> bytes:
        """Check a page; return the hash of its contents."""
        boxes = trim.boxes_of(page)
        self._find(BOXES, where, trim.trim_faults(boxes, self.expected.paper, self.expected.bleed))
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

    def _front(self, page: Page, row: ManifestRow) -> None:
        shown = Tracer(page.resources, self.inventory.typeface).follow(page)
        texts = [each for each in shown if isinstance(each, TracedText)]
        if self.expected.window:
            self._view(texts, trim.boxes_of(page), self.expected.window, row)
        self._find_in(row, BLACK, _blurred(texts, self.expected.black_front))

    def _view(self, texts: Sequence[TracedText], boxes: trim.Boxes, window: Window, row: ManifestRow) -> None:
        view = window_view.view_of(texts, boxes, window)
        self._find_in(row, WINDOW, window_view.window_faults(view, window))
        if not view.shows(row.window):
            self._unread.append((row, glyphs_of(each.text for each in view.shown)))
        notes = window_view.notes(texts, boxes, window)
        self._notes = notes if self._notes is None else self._notes
        if notes != self._notes:
            self._find_in(row, WINDOW, ["has other words above the address than the first letter"])

    def _addresses(self) -> None:
        """Compare addresses by their glyphs where the extracted text differs."""
        members = [row.member for row, _ in self._unread]
        right = self.expected.addresses(members) if self.expected.addresses and members else [None] * len(members)
        for (row, shown), expected in zip(self._unread, right, strict=True):
            if not shown:
                self._find_in(row, WINDOW, ["there is no address in the window"])
            elif shown != expected:
                self._find_in(row, WINDOW, ["the window doesn't show the member's address"])

    def _codes(self, rows: Sequence[ManifestRow]) -> None:
        """Decode QR codes; a missing program is a finding, too."""
        fronts = [self.pages[row.first - 1] for row in rows]
        try:
            for row, texts in zip(rows, read_codes(fronts, self.expected.code), strict=True):
                self._find_in(row, QR, _misread(texts, row.sign_in))
        except PrintError as error:
            self._find(QR, THE_FILE, [f"can't be read: {error}"])

    def _cuts(self, rows: Sequence[ManifestRow]) -> None:
        """Check that no coupon can be cut out together with the access code."""
        if not (kept := self.expected.kept):
            return
        for row in rows:
            front, back = (self._cut_zone(self.pages[at]) for at in (row.first - 1, row.first))
            self._find_in(row, CUT, cut_view.cut_faults(front, back, kept, self.expected.paper.width))

    def _cut_zone(self, page: Page) -> Zone | None:
        shown = Tracer(page.resources, self.inventory.typeface, dashes=True).follow(page)
        return cut_view.cut_zone((each for each in shown if isinstance(each, TracedDash)), trim.boxes_of(page))

    def _sampled(self, rows: Sequence[ManifestRow]) -> None:
        """Check the photos and the margins of the letters' pages, once per content stream."""
        looked: set[tuple[int, int]] = set()
        for number in (number for row in rows for number in range(row.first, row.last + 1)):
            page = self.pages[number - 1]
            if page.obj.Contents.objgen not in looked:
                looked.add(page.obj.Contents.objgen)
                self._sampled_page(page, f"page {number}")

    def _sampled_page(self, page: Page, where: str) -> None:
        shown, boxes = list(Tracer(page.resources, self.inventory.typeface).follow(page)), trim.boxes_of(page)
        for dpi in coarse_photos(shown):
            fault = Finding(RESOLUTION, where, f"a photo of {dpi:.0f} dpi, better {LEAST_PHOTO_DPI}")
            (self.found if dpi < WORST_PHOTO_DPI else self.warned).append(fault)
        texts = [each for each in shown if isinstance(each, TracedText) and each.words.strip()]
        if any(trim.is_near_edge(text, boxes) for text in texts):
            self._find(MARGINS, where, [f"has text less than {trim.LEAST_MARGIN:g} mm from its edge"])


def unfit_addresses(report: PreflightReport) -> dict[str, str]:
    """Return the first window finding of each member that has one, by member id."""
    return {each.member: each.what for each in reversed(report.of(WINDOW)) if each.member}


def _leaves(node: Object) -> Iterator[Object]:
    """Yield the pages of a page tree."""
    if Name.Kids not in node:
        yield node
        return
    for child in node.Kids.as_list():
        yield from _leaves(child)


def _read(contents: Object) -> bytes:
    if isinstance(contents, Array):
        return b"\n".join(part.read_bytes() for part in contents)
    return contents.read_bytes()


def _blurred(texts: Iterable[TracedText], strict: bool) -> Iterator[str]:
    """Yield the inks of text that has to be in black only: misregistered plates would blur it."""
    paints = {text.paint for text in texts if text.words.strip() and not text.paint.is_black_ink}
    for paint in sorted((paint for paint in paints if strict or paint.is_dark), key=str):
        yield f"has text in {paint.space} {' '.join(f'{level:g}' for level in paint.levels)}"


def _misread(texts: Sequence[str], expected: str) -> Iterator[str]:
    if not texts:
        yield "has no QR code that can be read"
    elif expected not in map(text_hash, texts):
        yield "has a QR code with another text"
