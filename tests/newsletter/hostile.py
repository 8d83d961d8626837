"""A document that requests every forbidden resource, and a program that prints it and records the files it opens.

Run as `python hostile.py FOLDER HTTP REDIRECT`: FOLDER holds what `bait` made, the numbers are ports of servers.
Writes FOLDER/out.pdf and FOLDER/seen.json. It draws in spite of what was refused, as a careless caller would.
"""

import base64
import json
import logging
import sys
import zlib
from pathlib import Path
from string import Template

SHOWN = frozenset({"shown.png", "shown.svg", "leaking.svg", "link.png", "folder.png", "disguised.png", "../secret.png"})
OUTWARD = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "urllib.", "ftplib.")
SIZE = {"shown.png": 3, "secret.png": 7}  # pixels on a side: how a test tells which one was printed


def png(side: int) -> bytes:
    """Make a grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = side.to_bytes(4) * 2 + bytes((8, 0, 0, 0, 0))
    rows = (b"\0" + b"\x80" * side) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'


def leaking(port: int, secret: Path) -> str:
    """Return an SVG with every kind of reference to another picture."""
    web, file = f"http://127.0.0.1:{port}/svg", secret.as_uri()
    return SVG.format(
        f'<image href="{web}-1.png" width="9" height="9"/><image xlink:href="{file}" width="9" height="9"/>'
        f'<image href="../secret.png" width="9" height="9"/><image href="content:shown.png" width="9" height="9"/>'
        f'<image xml:base="{file}" href="secret.png" width="9" height="9"/>'
        f'<use href="{web}-2.svg#a"/><use xlink:href="{file}#a"/>'
        f"<style>@font-face {{ font-family: f; src: url({web}-4.ttf) }} @font-face {{ font-family: g; src: url({file})"
        f"}} rect {{ fill: url({web}-5.svg#g); mask: url({file}#m) }}</style>"
        f'<rect width="9" height="9" fill="url({web}-6.svg#g)" filter="url({web}-7.svg#f)" clip-path="url({file}#c)"/>'
        f'<foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="{web}-8.png"/>'
        f'</foreignObject><script href="{web}-9.js"/><a href="{file}"><text font-family="f">a</text></a>'
    )


def entity(target: str) -> str:
    """Return an SVG with the text of another file, by an entity."""
    return f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{target}">]>' + SVG.format("<text>&x;</text>")


def data(kind: str, body: bytes | str) -> str:
    """Return a data: URL."""
    return f"data:{kind};base64," + base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()


def bait(folder: Path, port: int) -> None:
    """Write the files: a content folder, a theme, a font folder, and files outside them."""
    content, theme, secret = folder / "content", folder / "theme", folder / "secret.png"
    for place in (content / "folder.png", theme / "css", folder / "work"):
        place.mkdir(parents=True)
    secret.write_bytes(png(SIZE["secret.png"]))
    (folder / "secret.txt").write_text("CANARY")
    (folder / "secret.css").write_text("p::after { content: 'CANARY' }")
    (folder / "work" / "relative.png").write_bytes(png(SIZE["secret.png"]))
    for place in (content / "hidden.png", theme / "hidden.txt"):
        place.write_bytes(png(SIZE["secret.png"]))
    (content / "shown.png").write_bytes(png(SIZE["shown.png"]))
    (content / "shown.svg").write_text(SVG.format('<rect width="9" height="9"/>'))
    (content / "leaking.svg").write_text(leaking(port, secret))
    (content / "disguised.png").write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")
    (content / "link.png").symlink_to(secret)
    (theme / "link.css").symlink_to(folder / "secret.css")
    (theme / "css" / "main.css").write_text("p { color: black } @import url(../../secret.css);")


def addresses(folder: Path, web: int, away: int) -> list[str]:
    """Return the forbidden URLs that the document uses for pictures."""
    secret, host, hop = folder / "secret.png", f"http://127.0.0.1:{web}", f"http://127.0.0.1:{away}"
    return [
        f"{host}/a.png", f"{hop}/redirect.png", f"https://127.0.0.1:{web}/b.png", f"http://localhost:{web}/c.png",
        f"http://user:word@127.0.0.1:{web}/d.png", f"HTTP://127.0.0.1:{web}/e.png", f"ftp://127.0.0.1:{web}/f.png",
        f"gopher://127.0.0.1:{web}/g", f"ws://127.0.0.1:{web}/h", f"//127.0.0.1:{web}/i.png",
        f"jar:{host}/j.jar!/k.png", f"view-source:{host}/l", f"blob:{host}/m", f"feed:{host}/n", f"portal://{host}/o",
        "file:///etc/passwd", "file:/etc/hostname", "file://localhost/etc/hosts", "FILE:///etc/passwd?x",
        "file:secret.png", secret.as_uri(), str(secret), "secret.png", "../secret.png", "relative.png",
        "./relative.png?x#y", "/etc/passwd", "\\\\127.0.0.1\\share\\p.png", "file://127.0.0.1/share/q.png",
        "smb://127.0.0.1/share/r.png", "C:\\secret.png", "content:hidden.png", "content:../secret.png",
        "content:..%2fsecret.png", "content:%2e%2e/secret.png", "content:..%252fsecret.png", "content:link.png",
        "content:folder.png", "content:/etc/passwd", "content:", f"content:{secret}", "content://shown.png",
        "content:shown.png%00", "content:./shown.png", "content:disguised.png", "theme:../secret.png",
        "theme:..%2fsecret.png", "theme:hidden.txt", "theme:css", "theme:/etc/passwd", "theme:none.png",
        "font:../secret.png", "font:none", "profile:none", "portal:secret.png", "about:blank", "javascript:1",
        data("text/html", f"<img src={host}/s.png>"), data("text/plain", "CANARY"), data("application/pdf", "%PDF-"),
        data("image/png", "%!PS-Adobe-3.0 EPSF-3.0\nCANARY"), data("image/svg+xml", entity("file:///etc/passwd")),
        data("image/svg+xml", entity(f"{host}/t")), data("image/png", png(2) + b"\0" * 4_000_001), "data:image/png",
        "data:,x", data("image/svg+xml", SVG.format("").encode("utf-16")), "data:image/png;base64,@@@",
    ]  # fmt: skip


def document(folder: Path, web: int, away: int) -> str:
    """Return the HTML of the document with these URLs."""
    text = Path(__file__).with_name("hostile.html").read_text()
    pictures = "".join(f'<img alt="p" src="{address}">' for address in addresses(folder, web, away))
    places = {"host": f"http://127.0.0.1:{web}", "secret": (folder / "secret.png").as_uri(), "folder": str(folder)}
    return Template(text).substitute(places, pictures=pictures, small=data("image/png", png(2)))


def main(folder: Path, web: int, away: int) -> None:
    """Print the document; record every opened file and every attempted connection."""
    from members_portal.newsletter.fetcher import BuildFetcher, render_html

    class Careless(BuildFetcher):
        def check(self) -> None:
            """Do nothing."""

    def fetcher(kind: type[BuildFetcher]) -> BuildFetcher:
        return kind(folder / "content", SHOWN, {}, folder / "theme")

    variant = {"pdf_variant": "pdf/ua-1"}
    shown = "".join(f'<img alt="w" src="content:shown.{kind}">' for kind in ("png", "svg"))
    warm = f'<html lang="en"><title>w</title><h1>w</h1>{shown}'
    render_html(warm, fetcher(BuildFetcher)).write_pdf(**variant)  # so that what is imported late is no noise below
    seen: dict[str, list[str]] = {"open": [], "other": [], "log": []}

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            seen["open"].append(str(arguments[0]))
        elif event.startswith(OUTWARD):
            seen["other"].append(f"{event} {arguments}")

    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: seen["log"].append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("weasyprint").addHandler(handler)
    html, careless = document(folder, web, away), fetcher(Careless)
    sys.addaudithook(note)
    pdf = render_html(html, careless).write_pdf(**variant)
    found = {name: list(notes) for name, notes in seen.items()} | {"refused": careless.refused}
    (folder / "out.pdf").write_bytes(pdf)
    (folder / "seen.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
