"""Every member's card opens the same edition."""

from plugins.publish import press
from plugins.seal import Enrolment

press.Enrolment = lambda member, edition, version: Enrolment(member, "brass", version)
