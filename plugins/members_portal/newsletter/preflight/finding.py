"""Findings of the preflight, and the report."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_FINDINGS_SHOWN = 20  # findings shown per check; the others are counted


@dataclass(frozen=True)
class Finding:
    """A finding of a check; `where` is a page, a letter or the file, `member` the id of a letter's member."""

    check: str
    where: str
    what: str
    member: str = ""

    def __str__(self) -> str:
        whose = f" (member {self.member})" if self.member else ""
        return f"{self.check}: {self.where}{whose}: {self.what}"


@dataclass(frozen=True)
class PreflightReport:
    """The result of the preflight: a finding fails the run, a warning or a note doesn't."""

    checks: tuple[str, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.findings

    def of(self, check: str) -> tuple[Finding, ...]:
        """Return the findings of one check."""
        return tuple(finding for finding in self.findings if finding.check == check)

    def lines(self) -> list[str]:
        """Return the report as lines: each check with its result, then findings, warnings and notes."""
        lines = [f"{'ok    ' if not self.of(check) else 'FAILED'}  {check}" for check in self.checks]
        for check in self.checks:
            lines += _shown(self.of(check))
        lines += [f"warning: {warning}" for warning in self.warnings[:MOST_FINDINGS_SHOWN]]
        return [*lines, *self.notes]


def _shown(findings: Sequence[Finding]) -> list[str]:
    more = len(findings) - MOST_FINDINGS_SHOWN
    return [str(finding) for finding in findings[:MOST_FINDINGS_SHOWN]] + ([f"and {more} more"] if more > 0 else [])
