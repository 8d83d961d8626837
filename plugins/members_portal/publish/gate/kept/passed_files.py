"""Passed files: the digests of files that passed a check of their bytes, kept in the work record between publishes."""

from __future__ import annotations

import json
from collections.abc import Callable

from members_portal.work_record import WorkRecord, digest_of


class PassedFiles:
    """The files that passed one check, by digest. `code` is a digest of the code that checks."""

    def __init__(self, work: WorkRecord, check: str, code: bytes) -> None:
        self._work, self._kind, self._digest = work, f"passed: {check}", digest_of(code)
        data = work.find(self._kind, self._digest)
        self._kept: frozenset[str] = frozenset(json.loads(data)) if data is not None else frozenset()
        self._passed: set[str] = set()

    def passes(self, digest: str, check: Callable[[], bool]) -> bool:
        """Return whether a file passes; check it unless a file with this digest passed before."""
        if digest in self._passed:
            return True
        if digest in self._kept or check():
            self._passed.add(digest)
        return digest in self._passed

    def keep(self) -> None:
        """Keep the files of this publish that passed."""
        self._work.keep(self._kind, self._digest, json.dumps(sorted(self._passed)).encode())
