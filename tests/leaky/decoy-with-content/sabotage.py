"""A decoy holds a page, which nobody is meant to open."""

from members_portal.seal.format import decoys, padding
from members_portal.seal.format.container import seal_message
from members_portal.seal.key.binding import context


def sabotage(secret, name, size):
    frame = padding.encode(b"<h1>A page</h1>", compress=False, smallest=size)
    return seal_message(secret.derive("decoy", name)[:32], context(secret.site, "blob", name), frame)


decoys.seal_decoy = sabotage
