"""The sample portal in a folder of its own: published by the real press, served as a static host would."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from members_portal.publish.static_server import StaticHandler, serve
from members_portal.seal import Secret, access_code, sign_in_address
from tests.independent_reader import Release
from tests.publish.project import ROOT, SECRET, Project, Run, copy_settings, noon

PARTS = ("theme", "content", "members")
DAY = "2026-11-21"  # a birthday, an anniversary, and two embargoes under way

PICTURE = re.compile(r"GET /(theme/icons|images)/")
WORKER = re.compile(r"GET /(sw|theme/js/[\w-]+)\.js HTTP")  # whether there is a newer one; pages ask with a version

# Chromium has no option for it.
SAVER = b"\nObject.defineProperty(navigator, 'connection', {value: {saveData: true}});\n"

Front = dict[str, Any]


class Sample:
    """A project's folder and its host, which notes every request it gets.

    Its visitors save data: their workers fetch no edition ahead, which takes seconds. Those of `ahead` do.
    """

    def __init__(
        self, folder: Path, warm: subprocess.Popen[str], prefix: str = "/", *, saves_data: bool = True
    ) -> None:
        self.project, self.folder, self.prefix = Project(folder, warm), folder, prefix
        self.requests: list[str] = []
        self.server = serve(lambda: self.folder / "output", prefix, port=0)
        kind = noting(self.server.RequestHandlerClass, self.requests)
        self.server.RequestHandlerClass = saving(kind) if saves_data else kind
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def again(self, folder: Path, prefix: str = "/") -> Sample:
        """Give a copy with its releases and what was cached, for a test that changes something."""
        shutil.copytree(self.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("tree"))
        return Sample(folder, self.project.warm, prefix)

    @cached_property
    def ahead(self) -> Sample:
        """Serve the same folder on another port, to devices that fetch the files of an edition ahead."""
        return Sample(self.folder, self.project.warm, self.prefix, saves_data=False)

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def root(self) -> str:
        """Give the address of the site."""
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    def sent(self, since: int) -> list[str]:
        """List the requests from the given one on, but for those that come when they like."""
        return [text for text in self.requests[since:] if not PICTURE.match(text) and not WORKER.match(text)]

    def start(self, *arguments: str, day: str = DAY) -> subprocess.Popen[str]:
        """Start `portal` on a day."""
        return self.project.start(*arguments, PORTAL_SITEURL=self.root.rstrip("/"), PORTAL_NOW=noon(day))

    def run(self, *arguments: str, day: str = DAY, **environ: str) -> Run:
        """Run `portal` on a day, to its end."""
        return self.project.portal(*arguments, PORTAL_SITEURL=self.root.rstrip("/"), PORTAL_NOW=noon(day), **environ)

    def publish(self, *options: str, day: str = DAY) -> Sample:
        """Publish, and be sure that it worked."""
        run = self.run("publish", *options, day=day)
        assert run.code == 0, run.text
        return self

    def close(self) -> None:
        if "ahead" in self.__dict__:
            self.ahead.close()
        self.server.shutdown()
        self.server.server_close()

    # What lies in it, read without the code under test

    @property
    def members(self) -> dict[str, Front]:
        found = read_yaml((self.folder / "members/members.yaml").read_text("utf-8"))
        return {member["id"]: member for member in found}

    @property
    def programme(self) -> str:
        return (self.folder / "members/programme.yaml").read_text("utf-8")

    @property
    def ladder(self) -> list[str]:
        return [tier["key"] for tier in read_yaml(self.programme)["tiers"]]

    @property
    def items(self) -> dict[str, Front]:
        """Give the front matter of every item by its path below content/."""
        content = self.folder / "content"
        paths = [file.relative_to(content).as_posix() for file in content.rglob("*.md")]
        return {path: read_yaml(self.text(path).split("\n---")[0]) for path in paths}

    def text(self, path: str) -> str:
        """Read an item as it was written."""
        return (self.folder / "content" / path).read_text("utf-8")

    def shown(self, reader: str, day: str = DAY) -> set[str]:
        """List the items an edition shows, by their front matter alone."""
        ladder = self.ladder
        return {path for path, front in self.items.items() if is_shown(front, reader, ladder, day)}

    def without(self, member: str) -> None:
        """Write down that a member has left."""
        file = self.folder / "members/members.yaml"
        before, found, rest = file.read_text("utf-8").partition(f"- id: {member}\n")
        assert found
        file.write_text(f"{before}{found}  left: {DAY}\n{rest}", "utf-8")

    # Who reads it

    @property
    def secret(self) -> Secret:
        return Secret(bytes.fromhex(SECRET))

    def code(self, member: str) -> str:
        return access_code(self.secret, member, int(str(self.members[member].get("code version", 1))))

    def link(self, member: str) -> str:
        """Give the address in a member's letter."""
        return sign_in_address(self.root, self.code(member))

    def open(self, member: str) -> Release:
        """Open the release as a member, without a browser."""
        return Release(self.folder / "output", self.code(member))

    def addresses(self, member: str) -> set[str]:
        """List the addresses of all pages of a member's edition."""
        paths = self.open(member).manifest["files"]
        return {path.removesuffix("index.html") for path in paths if path.endswith("index.html")}

    def offers_for_others(self, member: str) -> set[str]:
        """List the offers for segments without an own slot of the member."""
        own = {name.rpartition("-")[0].removeprefix("offer-") for name in self.open(member).record["slots"]}
        offers = {path for path, front in self.items.items() if "Segments" in front}
        return {path for path in offers if PurePosixPath(path).stem not in own}


def copy_sample(folder: Path) -> None:
    """Copy the sample of the tree, without releases."""
    for part in PARTS:
        copy(ROOT / part, folder / part)
    copy_settings(folder)


def read_yaml(text: str) -> Any:
    """Read YAML as text, lists and mappings: nothing is taken for a date or a truth."""
    return yaml.load(text, yaml.CBaseLoader)


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def noting(handler: object, requests: list[str]) -> type[StaticHandler]:
    """Make a handler that notes what it is asked."""
    assert isinstance(handler, type)
    assert issubclass(handler, StaticHandler)

    class Noting(StaticHandler):
        def parse_request(self) -> bool:
            good = super().parse_request()
            requests.append(f"{self.requestline}\n{self.headers}")
            return good

    Noting.folder, Noting.prefix = staticmethod(handler.folder), handler.prefix
    return Noting


def saving(handler: type[StaticHandler]) -> type[StaticHandler]:
    """Return a handler whose workers believe that their devices save data."""

    class Saving(handler):  # type: ignore[misc, valid-type]
        def _content(self, file: Path, root: Path) -> bytes:
            content: bytes = super()._content(file, root)
            return content + SAVER if file.name == "sw.js" else content

    return Saving


def is_shown(front: Front, reader: str, ladder: list[str], day: str) -> bool:
    """Tell whether a reader sees an item on a day (days as text sort like days)."""
    words = front["Audience"] if isinstance(front["Audience"], list) else str(front["Audience"]).split(",")
    if not any(is_meant(word.strip(), reader, ladder) for word in words) or front.get("Status") == "draft":
        return False
    embargo, publish = dict(front.get("Embargo", {})), str(front.get("Publish", ""))
    since = min([publish, *embargo.values()]) if reader == "staff" else embargo.get(reader, publish)
    return since <= day <= str(front.get("Expires", "9999"))


def is_meant(word: str, reader: str, ladder: list[str]) -> bool:
    """Tell whether a word of an audience means a reader."""
    if word == "public" or (reader == "staff"):
        return True
    if word == "members" or word == reader:
        return reader in ladder
    return word.endswith("+") and reader in ladder[ladder.index(word[:-1]) :]
