"""The static server: answers as on a static host, and only files of the release."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from members_portal.publish.static_server import serve

PDF = bytes(range(256)) * 8


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Host:
    """A running server and its requests."""

    port: int
    folder: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        connection.close()
        return answer


def site(folder: Path) -> Path:
    files = {
        "index.html": b"<p>home</p>",
        "404.html": b"<p>nobody knows</p>",
        "offers/index.html": b"<p>offers</p>",
        "images/map.pdf": PDF,
        "theme/js/seal.js": b"'use strict'",
        "theme/fonts/a.woff2": b"wOF2",
        "_/b/ab/abcd": b"\x00\x01",
        "portal.json": b"{}",
        "images/Ünïcode name.png": b"\x89PNG",
        "images/crema.avif": b"avif",
    }
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder.parent / "secret.txt").write_text("not for anybody")
    (folder.parent / "site-two").mkdir()
    (folder.parent / "site-two" / "index.html").write_text("not for anybody")
    return folder


@pytest.fixture(params=["/", "/club/"])
def prefix(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def served(prefix: str, tmp_path: Path) -> Iterator[Host]:
    folder = site(tmp_path / "site")
    server = serve(lambda: folder, prefix, port=0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Host(server.server_address[1], folder)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_folders_page_is_its_index(served: Host, prefix: str) -> None:
    answer = served.ask(prefix)
    assert (answer.status, answer.body) == (200, b"<p>home</p>")
    assert served.ask(prefix + "offers/").body == b"<p>offers</p>"
    assert served.ask(prefix + "offers/?utm=x").body == b"<p>offers</p>"


def test_a_folder_without_its_slash_is_redirected(served: Host, prefix: str) -> None:
    answer = served.ask(prefix + "offers")
    assert (answer.status, answer.headers["location"], answer.body) == (301, prefix + "offers/", b"")


def test_the_site_without_its_slash_is_redirected(served: Host, prefix: str) -> None:
    if prefix != "/":
        answer = served.ask("/club")
        assert (answer.status, answer.headers["location"]) == (301, "/club/")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("theme/js/seal.js", "text/javascript; charset=utf-8"),
        ("theme/fonts/a.woff2", "font/woff2"),
        ("images/map.pdf", "application/pdf"),
        ("images/crema.avif", "image/avif"),
        ("portal.json", "application/json"),
        ("_/b/ab/abcd", "application/octet-stream"),
    ],
)
def test_types(path: str, kind: str, served: Host, prefix: str) -> None:
    answer = served.ask(prefix + path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "max-age=600"


def test_names_may_be_percent_encoded(served: Host, prefix: str) -> None:
    assert served.ask(prefix + "images/%C3%9Cn%C3%AFcode%20name.png").body == b"\x89PNG"


ABSENT = ("offers/none/", "none", "none/", "images", "images/", "_/b/", "%00", "index.html%00", "a" * 5000)
OUTSIDE = ("../secret.txt", "%2e%2e/secret.txt", "offers/../../secret.txt", "..%2fsecret.txt", "../site-two/")
RANGES = {"0-0": (0, 1), "5-9": (5, 10), "2000-": (2000, 2048), "-7": (2041, 2048), "9-99999": (9, 2048)}


@pytest.mark.parametrize("path", ABSENT)
def test_what_isnt_there_is_the_404_page(path: str, served: Host, prefix: str) -> None:
    answer = served.ask(prefix + path)
    if path == "images":
        answer = served.ask(answer.headers["location"])
    assert (answer.status, answer.body) == (404, b"<p>nobody knows</p>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", [*OUTSIDE, "/etc/passwd", "%2fetc/passwd"])
def test_nothing_outside_the_release_is_served(path: str, served: Host, prefix: str) -> None:
    answer = served.ask(prefix + path)
    assert (answer.status, answer.body) == (404, b"<p>nobody knows</p>")


def test_nothing_outside_the_prefix_is_served(served: Host, prefix: str) -> None:
    if prefix != "/":
        for path in ("/", "/index.html", "/clubs/", "/club2/index.html"):
            assert served.ask(path).status == 404


def test_head_answers_with_the_headers_alone(served: Host, prefix: str) -> None:
    whole, head = served.ask(prefix + "images/map.pdf"), served.ask(prefix + "images/map.pdf", "HEAD")
    assert head.body == b""
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in whole.headers.items() if k != "date"
    }
    assert served.ask(prefix + "none", "HEAD").status == 404


@pytest.mark.parametrize("asked", RANGES)
def test_ranges(asked: str, served: Host, prefix: str) -> None:
    start, end = RANGES[asked]
    answer = served.ask(prefix + "images/map.pdf", Range=f"bytes={asked}")
    assert (answer.status, answer.body) == (206, PDF[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/2048"


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=9-5", "lines=1-2", "bytes=1-2,4-5", "bytes=-0", "bytes=x-"])
def test_odd_ranges_are_answered_whole(asked: str, served: Host, prefix: str) -> None:
    answer = served.ask(prefix + "images/map.pdf", Range=asked)
    assert (answer.status, answer.body) == (200, PDF)


def test_a_known_version_is_not_sent_again(served: Host, prefix: str) -> None:
    tag = served.ask(prefix).headers["etag"]
    again = served.ask(prefix, If_None_Match=tag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    (served.folder / "index.html").write_bytes(b"<p>another home</p>")
    assert served.ask(prefix, If_None_Match=tag).body == b"<p>another home</p>"


def test_a_release_put_in_force_is_served_at_once(tmp_path: Path) -> None:
    output = tmp_path / "output"
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
    output.symlink_to("1")
    server = serve(lambda: output, port=0)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    host = Host(server.server_address[1], output)
    assert host.ask("/").body == b"1"
    (tmp_path / "link").symlink_to("2")
    (tmp_path / "link").replace(output)
    assert host.ask("/").body == b"2"
    server.shutdown()
    server.server_close()


def test_it_listens_on_this_machine_only(served: Host) -> None:
    server = serve(lambda: served.folder, port=0)
    assert server.server_address[0] == "127.0.0.1"
    server.server_close()


def test_a_reader_may_leave_in_the_midst_of_an_answer(
    served: Host, prefix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (served.folder / "large.pdf").write_bytes(bytes(50_000_000))
    before = set(threading.enumerate())
    with socket.create_connection(("127.0.0.1", served.port)) as reader:
        reader.sendall(f"GET {prefix}large.pdf HTTP/1.1\r\nHost: here\r\n\r\n".encode())
        assert reader.recv(1000).startswith(b"HTTP/1.1 200")
        answering = set(threading.enumerate()) - before
        assert len(answering) == 1
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
    for thread in answering:
        thread.join()
    assert capfd.readouterr() == ("", "")
    assert served.ask(prefix).status == 200


def test_headers_and_body_are_sent_together(served: Host, prefix: str) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as reader:
        for _ in range(3):  # a body of its own would wait until the headers are acknowledged, 40 ms
            reader.sendall(f"GET {prefix} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
            answer = reader.recv(10_000)
            assert answer.endswith((served.folder / "index.html").read_bytes())


def test_nobody_asks_in_vain_for_another_method(served: Host, prefix: str) -> None:
    assert served.ask(prefix, "POST").status == 501
    assert served.ask(prefix).status == 200
