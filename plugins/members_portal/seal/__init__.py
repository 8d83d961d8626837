"""Seal a folder of editions and a roster into a release for any static host. FORMAT.md is the normative format.

    load_secret     the site secret, from the environment or a private file          key/secret_file.py, key/secret.py
    access_code     a member's access code; sign_in_address: the URL of the QR code  key/access_code.py
    seal_release    input folder + roster -> release                                 release.py
    open_release    release + access code -> the member's edition and record         reader.py
    open_edition    release + site secret -> one edition                             reader.py
    verify_release  check signatures, digests and completeness of a release          audit.py
    differences     each difference between a release and its signature              audit.py
    SealError       base class of all exceptions                                     seal_error.py

    tree.py            the input folder: public files, editions, members
    previous_release.py  which sealed files of the previous release are unchanged
    member_slots.py    the page slots of all members: a line and a piece each
    record_set.py      the records of all members at one publish
    record_batch.py    records sealed in batches, in other processes if there are many
    record_memory.py   what an earlier publish sealed, to find unchanged records
    roster.py          the edition and the access-code version of each member
    release_folder.py  the folder that a release is written into

key/ derives keys and access codes; format/ writes and reads each kind of file of a release.

What writes and opens releases is imported at its first use: a publish without changes only verifies one.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from members_portal.seal.audit import differences, verify_release
from members_portal.seal.key.access_code import access_code, sign_in_address
from members_portal.seal.key.code_format import format_code, read_code
from members_portal.seal.key.secret import Secret
from members_portal.seal.key.secret_file import load_secret
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

if TYPE_CHECKING:
    from members_portal.seal.reader import OpenedRelease, open_edition, open_release, open_with_edition_key
    from members_portal.seal.record_batch import BatchRunner
    from members_portal.seal.release import SealReport, seal_release
    from members_portal.seal.roster import Enrolment

_LATE = {
    **dict.fromkeys(("OpenedRelease", "open_edition", "open_release", "open_with_edition_key"), "reader"),
    **dict.fromkeys(("SealReport", "seal_release"), "release"),
    "BatchRunner": "record_batch",
    "Enrolment": "roster",
}

__all__ = [
    "BadCode",
    "BadName",
    "BadRoster",
    "BadSecret",
    "BadTree",
    "BatchRunner",
    "DamagedRelease",
    "Enrolment",
    "NotAMember",
    "NotFound",
    "OpenedRelease",
    "SealError",
    "SealReport",
    "Secret",
    "access_code",
    "differences",
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


def __getattr__(name: str) -> object:
    """Import a late name from its module."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
