"""Decoding: words are found in every encoding; noise and look-alikes give no false findings."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import random
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import quote

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from members_portal.publish.gate.decoding import ARCHIVES, decoded_text, decodings
from members_portal.publish.gate.phrase_search import Watchlist, make_watchlist
from members_portal.publish.gate.search.decoded import Decoded, search_words
from members_portal.publish.gate.work_limit import MOST_GROWTH, MOST_PIECES, TooComplex
from tests.long_cases import quick_and_long

TITLE = "The Drowned Bell of Skagerholm"
WATCH = make_watchlist([(TITLE, "title"), ("欧阳芳泽", "name"), ("Élodie Müller", "accents")], [], [])


def picture(kind: str, **more: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (16, 12), (60, 80, 100)).save(file, kind, **more)
    return file.getvalue()


def png(text: str, *, packed: bool) -> bytes:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt("Comment", text, zip=packed)
    return picture("PNG", pnginfo=chunks)


def exif(tag: int, value: str | bytes) -> bytes:
    fields = Image.Exif()
    fields[tag] = value
    return picture("JPEG", exif=fields)


def pdf(text: str) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 100))
    document.pages[0].Contents = document.make_stream(f"BT ({text}) Tj ET".encode())
    file = io.BytesIO()
    document.save(file, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def archive(text: str, name: str = "a.txt", compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    return zipped({name: f"{text}\n" * 3}, compression)


def zipped(files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as folder:
        for name, content in files.items():
            folder.writestr(name, content)
    return file.getvalue()


def damaged(text: str) -> bytes:
    """Return an archive. The first file has an unknown compression, so no program can open it."""
    data = bytearray(zipped({"a.txt": "x" * 99, "b.txt": f"{text}\n" * 3}))
    for signature, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        data[data.index(signature) + offset] = 77
    return bytes(data)


def office(text: str, between: str, *, encoding: str = "utf-8") -> bytes:
    """Return a Word document in which `between` stands after each word."""
    runs = "".join(f"{word}{between}" for word in text.split())
    xml = f"<?xml version='1.0'?><w:document><w:p><w:r><w:t>{runs}</w:t></w:r></w:p></w:document>"
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": xml.encode(encoding)})


def per_letter(text: str) -> bytes:
    """Return a Word document with a run for each letter."""
    return office("".join(f"<w:t>{letter}</w:t>" for letter in text.replace(" ", "&#32;")), "")


def book(text: str) -> bytes:
    return zipped({"x.xhtml": "".join(f"<p>{word}</p>" for word in text.split())})


def tspans(text: str, between: str = " ") -> str:
    words = between.join(f'<tspan x="{at}">{word}</tspan>' for at, word in enumerate(text.split()))
    return f'<svg xmlns="http://www.w3.org/2000/svg"><text>{words}</text></svg>\n'


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000" for letter in text)


WRAPPED: dict[str, Callable[[str], str | bytes]] = {
    "plain": lambda text: text,
    "upper case": str.upper,
    "over two lines": lambda text: text.replace(" ", " \n\t"),
    "as a slug": lambda text: text.lower().replace(" ", "-"),
    "in tags": lambda text: text.replace("own", "<b>own</b>").replace("ell", "<i class='a'>ell</i>"),
    "in comments": lambda text: text.replace("own", "<!-- x -->own"),
    "soft hyphens": lambda text: "\u00ad".join(text),
    "zero-width spaces": lambda text: "\u200b".join(text),
    "full width": full_width,
    "entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "hexadecimal entities": lambda text: "".join(f"&#X{ord(letter):X};" for letter in text),
    "percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "json": escaped,
    "es6": lambda text: "".join(f"\\u{{{ord(letter):04x}}}" for letter in text),
    "hexadecimal escapes": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "reversed": lambda text: text[::-1],
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, one letter in": lambda text: base64.b64encode(b"." + text.encode()),
    "base64, two letters in": lambda text: base64.b64encode(b"> " + text.encode()),
    "base64 in a word": lambda text: b"data/of" + base64.b64encode(text.encode()),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "base64 in lines": lambda text: base64.encodebytes(b"." * 50 + text.encode() + b"." * 50),
    "hex": lambda text: text.encode().hex(),
    "hex in pairs": lambda text: binascii.hexlify(text.encode(), " ").upper(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 in binary": lambda text: b"\x89\x00\x01\xff" + text.encode("utf-16-be") + b"\x00\x00\x01",
    "utf-32": lambda text: text.encode("utf-32"),
    "zlib": lambda text: zlib.compress(text.encode()),
    "zlib, level 1": lambda text: b"\x00" * 7 + zlib.compress(text.encode(), 1) + b"tail",
    "gzip": lambda text: gzip.compress(text.encode()),
    "zip": archive,
    "zip behind other data": lambda text: b"MZjunk" + archive(text),
    "zip behind another zip": lambda text: archive("x") + archive(text),
    "zip before a line": lambda text: archive(text) + b"\r\n",
    "zip in a zip": lambda text: zipped({"a.zip": b"MZ" + archive(text)}),
    "zip with bzip2": lambda text: archive(text, compression=zipfile.ZIP_BZIP2),
    "zip with lzma": lambda text: archive(text, compression=zipfile.ZIP_LZMA),
    "zip with a damaged file": damaged,
    "name of a file in a zip": lambda text: archive("x", f"{text}.txt"),
    "docx, a run for each word": lambda text: office(text, "</w:t></w:r><w:r><w:t xml:space='preserve'> "),
    "docx, a run for each word without spaces": lambda text: office(text, "</w:t></w:r><w:r><w:tab/><w:t>"),
    "docx, a paragraph for each word": lambda text: office(text, "</w:t></w:r></w:p>\n  <w:p><w:r><w:t>"),
    "docx, a run for each letter": per_letter,
    "docx in UTF-16": lambda text: office(text, "</w:t><w:t> ", encoding="utf-16"),
    "odt": lambda text: zipped({"content.xml": f"<text:p>{text.replace(' ', '<text:s/>')}</text:p>"}),
    "epub": book,
    "xlsx": lambda text: zipped({"x.xml": "".join(f"<si><t>{word}</t></si>" for word in text.split())}),
    "svg, a tspan for each word": lambda text: tspans(text, ""),
    "svg, a text for each word": lambda text: tspans(text).replace("tspan", "text"),
    "png": lambda text: png(text, packed=False),
    "packed png": lambda text: png(text, packed=True),
    "exif": lambda text: exif(0x010E, text.encode()),
    "exif for windows": lambda text: exif(0x9C9B, text.encode("utf-16-le")),
    "comment of a gif": lambda text: picture("GIF", comment=text.encode()),
    "xmp": lambda text: picture("WEBP", xmp=f"<x:xmpmeta>{text}</x:xmpmeta>".encode()),
    "hex of utf-16": lambda text: text.encode("utf-16-be").hex(),
    "base64 of zlib": lambda text: base64.b64encode(zlib.compress(text.encode())),
    "data address": lambda text: quote("data:image/png;base64," + base64.b64encode(png(text, packed=True)).decode()),
    "json in an attribute": lambda text: json.dumps({"a": escaped(text)}).replace('"', "&quot;"),
    "html in gzip in hex": lambda text: gzip.compress(f"<p>{text}</p>".encode()).hex(),
}
LATIN_ONLY = {"pdf": pdf}
FEW = {"utf-32", "hex of utf-16", "base64 in a word"}  # rare encodings: only Latin characters are searched for
LATIN_KINDS = {"over two lines", "as a slug", "in tags", "in comments", "full width", "exif", "comment of a gif"}


def found(data: str | bytes) -> set[str]:
    raw = data.encode() if isinstance(data, str) else data
    return set().union(*(WATCH.find(decoded) for decoded in decodings(raw)))


@pytest.mark.parametrize("wrap", [*WRAPPED, *LATIN_ONLY])
def test_a_title_is_found(wrap: str) -> None:
    assert found((WRAPPED | LATIN_ONLY)[wrap](TITLE)) == {"title"}


@pytest.mark.parametrize("wrap", [wrap for wrap in WRAPPED if wrap not in LATIN_KINDS])
def test_a_name_in_other_letters_is_found(wrap: str) -> None:
    assert found(WRAPPED[wrap]("Élodie Müller")) == {"accents"}
    if wrap not in FEW:
        assert found(WRAPPED[wrap]("欧阳芳泽")) == {"name"}


@pytest.mark.parametrize("around", ["{}。", "尊敬的{}，您好", "<b>{}</b>", "亲爱的{}先生"])
def test_a_name_is_found_in_a_text_without_spaces(around: str) -> None:
    assert found(around.format("欧阳芳泽")) == {"name"}


def test_combined_and_precomposed_letters_are_the_same() -> None:
    assert search_words("Mu\u0308ller") == search_words("M\u00fcller") == search_words("MÜLLER") == ["müller"]


def test_a_titles_words_alone_are_no_title() -> None:
    assert found("The bell of Skagerholm drowned. Skagerholm, of bell drowned the") == set()


def everyday(count: int, seed: int) -> Watchlist:
    """Return a watchlist of many short words, as of thousands of items."""
    letters, chance = "abcdefghijklmnopqrstuvwxyz", random.Random(seed)
    made = {"".join(chance.choices(letters, k=length)) for length in (4, 5, 6) for _ in range(count)}
    return make_watchlist([(f"{word} {word}", "phrase") for word in made], [(word, "word") for word in made], [])


@pytest.mark.long
def test_noise_holds_no_words_by_chance() -> None:
    watchlist, noise = everyday(5000, 1), random.Random(2).randbytes(1 << 20)
    part = noise[: 1 << 17]
    embedded = b"url(data:font/woff2;base64," + base64.b64encode(part) + b")"
    for data in (noise, b"\x89PNG\r\n\x1a\n" + noise, embedded, part.hex().encode()):
        assert set().union(*(watchlist.find(decoded) for decoded in decodings(data))) == set()


@pytest.mark.long
def test_addresses_and_digests_that_look_like_base64_hold_no_words_by_chance() -> None:
    chance = random.Random(3)
    names = ("".join(chance.choices("abcdefgh/-_XYZ019", k=40)) for _ in range(3000))
    text = "\n".join(f"/theme/{chance.randbytes(20).hex()}/{name}" for name in names)
    watchlist, said = everyday(5000, 4), set(search_words(text))
    watchlist = Watchlist(watchlist.phrases, {word: what for word, what in watchlist.words.items() if word not in said})
    assert set().union(*(watchlist.find(decoded) for decoded in decodings(text.encode()))) == set()


def test_words_read_backwards_are_no_words() -> None:
    watchlist = make_watchlist([], [("evil stressed", "word")], [])
    assert set().union(*(watchlist.find(decoded) for decoded in decodings(b"live desserts"))) == set()


def nested(levels: int, text: str = TITLE) -> bytes:
    """Return archives inside one another."""
    data: str | bytes = text
    for _ in range(levels):
        data = zipped({"x": data})
    return data if isinstance(data, bytes) else data.encode()


def tarred(text: str, mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as folder:  # type: ignore[call-overload]
        for name in ("a.txt", "b.txt"):
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            folder.addfile(entry, io.BytesIO(text.encode()))
    return file.getvalue()


def streamed(text: str, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive that was written to a pipe: sizes follow each file."""

    class Pipe(io.RawIOBase):
        parts: ClassVar[list[bytes]] = []

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.parts.append(bytes(data))
            return len(data)

    Pipe.parts = []
    with zipfile.ZipFile(Pipe(), "w", compression) as folder:
        folder.writestr("a.txt", f"{text}\n" * 3)
    return b"".join(Pipe.parts)


def headers_only(data: bytes) -> bytes:
    """Return an archive without the directory at its end."""
    return data[: data.index(b"PK\1\2")]


WORDS = "lorem ipsum dolor sit amet\n" * 200_000  # 5 MB
HIDDEN = {
    "behind 5 MB in an archive": zipped({"x.txt": WORDS + TITLE}),
    "behind 5 MB in gzip": gzip.compress((WORDS + TITLE).encode()),
    "before 66,000 bytes": archive(TITLE) + b"\0" * 66_000,
    "in the first of two archives": archive(TITLE) + archive("x"),
    "in the first of three": archive(TITLE) + b"-" * 70_000 + archive("x") + archive("y"),
    "without a directory": headers_only(archive(TITLE)),
    "without a directory, stored": headers_only(archive(TITLE, compression=zipfile.ZIP_STORED)),
    "without a directory, bzip2": headers_only(archive(TITLE, compression=zipfile.ZIP_BZIP2)),
    "without a directory, LZMA": headers_only(archive(TITLE, compression=zipfile.ZIP_LZMA)),
    "without a directory, from a pipe": headers_only(streamed(TITLE)),
    "without a directory, in one": headers_only(zipped({"a.zip": headers_only(archive(TITLE))})),
    "name of a file without a directory": headers_only(archive("x", f"{TITLE}.txt")),
    "tar": tarred(TITLE),
    "tar, joined": tarred("x") + tarred(TITLE),
    "tar with gzip": tarred(TITLE, "w:gz"),
    "tar with bzip2": tarred(TITLE, "w:bz2"),
    "tar with xz": tarred(TITLE, "w:xz"),
    "tar with bzip2 in an archive": zipped({"x.tar.bz2": tarred(TITLE, "w:bz2")}),
    "tar with xz in an archive": zipped({"x.tar.xz": tarred(TITLE, "w:xz")}),
    "tar in tar": tarred("x") + zipped({"x.tar": tarred(TITLE)}),
    "bzip2": bz2.compress(TITLE.encode()),
    "lzma": lzma.compress(TITLE.encode(), lzma.FORMAT_ALONE),
    "nested archives": nested(ARCHIVES),
    "document in nested archives": zipped({"x.zip": zipped({"x.docx": per_letter(TITLE)})}),
    "PDF in an archive": zipped({"x.pdf": pdf(TITLE)}),
}


@pytest.mark.parametrize("name", quick_and_long(HIDDEN, HIDDEN.keys() - {"behind 5 MB in gzip"}))
def test_a_title_in_any_part_of_an_archive_is_found(name: str) -> None:
    assert found(HIDDEN[name]) == {"title"}


UNREAD = {
    "archives too deep": nested(ARCHIVES + 1),
    "7-Zip in an archive": zipped({"x.7z": b"7z\xbc\xaf\x27\x1c\0\4" + bytes(99)}),
    "RAR in an archive": zipped({"x.rar": b"Rar!\x1a\x07\x01\0" + bytes(99)}),
    "Zstandard": b"\x28\xb5\x2f\xfd\x04\x00" + bytes(99),
    "file with deflate64": archive(TITLE).replace(b"\x14\0\0\0\x08\0", b"\x14\0\0\0\x09\0"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_an_archive_that_cannot_be_read_in_full_is_refused(name: str) -> None:
    with pytest.raises(TooComplex, match=r"archives inside one another|packed in a way"):
        list(decodings(UNREAD[name]))


def test_an_archive_with_a_password_is_not_searched() -> None:
    data = bytearray(archive(TITLE))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + offset] |= 1
    assert found(bytes(data)) == set()


@pytest.mark.long
def test_a_usual_large_picture_is_searched() -> None:
    file = io.BytesIO()
    Image.new("RGB", (6000, 4000), (60, 80, 100)).save(file, "PNG")
    for data in (file.getvalue(), zipped({"a.png": file.getvalue()}, zipfile.ZIP_STORED)):
        assert found(data + TITLE.encode()) == {"title"}


HOSTILE: dict[str, Callable[[], bytes]] = {  # up to 2 MB each, which took minutes
    "one bomb": lambda: zlib.compress(bytes(1 << 28), 9),
    "heads of gzip": lambda: b"\x1f\x8b\x08" * 700_000 + b"\0",
    "heads of zlib": lambda: b"\x78\x9c" * 1_000_000 + b"\0",
    "heads of files": lambda: b"PK\3\4\x14\0\0\0\x08\0" * 200_000,
    "heads of bzip2": lambda: b"BZh91AY&SY" * 200_000 + b"\0",
    "files over one another": lambda: b"".join(
        struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 30 * (20_000 - at), 0, 0, 0) for at in range(20_000)
    ),
    "bombs": lambda: zlib.compress(bytes(4 << 20), 9) * 20,
    "stored streams": lambda: b"\x78\x01\0\xff\0\0\xff..." * 8000,
    "archive": lambda: b"PK\x03\x04" + zlib.compress(b"a" * (4 << 20), 9) * 20,
    "archive of XML": lambda: zipped({f"{number}.xml": b"<b>a</b>" * (1 << 19) for number in range(5)}),
}
DENSE = {
    "XML in an archive": zipped({f"{number}.xml": "<w:t>word</w:t>" * 500 for number in range(20)}),
    "comments without an end": b"--><!--" + b"<!--" * 20_000,
    "backslashes": b"\\" * 80_000,
    "tags": b"<a " * 27_000,
    "base64 in base64": base64.b64encode(base64.b64encode(base64.b64encode(b"hello &amp; %41 \\u0041 " * 1500))),
}


@pytest.mark.parametrize("name", quick_and_long(HOSTILE, {"heads of gzip", "tags", "base64 in base64"}))
def test_a_file_that_unpacks_without_end_is_not_searched(name: str) -> None:
    with pytest.raises(TooComplex):
        list(decodings(HOSTILE[name]()))


@pytest.mark.parametrize("name", DENSE)
def test_a_dense_file_is_searched_once(name: str) -> None:
    total = sum(len(word) for decoded in decodings(DENSE[name]) for word in decoded.words)
    assert total <= 3 * (MOST_PIECES + MOST_GROWTH * len(DENSE[name]))


def test_a_piece_that_occurs_twice_is_decoded_once() -> None:
    packed = zlib.compress(TITLE.encode())
    assert len(list(decodings(b"\0" + packed))) == len(list(decodings(b"\0" + packed + b"\0" + packed)))


ODD = [b"", b"\0", b"%", b"&#", b"\\u", b"PK\x03\x04", b"\x1f\x8b\x08", b"&#x110000;", b"\\u{ffffff}"]
ODD += [b"\x89PNG", b"\xff\xfe", b"\x78\x9c", b"\\777", b"\\ud800"]


@pytest.mark.parametrize("data", ODD)
def test_odd_files_are_read_without_trouble(data: bytes) -> None:
    assert found(data * 50) == set()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_text_with_a_control_character_is_binary(encoding: str) -> None:
    for number in (*range(0x250), 0xFEFF, 0xFFFC, 0xFFFD, 0x10FFFF):
        data = f"é{chr(number)}x".encode(encoding, "ignore")
        is_binary = number in {*range(9), *range(0x0E, 0x20), 0x7F, 0xFFFD} and encoding != "cp1252"
        is_binary |= encoding == "cp1252" and number in {*range(9), *range(0x0E, 0x20), 0x7F}
        assert (decoded_text(data) is None) == is_binary, hex(number)


def test_signs_of_cp1252_with_the_bytes_of_a_replacement_character_are_text() -> None:
    assert decoded_text(b"caf\xe9 \xef\xbf\xbd") == "café ï¿½"


@given(st.binary(), st.sampled_from([b"", b" ab abc ", bytes(range(256)), "ßa İ µm ª²".encode("latin-1", "ignore")]))
def test_binary_data_has_the_words_of_three_characters_and_more(data: bytes, more: bytes) -> None:
    words = [word.casefold() for word in re.findall(r"[^\W_]+", (data + more + data).decode("latin-1"))]
    assert Decoded.of_latin(data + more + data).parts == [word for word in words if len(word) >= 3]


def test_a_word_of_binary_data_has_the_characters_of_any_word() -> None:
    for first in (0, 1, 2):
        text = "".join(chr(number) if number % 3 == first else f"a{chr(number)}b " for number in range(0x30000))
        words = [word for word in search_runs(text.casefold()) if len(word) >= 3]
        assert list(Decoded.of_binary(text).parts) == words


def search_runs(text: str) -> list[str]:
    """Return the runs of letters and digits, without characters that are words of their own."""
    spaceless = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    return re.sub(rf"[\W_{spaceless}]", " ", text).split()


def test_a_run_of_base64_is_decoded_in_each_file_that_has_it() -> None:
    run = base64.b64encode(TITLE.encode())
    for data in (run, b"first " + run, b"second\n" + run, b" ".join([run] * 20), b"third " + run):
        assert any(WATCH.find(reading) for reading in decodings(data))
