"""PDF/X-4 metadata (ISO 15930-7): the output intent, the XMP packet and dates.

Plain values and bytes; the caller writes them to the file. The catalog needs `/Metadata` (a stream of `/Type /Metadata
/Subtype /XML`, not compressed) and `/OutputIntents`; the document information needs the same title and dates, and
`/Trapped /False`; every page needs TrimBox and BleedBox.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from xml.sax.saxutils import escape

from members_portal.newsletter.press.ink import Inks

VERSION = "PDF/X-4"
SUBTYPE = "/GTS_PDFX"
REGISTRY = "http://www.color.org"
CUSTOM = "Custom"  # the identifier of an unregistered printing condition
PRODUCER = "members-portal"

# Printing conditions in the ICC's registry of characterisation data, https://www.color.org/registry/
REGISTERED = re.compile(
    r"FOGRA\d\d|CGATS TR ?00[1-6]|CGATS21-2-CRPC[1-7]|JC200103|JCN2002|JCW2003|EUROSB104|EUSC\d{6}|IFRA\d\d|PSO\w+"
)


@dataclass(frozen=True)
class OutputIntent:
    """The entries of the output intent, besides `/S`; `profile` is the stream of the ICC profile (`/N 4`).

    `registry` is empty for an unregistered condition: then `/RegistryName` is omitted.
    """

    identifier: str
    registry: str
    info: str
    profile: bytes


def output_intent(inks: Inks, condition: str = "") -> OutputIntent:
    """Return the output intent for a press; `condition` is the name of its printing condition (`FOGRA39`), if any."""
    registry = REGISTRY if REGISTERED.fullmatch(condition) else ""
    return OutputIntent(condition or CUSTOM, registry, inks.description or condition or CUSTOM, inks.profile)


def pdf_date(made: datetime) -> str:
    """Return a time in the format of the document information; `made` must have a time zone."""
    return f"D:{made.astimezone(UTC):%Y%m%d%H%M%S}Z"


def xmp(title: str, made: datetime, identity: UUID, language: str) -> bytes:
    """Return the XMP packet, the same bytes for the same arguments."""
    at = f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    filled = PACKET.format(
        title=escape(title), language=escape(language), at=at, identity=identity, version=VERSION, producer=PRODUCER
    )
    return filled.encode()


PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{at}</xmp:CreateDate>
<xmp:ModifyDate>{at}</xmp:ModifyDate>
<xmp:MetadataDate>{at}</xmp:MetadataDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmpMM:DocumentID>uuid:{identity}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{identity}</xmpMM:InstanceID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>{version}</pdfxid:GTS_PDFXVersion>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
