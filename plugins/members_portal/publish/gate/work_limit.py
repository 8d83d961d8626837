"""The limits of one file's search. A file beyond them is an error: nothing of it is skipped silently."""

from dataclasses import dataclass

MOST_PIECES = 16 << 20  # bytes of all pieces of a file, and
MOST_GROWTH = 24  # times its size; the sample's files need 8
TRIES = 3  # times the bytes of the pieces: read by attempts to unpack
ATTEMPT = 512  # bytes that take as long to read as to begin an attempt
MOST_PDF = 128 << 20  # bytes read of all PDFs in a file: contents of pages and forms, at each reading
MOST_SHOWN = 1_000_000  # operators, forms and objects of all PDFs in a file; a book of 500 pages has 250,000

TOO_MUCH = "unpacks to too much data to be searched: publish a simpler file"


class TooComplex(Exception):
    """Raised for a file that would take minutes to search, or that holds a part that can't be read."""

    def __init__(self, why: str = TOO_MUCH) -> None:
        super().__init__(why)


@dataclass
class Budget:
    """What is left for one file: `pieces` and `tried` and `pdf` are bytes, `shown` operators and objects."""

    pieces: int
    tried: int
    pdf: int = MOST_PDF
    shown: int = MOST_SHOWN

    @classmethod
    def of(cls, size: int) -> "Budget":
        """Return the budget of a file."""
        pieces = MOST_PIECES + MOST_GROWTH * size
        return cls(pieces, TRIES * pieces)

    def take(self, size: int) -> None:
        """Count a piece; raise TooComplex beyond the limit."""
        self.pieces -= size + 1
        if self.pieces < 0:
            raise TooComplex

    def attempt(self, size: int = 0) -> None:
        """Count an attempt to unpack some bytes; raise TooComplex beyond the limit."""
        self.tried -= size + ATTEMPT
        if self.tried < 0:
            raise TooComplex

    def show(self, count: int, size: int = 0) -> None:
        """Count operators or objects of a PDF, and bytes that they stand in; raise TooComplex beyond the limit."""
        self.shown -= count
        self.pdf -= size
        if self.shown < 0 or self.pdf < 0:
            raise TooComplex
