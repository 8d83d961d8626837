"""Seal a folder of editions and a roster into a release that any static host can serve.

FORMAT.md says what a release is. In the order one needs them:

    load_secret     the site secret, from the environment or a private file       secret.py, keys.py
    access_code     what a member types; sign_in_address, what a QR code holds    access.py, code.py
    seal_release    tree/ + roster -> release/                                    release.py
    open_release    release/ + access code -> what that member reads              reader.py
    open_edition    release/ + site secret -> what an edition holds               reader.py
    verify_release  refuse a release with a file too many, too few or changed     audit.py
    SealError       the family of all errors                                      errors.py
"""

from plugins.seal.access import access_code, sign_in_address
from plugins.seal.audit import verify_release
from plugins.seal.code import format_code, read_code
from plugins.seal.errors import (
    BadCode,
    BadName,
    BadRoster,
    BadSecret,
    BadTree,
    DamagedRelease,
    NotAMember,
    NotFound,
    SealError,
)
from plugins.seal.keys import Secret
from plugins.seal.reader import Opened, open_edition, open_release, open_with_edition_key
from plugins.seal.release import Report, seal_release
from plugins.seal.roster import Enrolment
from plugins.seal.secret import load_secret

__all__ = [
    "BadCode",
    "BadName",
    "BadRoster",
    "BadSecret",
    "BadTree",
    "DamagedRelease",
    "Enrolment",
    "NotAMember",
    "NotFound",
    "Opened",
    "Report",
    "SealError",
    "Secret",
    "access_code",
    "format_code",
    "load_secret",
    "open_edition",
    "open_release",
    "open_with_edition_key",
    "read_code",
    "seal_release",
    "sign_in_address",
    "verify_release",
]
