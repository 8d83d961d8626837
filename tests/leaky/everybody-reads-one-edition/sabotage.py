"""Every member's card opens the same edition."""

from members_portal.publish import stages
from members_portal.seal import Enrolment

stages.Enrolment = lambda member, edition, version: Enrolment(member, "brass", version)
