"""Pango, which lays out lines for WeasyPrint: whether it is here, and which one."""

import ctypes

NAMES = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll")  # on Linux, macOS and Windows


def pango_version() -> str:
    """Return its version, or nothing where it is missing; importing WeasyPrint takes longer than many a publish."""
    for name in NAMES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.pango_version_string.restype = ctypes.c_char_p
        return str(library.pango_version_string().decode())
    return ""
