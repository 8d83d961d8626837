"""Apple's passes among the members' own files of the tree: those of the release in force, or new ones."""

from __future__ import annotations

from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.portal.personal.pass_source import CARD_FILE
from members_portal.publish.member_pass.member_passes import MemberPasses
from members_portal.seal import SealError, Secret, access_code, open_release
from members_portal.seal.format.cards import ManifestSlot
from members_portal.seal.format.manifest import Manifest
from members_portal.whole_file import private_umask


class ReleasedPasses:
    """The passes of the release in force; none when `release` is None."""

    def __init__(self, release: Path | None, secret: Secret) -> None:
        self._release, self._secret = release, secret
        self._manifests: dict[ManifestSlot, Manifest] = {}

    def of(self, member: Member) -> bytes | None:
        """Return the pass of a member; None without one, or where the release is damaged."""
        if self._release is None:
            return None
        try:
            code = access_code(self._secret, member.id, member.code_version)
            return open_release(self._release, code, self._secret.public_key, self._manifests).read(CARD_FILE)
        except (SealError, OSError, KeyError):
            return None


def write_passes(passes: MemberPasses, members: list[Member], tree: Path, released: ReleasedPasses) -> frozenset[str]:
    """Write the passes of all members into the tree; return the ids of their holders.

    A pass that is there is one that the rendering has kept, by its digest.
    """
    if not (printer := passes.printer):
        return frozenset()
    holders = []
    for member in members:
        file = tree / "members" / member.id / CARD_FILE
        if file.is_file():
            holders.append(member.id)
        elif content := passes.content(member):
            package = printer.package(content, released.of(member))
            with private_umask():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(package)
            passes.keep(content, package)
            holders.append(member.id)
    return frozenset(holders)
