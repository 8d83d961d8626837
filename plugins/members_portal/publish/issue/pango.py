"""The version of Pango, the text layout library of WeasyPrint."""

import ctypes

NAMES = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll")  # on Linux, macOS and Windows


def pango_version() -> str:
    """Return Pango's version, "" when it is missing; without importing WeasyPrint, which is slow."""
    for name in NAMES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.pango_version_string.restype = ctypes.c_char_p
        return str(library.pango_version_string().decode())
    return ""
