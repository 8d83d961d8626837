"""portal.json tells how many members there are; everything is signed."""

import json

from members_portal.seal.format import bootstrap
from members_portal.seal.format.manifest import b64, encode_json
from members_portal.seal.key.binding import bind

encode = bootstrap.encode_bootstrap


def sabotage(start, secret):
    values = json.loads(json.loads(encode(start, secret))["signed"])
    signed = encode_json(values | {"members": 6}).decode()
    return encode_json({"signed": signed, "signature": b64(secret.signing_key().sign(bind("bootstrap", signed)))})


bootstrap.encode_bootstrap = sabotage
