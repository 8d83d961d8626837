"""The service worker holds the digests of another theme."""

from members_portal.portal import generator
from members_portal.portal.rendering.asset import public_digests


def sabotage(public):
    return {path: digest[::-1] for path, digest in public_digests(public).items()}


generator.public_digests = sabotage
