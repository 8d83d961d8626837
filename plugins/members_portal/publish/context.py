"""The context of a publish: paths, dates and environment, derived once from the command line and the environment."""

import hashlib
import os.path
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import members_portal
from members_portal.portal.rendering.rendered_tree import TreeMemory
from members_portal.publish.publish_error import PublishError
from members_portal.publish.reuse.release_memory import ReleaseMemory
from members_portal.source.kept.people_memory import PeopleMemory
from members_portal.source.scheme import POSTGRESQL, SQLITE, scheme_of

CODE = Path(members_portal.__file__).parent
BUILD = ".build"
SITEURL = "PORTAL_SITEURL"

# A value with other signs may be a mistyped address with a password. Messages omit it, unless such a path exists.
PLAIN_PATH = re.compile(r"(?!//)[\w ./~+()-]+")
MembersDone = Callable[[int, int], None]  # the members that are done, and all members of the stage
NAMED_SCHEMES = frozenset({"http", "https", "ftp", "s3", "mysql", "mariadb", "mssql", "oracle", "mongodb"})


@dataclass(frozen=True)
class PublishContext:
    """Paths, dates and environment of one publish. Later code reads neither the clock nor `os.environ`.

    `members` is the folder of programme.yaml, and of the members and the ledger unless they are in a `database`.
    `now` is in seconds since 1970 (UTC) and numbers the release; `on` is its day, `today` the present day.
    `siteurl` is None when publishconf.py states it. `theme` is the project's theme folder or, by default, the
    package's; `code` is the package's folder.
    """

    root: Path
    theme: Path
    content: Path
    members: Path
    output: Path
    build: Path
    siteurl: str | None
    on: date
    today: date
    now: int
    database: str | None = field(repr=False)  # may hold a password
    environ: Mapping[str, str] = field(repr=False)  # may hold the site secret
    is_dated: bool = False  # --date or PORTAL_TODAY states the day; the pages then use it instead of the real one
    has_paper: bool = True  # the site has newsletters on paper, which are checked
    pdfs: bool = True  # make PDFs of newsletters; off by default in the preview
    code: Path = CODE
    strict: bool = False  # warnings are errors
    compared: bool = True  # a publish is compared with the release in force; not in the preview
    changes_accepted: bool = False  # a publish may lose members and ledger lines
    work_pack: Path | None = None  # the sealed file that keeps fingerprints and caches for the next run
    people_memory: PeopleMemory | None = field(default=None, repr=False, compare=False)  # of a preview
    release_memory: ReleaseMemory | None = field(default=None, repr=False, compare=False)  # of a preview
    tree_memory: TreeMemory | None = field(default=None, repr=False, compare=False)  # of a preview
    show: Callable[[Path], None] | None = field(default=None, repr=False, compare=False)  # of a preview, see `renew`
    members_done: MembersDone | None = field(default=None, repr=False, compare=False)  # shows the progress of a stage
    durable: bool = True  # fsync the release before the flip, so that it survives a power failure

    @property
    def stated_day(self) -> date | None:
        """The day that `--date` or PORTAL_TODAY states."""
        return self.on if self.is_dated else None

    @property
    def tree(self) -> Path:
        """The rendered tree, in plaintext: private."""
        return self.build / "tree"

    @property
    def cache(self) -> Path:
        return self.build / "cache"

    @property
    def state(self) -> Path:
        """The folder of the fingerprints of releases; one for each output."""
        return self.releases.with_name(self.releases.name.replace("releases", "state"))

    @property
    def censuses(self) -> Path:
        """The folder of the censuses of releases; one for each output."""
        return self.releases.with_name(self.releases.name.replace("releases", "census"))

    @property
    def releases(self) -> Path:
        """The folder of releases; one for each output."""
        if self.output == self.root / "output" or self.output.is_relative_to(self.build):
            return self.build / "releases"
        return self.build / f"releases-{hashlib.sha256(str(self.output).encode()).hexdigest()[:8]}"

    @property
    def executor(self) -> str | None:
        """The address of the cluster that makes letters and slots; None without one."""
        return self.environ.get("PORTAL_EXECUTOR") or None

    @property
    def siteurl_source(self) -> str:
        """The variable or the option that states `siteurl`, for messages."""
        return SITEURL if self.environ.get(SITEURL) == self.siteurl else "--siteurl"

    @property
    def conf(self) -> Path:
        return self.root / "publishconf.py"

    def for_preview(self, siteurl: str, *, pdfs: bool = False, folder: Path | None = None) -> "PublishContext":
        """Return a context for the preview, with build and output in a folder of its own."""
        build = folder or self.build / "preview"
        return replace(
            self,
            build=build,
            output=build / "output",
            siteurl=siteurl,
            durable=False,
            compared=False,
            pdfs=pdfs,
            work_pack=None,
            people_memory=PeopleMemory(),
            release_memory=ReleaseMemory(),
            tree_memory={},
        )


def make_context(
    environ: Mapping[str, str], *, root: Path, on: date | None, today: date, now: int, **given: str | None
) -> PublishContext:
    """Make a context. For each path the command line wins, then PORTAL_* variables, then the project's folders."""

    def choose(name: str, default: str) -> str:
        return given.get(name) or environ.get(f"PORTAL_{name.upper()}") or default

    folder, database = _members_source(root, choose("members", "members"), choose("programme", "members"))
    return PublishContext(
        root=root,
        theme=root / "theme" if (root / "theme").is_dir() else CODE / "theme",
        content=root / choose("content", "content"),
        members=folder,
        database=database,
        output=root / choose("output", "output"),
        build=root / BUILD,
        siteurl=choose("siteurl", "") or None,
        on=on or today,
        is_dated=on is not None,
        today=today,
        now=now,
        environ=environ,
        has_paper=(wanted := _wants_pdfs(environ.get("PORTAL_PDF") or "yes")),
        pdfs=wanted,
        work_pack=root / pack if (pack := environ.get("PORTAL_WORK_PACK")) else None,
    )


def _wants_pdfs(word: str) -> bool:
    if word not in {"yes", "no"}:
        raise PublishError(f"PORTAL_PDF: {word!r} is neither yes nor no")
    return word == "yes"


def _members_source(root: Path, source: str, programme: str) -> tuple[Path, str | None]:
    """Return the folder of programme.yaml and the database's address (None for files) for a source of members."""
    scheme = scheme_of(source)
    path = _local_path(source) if scheme == "file" or scheme in SQLITE else source
    places = (root / path, root / programme / path.lstrip("/")) if path else ()
    is_path = bool(PLAIN_PATH.fullmatch(path)) or any(map(os.path.exists, places))
    if scheme in POSTGRESQL or (scheme in SQLITE and is_path):
        return root / programme, source
    if scheme not in {"", "file"} or not is_path:
        known = "a folder, or an address that begins with file://, sqlite:/// or postgresql://"
        named = f"`{scheme}://`" if scheme in NAMED_SCHEMES else "that"
        raise PublishError(f"members: can't read from {named}, expected {known}")
    return root / path, None


def _local_path(address: str) -> str:
    """Return the path of a `file:` or `sqlite:` address on this machine; an empty text for another address."""
    try:
        parts = urlsplit(address)
    except ValueError:  # its message holds parts of the address
        return ""
    path = unquote(parts.path)
    if parts.scheme in SQLITE and path.startswith("//"):
        path = path[1:]
    return path if parts.netloc in {"", "localhost"} else ""
