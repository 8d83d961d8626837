"""Seal a folder of editions and a roster into a release that any static host can serve. FORMAT.md is the format.

    load_secret     the site secret, from the environment or a private file       key/secret.py, key/keys.py
    access_code     what a member types; sign_in_address, what a QR code holds    key/access_code.py, key/code_format.py
    seal_release    tree/ + roster -> release/                                    release.py
    open_release    release/ + access code -> what that member reads              reader.py
    open_edition    release/ + site secret -> what an edition holds               reader.py
    verify_release  refuse a release with a file too many, too few or changed     audit.py
    SealError       the family of all errors                                      seal_error.py

    tree.py            the folder that is sealed
    roster.py          who reads which edition, with which version of the access code
    release_folder.py  the folder that a release is written into

key/ derives secrets, keys and codes; format/ writes and reads each kind of file in a release.
"""

from members_portal.seal.audit import verify_release
from members_portal.seal.key.access_code import access_code, sign_in_address
from members_portal.seal.key.code_format import format_code, read_code
from members_portal.seal.key.keys import Secret
from members_portal.seal.key.secret import load_secret
from members_portal.seal.reader import Opened, open_edition, open_release, open_with_edition_key
from members_portal.seal.release import Report, seal_release
from members_portal.seal.roster import Enrolment
from members_portal.seal.seal_error import (
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
