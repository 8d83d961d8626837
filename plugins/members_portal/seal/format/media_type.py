"""Media types by file suffix; a browser downloads files of any other type."""

from __future__ import annotations

from posixpath import splitext

OTHER = "application/octet-stream"
MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".vtt": "text/vtt",
    ".xml": "application/xml",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".pkpass": "application/vnd.apple.pkpass",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
# These formats are compressed already: deflating them again takes time and saves nothing. PDF streams are deflated.
COMPRESSED = frozenset(
    MEDIA_TYPES[suffix]
    for suffix in (
        *(".png", ".jpg", ".gif", ".webp", ".avif", ".woff", ".woff2"),
        *(".pdf", ".epub", ".zip", ".mp3", ".m4a", ".ogg", ".mp4", ".webm"),
    )
)


def media_type(path: str) -> str:
    """Return the media type of a path, by its suffix."""
    return MEDIA_TYPES.get(splitext(path)[1].lower(), OTHER)
