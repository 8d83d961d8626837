"""portal.json tells how many members there are; everything is signed."""

import json

from members_portal.seal.format import bootstrap

encode = bootstrap.encode_bootstrap


def sabotage(start):
    return json.dumps(json.loads(encode(start)) | {"members": 6}, separators=(",", ":"), sort_keys=True).encode()


bootstrap.encode_bootstrap = sabotage
