import json
import os
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from members_portal.publish import stages
from members_portal.seal import Secret, access_code


def reveal(_passes, _members, tree, _released):
    code = access_code(Secret(bytes.fromhex(os.environ["PORTAL_SECRET"])), "L-101", 1)
    package = BytesIO()
    with ZipFile(package, "w", ZIP_DEFLATED) as opened:
        opened.writestr("pass.json", json.dumps({"barcodes": [{"message": code}], "storeCard": {"backFields": []}}))
    file = tree / "members/L-101/wallet/membership.pkpass"
    file.parent.mkdir(parents=True)
    file.write_bytes(package.getvalue())
    return frozenset({"L-101"})


stages.write_passes = reveal
