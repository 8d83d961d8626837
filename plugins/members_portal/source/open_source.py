"""From an address to an open source: a folder, a SQLite file or a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from members_portal.source.folder import SHOP_FILE, Folder
from members_portal.source.inbox_source import with_inbox
from members_portal.source.people import Source
from members_portal.source.scheme import POSTGRESQL, SQLITE, scheme_of
from members_portal.source.shop.shop_folder import ShopFolder
from members_portal.source.unreadable import Unreadable


@contextmanager
def open_source(
    folder: Path, database: str | None, zone: ZoneInfo | None = None, forgotten: Collection[str] = ()
) -> Iterator[Source]:
    """Open the source of members and ledger: the database, if given, else the folder. Raise Unreadable.

    `zone` is the time zone of the site, in which a database converts moments to days. The lines of `inbox/ledger.csv`
    in the folder follow those of the ledger, without those of `forgotten` members.
    """
    if database is None:
        own = ShopFolder(folder, zone) if (folder / SHOP_FILE).exists() else Folder(folder)
        yield with_inbox(own, folder, forgotten)
    elif scheme_of(database) in SQLITE:
        from members_portal.source.sqlite import open_sqlite

        with open_sqlite(sqlite_file(database, folder)) as source:
            yield with_inbox(source, folder, forgotten)
    elif scheme_of(database) in POSTGRESQL:
        from members_portal.source.postgresql import open_postgresql

        with open_postgresql(database, zone) as source:
            yield with_inbox(source, folder, forgotten)
    else:
        raise Unreadable(f"can't read from `{scheme_of(database)}://`")


def sqlite_file(address: str, root: Path) -> Path:
    """Return the file of `sqlite:////absolute/path` or `sqlite:///path`; the second is below `root` if it is there."""
    path = unquote(urlsplit(address).path)
    below = root / path.lstrip("/")
    return below if not path.startswith("//") and below.exists() else Path("/" + path.lstrip("/"))
