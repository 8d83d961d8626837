"""`release.json`: the tree digest covers every sealed file, and only the site's key signs."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from members_portal.seal import DamagedRelease
from members_portal.seal.format.signature import decode_digests, encode_digests, sign, tree_digest, verify
from tests.seal.small_site import secret_of

SECRET = secret_of("signature")
DIGESTS = {
    "_/b/ab/ab01": "1" * 64,
    "_/b/ab/ab02": "2" * 64,
    "_/b/cd/cd01": "3" * 64,
    "_/r/5f/0000": "4" * 64,
}


def hexadecimal(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_the_tree_digest_is_as_the_format_says() -> None:
    folders = {
        "_/b/ab": f"ab01\0{'1' * 64}\nab02\0{'2' * 64}\n",
        "_/b/cd": f"cd01\0{'3' * 64}\n",
        "_/r/5f": f"0000\0{'4' * 64}\n",
    }
    assert tree_digest(DIGESTS) == hexadecimal("".join(f"{name}\0{hexadecimal(folders[name])}\n" for name in folders))
    assert tree_digest({}) == hexadecimal("")


def test_the_order_of_the_files_does_not_matter() -> None:
    assert tree_digest(dict(reversed(DIGESTS.items()))) == tree_digest(DIGESTS)


@pytest.mark.parametrize(
    "change",
    [
        {"_/b/ab/ab01": "5" * 64},
        {"_/b/ab/ab03": "1" * 64},
        {"_/r/5f/0001": "4" * 64},
        {"_/b/ab/ab01": "2" * 64, "_/b/ab/ab02": "1" * 64},
    ],
)
def test_another_file_or_content_gives_another_tree_digest(change: dict[str, str]) -> None:
    assert tree_digest(DIGESTS | change) != tree_digest(DIGESTS)


def test_a_missing_or_moved_file_gives_another_tree_digest() -> None:
    for path in DIGESTS:
        rest = {other: digest for other, digest in DIGESTS.items() if other != path}
        assert tree_digest(rest) != tree_digest(DIGESTS)
        assert tree_digest(rest | {f"_/b/ef/{path[-4:]}": DIGESTS[path]}) != tree_digest(DIGESTS)


def test_digests_come_out_as_they_went_in() -> None:
    data = encode_digests({"index.html": "a" * 64}, "b" * 64, "5f" * 16, 7)
    assert decode_digests(data) == ({"index.html": "a" * 64}, "b" * 64)
    assert json.loads(data)["sequence"] == 7


@pytest.mark.parametrize("change", [{"format": "portal-release/1"}, {"sealed": None}, {"files": []}])
def test_digests_of_another_shape_are_refused(change: dict[str, object]) -> None:
    data = json.loads(encode_digests({}, "b" * 64, "5f" * 16, 7)) | change
    with pytest.raises(DamagedRelease):
        decode_digests(json.dumps(data).encode())


def test_only_the_sites_key_signs() -> None:
    signature = sign(SECRET, b"data")
    verify(SECRET.public_key, b"data", signature)
    stranger = secret_of("stranger")
    for key, data, signed in (
        (SECRET.public_key, b"other", signature),
        (SECRET.public_key, b"data", sign(stranger, b"data")),
        (stranger.public_key, b"data", signature),
        (SECRET.public_key, b"data", signature[:-2]),
        (SECRET.public_key, b"data", b"\xff\n"),
        (SECRET.public_key, b"data", b""),
    ):
        with pytest.raises(DamagedRelease):
            verify(key, data, signed)
