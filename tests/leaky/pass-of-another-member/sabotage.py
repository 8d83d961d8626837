from io import BytesIO
from zipfile import ZipFile

from members_portal.publish import stages


def misplace(_passes, _members, tree, _released):
    package = BytesIO()
    with ZipFile(package, "w") as opened:
        opened.writestr("pass.json", '{"storeCard": {"backFields": [{"value": "ngozi\\u0040obiakor.example"}]}}')
    file = tree / "members/L-101/wallet/membership.pkpass"
    file.parent.mkdir(parents=True)
    file.write_bytes(package.getvalue())
    return frozenset({"L-101"})


stages.write_passes = misplace
