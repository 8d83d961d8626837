"""The service worker holds the digests of another theme."""

from members_portal.portal import generator

digests = generator.public_digests


def sabotage(public):
    return {path: digest[::-1] for path, digest in digests(public).items()}


generator.public_digests = sabotage
