"""Checks of a file's PDF/X-4 metadata, and of interactive content, which PDF/X-4 forbids.

Each check yields its findings as text.
"""

from collections.abc import Callable, Iterator
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, Pdf
from PIL import ImageCms

from members_portal.newsletter.press.pdfx import SUBTYPE, VERSION

PDFXID = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"
TRAPPED = "{http://ns.adobe.com/pdf/1.3/}Trapped"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
DOCUMENT_ID = "{http://ns.adobe.com/xap/1.0/mm/}DocumentID"
FIRST_VERSION = (1, 6)  # ISO 15930-7 builds on PDF 1.6
ACTIVE = (Name.OpenAction, Name.AA, Name.AcroForm, Name.Collection)
ACTIVE_NAMES = (Name.JavaScript, Name.EmbeddedFiles, Name.AlternatePresentations)

PdfxCheck = Callable[[Pdf], Iterator[str]]


def version(pdf: Pdf) -> Iterator[str]:
    """Check the PDF version."""
    if tuple(int(part) for part in pdf.pdf_version.split(".")) < FIRST_VERSION:
        yield f"version {pdf.pdf_version}, expected 1.6 or later"


def encryption(pdf: Pdf) -> Iterator[str]:
    """Check that the file isn't encrypted."""
    if pdf.is_encrypted:
        yield "the file is encrypted"


def identifier(pdf: Pdf) -> Iterator[str]:
    """Check that the file has an identifier."""
    if Name.ID not in pdf.trailer:
        yield "the trailer has no /ID"


def output_intent_faults(pdf: Pdf) -> Iterator[str]:
    """Check the output intent: exactly one, with a name and the profile of a CMYK printer."""
    intents = [intent for intent in pdf.Root.get(Name.OutputIntents, Array()) if intent.get(Name.S) == SUBTYPE]
    if len(intents) != 1:
        yield f"{len(intents)} output intents of PDF/X, expected 1"
    for intent in intents:
        if not str(intent.get(Name.OutputConditionIdentifier, "")):
            yield "the output intent doesn't name its condition"
        if Name.DestOutputProfile not in intent:
            yield "the output intent holds no profile"
        else:
            yield from _profile(intent.DestOutputProfile)


def _profile(stream: Object) -> Iterator[str]:
    try:
        profile = ImageCms.getOpenProfile(BytesIO(stream.read_bytes())).profile
    except (OSError, ImageCms.PyCMSError):
        yield "the output intent's profile can't be read"
        return
    if profile.xcolor_space.strip() != "CMYK" or profile.device_class.strip() != "prtr" or stream.get(Name.N) != 4:
        yield "the output intent's profile isn't one of a CMYK printer"


def metadata(pdf: Pdf) -> Iterator[str]:
    """Check the XMP metadata, and its agreement with the document information."""
    if Name.Metadata not in pdf.Root:
        yield "there is no metadata"
        return
    said = pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False, strict=False)
    if said.get(PDFXID) != VERSION:
        yield f"the metadata's GTS_PDFXVersion is {said.get(PDFXID)}, expected {VERSION}"
    if not said.get(DOCUMENT_ID):
        yield "the metadata has no DocumentID"
    if not said.get(TITLE) or said[TITLE] != str(pdf.docinfo.get(Name.Title, "")):
        yield "the title is missing, or differs between the metadata and the document information"
    if said.get(TRAPPED) not in ("True", "False") or pdf.docinfo.get(Name.Trapped) != f"/{said.get(TRAPPED)}":
        yield "Trapped is missing, or differs between the metadata and the document information"


def actions(pdf: Pdf) -> Iterator[str]:
    """Check that the file has no actions and no embedded files."""
    names = pdf.Root.get(Name.Names, Dictionary())
    yield from (f"the catalog has {key}" for key in ACTIVE if key in pdf.Root)
    yield from (f"the catalog names {key}" for key in ACTIVE_NAMES if key in names)


PDFX_CHECKS: dict[str, PdfxCheck] = {
    "version": version,
    "encryption": encryption,
    "identifier": identifier,
    "output intent": output_intent_faults,
    "metadata": metadata,
    "actions": actions,
}
