"""portal.json tells how many members there are, beside the signed text."""

import json

from members_portal.seal.format import bootstrap
from members_portal.seal.format.manifest import encode_json

encode = bootstrap.encode_bootstrap


def sabotage(start, secret):
    return encode_json(json.loads(encode(start, secret)) | {"members": 6})


bootstrap.encode_bootstrap = sabotage
