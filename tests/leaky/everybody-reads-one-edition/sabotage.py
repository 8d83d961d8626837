"""Every member's card opens the same edition."""

from members_portal.publish import pipeline
from members_portal.seal import Enrolment

pipeline.Enrolment = lambda member, edition, version: Enrolment(member, "brass", version)
