"""Two hundred tokens in all hidden fields: none occurs in the release's plaintext or in a publish's output."""

from __future__ import annotations

import base64
import codecs
import io
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pikepdf
import pytest
import yaml
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from tests.publish.project import DAY, Project, Run, files_of


class Canaries:
    """A generator of unique tokens."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def one(self) -> str:
        token = f"quex{len(self.made):03d}jolt"
        self.made.append(token)
        return token


# Planting


def programme(new: Canaries) -> dict[str, object]:
    def tier(key: str) -> dict[str, object]:
        lines = {"standards": [new.one(), new.one()], "benefits": [new.one(), new.one()], "summary": new.one()}
        return {"key": key, "name": new.one(), "colour": "#112233", "colour dark": "#ddeeff", **lines}

    manager = {"key": "signe", "name": new.one(), "role": new.one(), "phone": new.one(), "hours": new.one()}
    return {
        "name": "The Harbour Lamp Club",
        "tiers": [tier(new.one()) for _ in range(4)],
        "staff": {"name": new.one(), "summary": new.one()},
        "interests": {new.one(): new.one()},
        "account managers": [{**manager, "email": f"{new.one()}@harbour.example", "photo": "images/signe.png"}],
        "channels": {new.one(): new.one()},
    }


def members(new: Canaries, tiers: list[str]) -> list[dict[str, object]]:
    def member(number: int, tier: str) -> dict[str, object]:
        return {
            "id": f"L-{new.one()}",
            "given name": new.one(),
            "family name": new.one(),
            "formal name": f"Ms {new.one()}",
            "salutation": "formal" if number % 2 else "first-name",
            "email": f"{new.one()}@post.example",
            "joined": "2021-05-30",
            "tier": tier,
            "account manager": "signe",
            "key customer": True,
            "address": {"lines": [new.one(), new.one()], "postcode": new.one(), "city": new.one(), "country": "NO"},
        }

    return [member(number, tier) for number, tier in enumerate(tiers * 2)]


def fronts(new: Canaries, tiers: list[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Return folder and front matter of an item of each kind for each of two audiences."""
    for audience in (tiers[2], "staff"):
        days = {"Starts": DAY, "Ends": DAY}
        offer: dict[str, object] = {**days, "Type": "gift", "Value": new.one(), "Terms": new.one(), "Redeem": new.one()}
        event = {"Starts": f"{DAY} 18:00", "Ends": f"{DAY} 19:00", "Place": new.one()}
        results = [{"Period": new.one(), "Value": new.one(), "Kept": "true", "Note": new.one()}]
        option: dict[str, object] = {"First option": {"until": DAY, "text": new.one()}}
        kinds: dict[str, dict[str, object]] = {
            "promise": {"Measure": new.one(), "Target": new.one(), "Results": results},
            "reports": {},
            "announcements": option,
            "offers": offer,
            "events": {**event, "Reply to": f"{new.one()}@harbour.example"},
            "newsletters": newsletter(new),
            "feedback": {"State": "done", "Said": new.one()},
            "pages": {},
        }
        for folder, more in kinds.items():
            shown = {"Title": new.one(), "Summary": new.one(), "Audience": audience, "Publish": DAY, **more}
            yield folder, shown


def newsletter(new: Canaries) -> dict[str, object]:
    bars = [{"label": new.one(), "value": "1"}, {"label": new.one(), "value": "2"}]
    return {
        "Number": str(len(new.made)),
        "Sections": [{"kind": "reports", "title": new.one()}],
        "Charts": [{"title": new.one(), "note": new.one(), "unit": new.one(), "values": bars}],
        "Letters": "key-customers",
        "Greeting": new.one(),
    }


def picture(file: Path, new: Canaries) -> None:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Title", new.one())
    chunks.add_text("Comment", new.one(), zip=True)
    chunks.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{new.one()}</x:xmpmeta>")
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8)).save(file, pnginfo=chunks)


def document(file: Path, new: Canaries) -> None:
    made = pikepdf.new()
    made.add_blank_page(page_size=(99, 99))
    made.pages[0].Contents = made.make_stream(f"BT ({new.one()}) Tj ET".encode())
    made.docinfo["/Title"] = new.one()
    made.save(file, compress_streams=True)


def plant(project: Project) -> Canaries:
    """Fill all hidden fields with tokens."""
    new, content = Canaries(), project.root / "content"
    public = {"visit.md", "lit-by-dusk.md", "quay.png", "quay-map.pdf", "signe.png"}
    for file in [path for path in content.rglob("*") if path.is_file() and path.name not in public]:
        file.unlink()
    rules = programme(new)
    tiers = [str(tier["key"]) for tier in rules["tiers"]]  # type: ignore[attr-defined]
    people = members(new, tiers)
    for name, data in (("programme", rules), ("members", people)):
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        (project.root / "members" / f"{name}.yaml").write_text(text, "utf-8")
    for folder, front in fronts(new, tiers):
        slug, image, paper = new.one(), new.one(), new.one()
        picture(content / "images" / f"{image}.png", new)
        document(content / "images" / f"{paper}.pdf", new)
        front |= {"Image": f"images/{image}.png", "Image alt": new.one()}
        if folder in ("reports", "offers") and front["Audience"] != "staff":
            front["Teaser"] = new.one()
        text = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
        body = f"{new.one()} and [{new.one()}](../images/{paper}.pdf)\n\n![{new.one()}](../images/{image}.png)\n"
        (content / folder).mkdir(exist_ok=True)
        (content / folder / f"{slug}.md").write_text(f"---\n{text}---\n\n{body}", "utf-8")
    return new


# Searching


def spellings(token: str) -> dict[str, bytes]:
    """Return a token in all searched encodings."""
    raw = token.encode()
    return {
        "plain": raw,
        "upper case": raw.upper(),
        "reversed": raw[::-1],
        "base64, 0": base64.b64encode(raw)[:12],
        "base64, 1": base64.b64encode(b"." + raw)[4:14],
        "base64, 2": base64.b64encode(b".." + raw)[4:14],
        "base32": base64.b32encode(raw)[:16],
        "hex": raw.hex().encode(),
        "upper hex": raw.hex().upper().encode(),
        "percent": "".join(f"%{byte:02x}" for byte in raw).encode(),
        "entities": "".join(f"&#{byte};" for byte in raw).encode(),
        "json": "".join(f"\\u{byte:04x}" for byte in raw).encode(),
        "utf-16, little": token.encode("utf-16-le"),
        "utf-16, big": token.encode("utf-16-be"),
        "utf-32": token.encode("utf-32-le"),
        "rot13": codecs.encode(token, "rot13").encode(),
    }


def layers(path: str, data: bytes) -> Iterator[bytes]:
    """Yield a file's name and bytes, and decoded parts: deflated streams, PDF objects, picture metadata."""
    yield path.encode()
    yield data
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b", data):
        try:
            yield zlib.decompressobj(wbits=47).decompress(data[start.start() :])
        except zlib.error:
            continue
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as opened:
            yield from (thing.read_bytes() for thing in opened.objects if isinstance(thing, pikepdf.Stream))
            yield repr(dict(opened.docinfo)).encode()
    if data.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF", b"GIF8")):
        with suppress(UnidentifiedImageError), Image.open(io.BytesIO(data)) as shown:  # sealed bytes may start so
            yield repr(shown.info).encode() + repr(dict(shown.getexif())).encode()


def search(files: dict[str, bytes], tokens: list[str]) -> set[str]:
    """Return the tokens that occur in any encoding, in any layer."""
    heap = b"\0".join(layer for path, data in files.items() for layer in layers(path, data))
    low = heap.lower()

    def occurs(written: bytes) -> bool:
        return written in heap or written.lower() in low

    begins = cache(occurs)  # many tokens begin alike
    return {
        token
        for token in tokens
        if any(begins(written[:6]) and occurs(written) for written in spellings(token).values())
    }


@pytest.fixture(scope="module")
def planted(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Canaries, Run]:
    project = Project.copy(harbour, tmp_path_factory.mktemp("canaries") / "portal")
    project.output.unlink()
    shutil.rmtree(project.root / ".build" / "releases")
    new = plant(project)
    return project, new, project.portal("publish")


def test_it_is_published_and_says_nothing(planted: tuple[Project, Canaries, Run]) -> None:
    _, new, run = planted
    assert run.code == 0, run.text
    tiers = set(re.findall(r"quex\d{3}jolt", run.out))
    assert len(tiers) == 4  # the summary's table prints the keys of tiers
    assert search({"stdout": run.out.encode(), "stderr": run.err.encode()}, new.made) == tiers


def test_no_canary_is_in_the_release(planted: tuple[Project, Canaries, Run]) -> None:
    project, new, _ = planted
    found = search(files_of(project.release), [*new.made, project.secret, project.secret[:32]])
    print(f"canaries={len(new.made)} spellings={len(spellings('quex000jolt'))} found={len(found)}")
    assert found == set()
    assert len(new.made) >= 200


def test_the_canaries_are_where_they_belong(planted: tuple[Project, Canaries, Run]) -> None:
    """The tokens occur in the sealed files: otherwise the other tests would prove nothing."""
    project, new, _ = planted
    tree = files_of(project.root / ".build" / "tree")
    inside = search({path: data for path, data in tree.items() if not path.startswith("public/")}, new.made)
    assert search({path: data for path, data in tree.items() if path.startswith("public/")}, new.made) == set()
    print(f"canaries_in_sealed_files={len(inside)}")
    assert len(inside) >= 200  # some fields are on no page, such as a postcode or a key


def test_sealed_bytes_that_start_as_a_picture_are_searched_as_bytes() -> None:
    assert search({"_/r/x": b"\xff\xd8\x07 quex000jolt"}, ["quex000jolt"]) == {"quex000jolt"}


@pytest.mark.parametrize("spelling", spellings("quex000jolt"))
def test_the_search_finds_each_spelling(spelling: str) -> None:
    written = b"<p>" + spellings("quex017jolt")[spelling] + b"</p>"
    assert search({"a.html": written}, ["quex017jolt"]) == {"quex017jolt"}
    assert search({"a.bin": b"\0" + zlib.compress(written)}, ["quex017jolt", "quex018jolt"]) == {"quex017jolt"}


def test_an_invalid_input_is_told_without_what_it_holds(planted: tuple[Project, Canaries, Run], tmp_path: Path) -> None:
    project, new = Project.copy(planted[0], tmp_path / "portal"), planted[1]
    file = project.root / "members" / "members.yaml"
    text = file.read_text("utf-8")
    for old, new_text in (("'2021-05-30'", "yesterday"), ("'NO'", "Norway"), ("tion: formal", "tion: formaly")):
        assert old in text
        text = text.replace(old, new_text)
    file.write_text(text, "utf-8")
    run = project.portal("publish")
    assert run.code == 3
    about_tiers = {str(tier) for tier in new.made[:40]}
    assert search({"stdout": run.out.encode(), "stderr": run.err.encode()}, new.made) <= about_tiers
