"""PostgreSQL: one snapshot, rows in blocks, and no secret in a message."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import psycopg
import pytest
from click.testing import CliRunner

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.ledger.ledger import LedgerSource, load_ledger, open_store
from members_portal.loyalty.programme.programme import Programme
from members_portal.publish.command.cli import app
from members_portal.source.open_source import open_source
from members_portal.source.people import load_people
from members_portal.source.postgresql import Postgresql, open_postgresql
from members_portal.source.postgresql_address import connection_parts, default_parts
from members_portal.source.unreadable import Unreadable
from tests.loyalty.small_club import programme_of
from tests.source.cluster import certificate, cluster
from tests.source.small_ledger import LINES, RULES, in_postgresql
from tests.source.test_sources import TODAY, lines, people_of


def change(database: str, *statements: str) -> None:
    """Change a database from a connection of our own, and commit."""
    with psycopg.connect(database) as con:
        for statement in statements:
            con.execute(statement)


class Meanwhile:
    """A source that runs a function between reading members and ledger."""

    def __init__(self, source: Postgresql, happens: Callable[[], None]) -> None:
        self.members, self._ledger, self.happens = source.members, source.ledger, happens
        self.without_ledger, self.members_digest = source.without_ledger, source.members_digest
        self.ledger_digest = source.ledger_digest

    def ledger(self) -> LedgerSource | None:
        self.happens()
        return self._ledger()


def test_members_and_ledger_are_of_one_moment(tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    in_postgresql(tmp_path, database)

    def shop_goes_on() -> None:
        change(database, "delete from portal_ledger where line < 5", "delete from person where id = 'M-3'")
        values = "(99, '2026-01-01', 'M-9', 'event')"
        change(database, f"insert into portal_ledger (line, date, member, kind) values {values}")

    with open_postgresql(database) as source:
        people = load_people(Meanwhile(source, shop_goes_on), programme, TODAY)
    assert ([member.id for member in people.members], lines(people)) == (["M-1", "M-2", "M-3"], LINES)
    with pytest.raises(InvalidInput, match="unknown member `M-9`"):
        people_of(tmp_path, database, programme)


def test_rows_come_a_few_thousand_at_a_time(database: str) -> None:
    change(
        database,
        "create table portal_members as select 'M-' || lpad(n::text, 6, '0') as id, 'Ann' as given_name, 'Ms Lee' as"
        " formal_name, date '2024-01-01' as joined from generate_series(1, 12000) n",
    )
    with open_postgresql(database) as source:
        rows = source.members([], {})
        assert next(rows).value["id"] == "M-000001"
        assert source.con.execute("select name from pg_cursors").fetchall() == [("portal_0",)]
        assert sum(1 for _ in rows) == 11_999


def test_nothing_can_be_written(database: str) -> None:
    change(database, "create table portal_members (id text)")
    with open_postgresql(database) as source, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        source.con.execute("delete from portal_members")


@pytest.mark.long
def test_a_hundred_thousand_lines_keep_their_order(tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    in_postgresql(tmp_path, database)
    change(
        database,
        "truncate portal_ledger",
        "insert into portal_ledger (line, date, member, kind, amount, reference) select n, date '2024-01-01' + n % 300,"
        " 'M-2', 'purchase', n / 100.0, lpad(n::text, 6, '0') from generate_series(1, 100000) n order by random()",
    )
    people = people_of(tmp_path, database, programme)
    assert people.ledger is not None
    before = "select *, lag(minor) over (partition by day order by n) as before from line"
    wrong = "before > minor or minor <> reference::int or day <> date '2024-01-01' + minor::int % 300"
    assert people.ledger.con.execute(f"select count(*) from ({before}) where {wrong}").fetchall() == [(0,)]
    assert people.ledger.rows("select count(*) from line") == [(100_000,)]


def test_rows_that_do_not_fit_are_named_by_their_keys(tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    in_postgresql(tmp_path, database)
    change(
        database,
        "update person set tier = 'bronze' where id = 'M-2'",
        "update person set email = 'not-an-address' where id = 'M-3'",
        "update portal_ledger set kind = 'purchased' where line = 4",
        "update portal_ledger set date = '2027-01-01' where line = 6",
    )
    with pytest.raises(InvalidInput) as caught:
        people_of(tmp_path, database, programme)
    assert list(map(str, caught.value.problems)) == [
        "portal_ledger, line 4: unknown kind `purchased`, expected purchase, refund, referral, review, testimonial,"
        " survey, event, birthday, adjustment, redemption, reversal (did you mean `purchase`?)",
        "portal_ledger, line 6: the date lies in the future, expected today, or a day before",
        "portal_members, row M-2: unknown tier `bronze`, expected member, silver, gold",
        "portal_members, row M-3: email: the value doesn't fit, expected an e-mail address",
    ]


def failure(address: str) -> str:
    """Read from an address and return the error."""
    with pytest.raises(Unreadable) as caught, open_source(Path(), address) as source:
        list(source.members([], {}))
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in "".join(map(str, (caught.value.__cause__, caught.value.args)))
    return str(caught.value)


def test_a_wrong_password_is_not_repeated(server: str) -> None:
    socket = server.partition("host=")[2]
    said = failure(f"postgresql://portal:wrong-hunter2@/postgres?host={socket}")
    assert said == (
        f'postgresql://portal@{socket}/postgres: connection to server on socket "{socket}/.s.PGSQL.5432" failed:'
        ' FATAL:  password authentication failed for user "portal"'
    )


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://portal:hunter2@127.0.0.1:1/club",
        "postgresql://portal@127.0.0.1:1/club?password=hunter2",
        "postgresql://portal:hunter2@no-such-host.invalid/club",
        "postgresql://portal:hunter2@/club?host=/tmp/nowhere",
        "postgresql://portal:x@127.0.0.1:hunter2/club",
        "postgresql://portal:hunter2@[::1/club",
        "postgresql://portal:%zzhunter2@127.0.0.1/club",
        "postgresql://portal:x@127.0.0.1/club?hunter2=1",
        "postgresql://portal:x@127.0.0.1:1/club?sslmode=hunter2",
        "postgresql://portal:hunter@hunter2@127.0.0.1:1/club",
        "postgresql://portal:x/hunter2@127.0.0.1:1/club",
        "postgresql://portal:x@hunter2:y@127.0.0.1/club",
    ],
)
def test_no_address_that_fails_gives_its_password_away(address: str) -> None:
    assert failure(address)


# Encryption

ELSEWHERE = "0.0.0.0"  # leads to this machine, but is no loopback address: it stands for another machine


@contextmanager
def listening(*settings: str) -> Iterator[str]:
    """Start a server on a TCP port; yield its address with a place for the host."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with cluster("listen_addresses=127.0.0.1", f"port={port}", *settings):
        yield f"postgresql://portal:hunter2@{{}}:{port}/postgres"


def is_encrypted(address: str) -> bool:
    with open_postgresql(address) as source:
        (found,) = source.con.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchone() or (None,)
    return bool(found)


@pytest.mark.long
def test_a_server_elsewhere_is_read_through_tls_only() -> None:
    with listening() as address:
        said = failure(address.format(ELSEWHERE))
        assert said.endswith("server does not support SSL, but SSL was required")
        assert not is_encrypted(address.format(ELSEWHERE) + "?sslmode=disable")
        assert not is_encrypted(address.format("127.0.0.1"))
        assert not is_encrypted(address.format("localhost"))


@pytest.mark.long
def test_tls_is_used_where_the_server_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with TemporaryDirectory(prefix="tls-", dir="/tmp") as folder, listening(*certificate(Path(folder))) as address:
        assert is_encrypted(address.format(ELSEWHERE))
        assert is_encrypted(address.format(ELSEWHERE) + "?sslmode=")
        assert not is_encrypted(address.format(ELSEWHERE) + "?sslmode=disable")
        monkeypatch.setenv("PGSSLMODE", "disable")  # only the address can switch it off
        assert is_encrypted(address.format(ELSEWHERE))
        monkeypatch.setenv("PGSSLMODE", "verify-full")  # never weakened
        assert "certificate" in failure(address.format(ELSEWHERE))


SERVER = f"""[elsewhere]
host={ELSEWHERE}
port=%(port)s
user=portal
password=hunter2
[encrypted]
host=db.example
sslmode=verify-full
[clear]
host=db.example
sslmode=disable
[here]
host=localhost
"""


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service file of libpq, and an environment without other variables of it."""
    for name in ("PGSERVICE", "PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGPORT"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "pg_service.conf"
    file.write_text(SERVER % {"port": 5432}, "utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    return file


@pytest.mark.parametrize(
    ("address", "environ", "sslmode"),
    [
        ("postgresql:///shop", {}, None),
        ("postgresql:///shop", {"PGSERVICE": "elsewhere"}, "require"),
        ("postgresql:///shop", {"PGSERVICE": "clear"}, "require"),
        ("postgresql:///shop", {"PGSERVICE": "clear", "PGSSLMODE": "require"}, "require"),
        ("postgresql:///shop", {"PGSERVICE": "encrypted"}, None),
        ("postgresql:///shop", {"PGSERVICE": "here"}, None),
        ("postgresql:///shop", {"PGSERVICE": "here", "PGHOSTADDR": "203.0.113.9"}, "require"),
        ("postgresql:///shop", {"PGSERVICE": "here", "PGHOST": "localhost,db.example"}, "require"),
        ("postgresql://u@localhost/shop", {"PGSERVICE": "elsewhere"}, None),
        ("postgresql:///shop?service=elsewhere", {}, "require"),
        ("postgresql:///shop?service=elsewhere", {"PGSERVICE": "here"}, "require"),
        ("postgresql:///shop?service=clear", {"PGSSLMODE": "verify-full"}, "require"),
        ("postgresql:///shop?service=encrypted", {}, None),
        ("postgresql:///shop?service=elsewhere&sslmode=disable", {}, None),
        ("postgresql://u@localhost/shop", {"PGHOSTADDR": "203.0.113.9"}, "require"),
        ("postgresql://u@/shop?host=/run/postgresql", {"PGHOSTADDR": "203.0.113.9"}, "require"),
        ("postgresql://u@db.example/shop", {"PGHOSTADDR": "127.0.0.1"}, None),
        ("postgresql://u@db.example/shop?hostaddr=127.0.0.1", {"PGHOSTADDR": "203.0.113.9"}, None),
        ("postgresql://u@db.example/shop?hostaddr=", {"PGHOSTADDR": "127.0.0.1"}, "require"),
        ("postgresql://u@localhost,db.example/shop?hostaddr=127.0.0.1,", {}, "require"),
        ("postgresql://u@localhost,db.example/shop?hostaddr=127.0.0.1,127.0.0.2", {}, None),
        ("postgresql:///shop", {"PGHOST": "db.example"}, "require"),
        ("postgresql:///shop", {"PGHOST": "localhost"}, None),
    ],
)
@pytest.mark.usefixtures("services")
def test_hosts_count_as_in_libpq(
    address: str, environ: dict[str, str], sslmode: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert default_parts(connection_parts(address)).get("sslmode") == sslmode
    assert os.environ.get("PGSERVICE") == environ.get("PGSERVICE")


def test_no_password_goes_in_clear_to_a_server_that_a_variable_names(
    services: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as address:
        port = address.partition("{}:")[2].partition("/")[0]
        services.write_text(SERVER % {"port": port}, "utf-8")
        refused = "server does not support SSL, but SSL was required"
        monkeypatch.setenv("PGHOSTADDR", ELSEWHERE)
        assert failure(address.format("localhost")).endswith(refused)
        monkeypatch.delenv("PGHOSTADDR")
        monkeypatch.setenv("PGSERVICE", "elsewhere")
        assert failure("postgresql:///postgres").endswith(refused)
        assert not is_encrypted("postgresql:///postgres?sslmode=disable")


# Time zone and time limits


def limited(address: str, milliseconds: int) -> str:
    """Return an address with a time limit for statements."""
    return f"{address}&options=-c%20statement_timeout%3D{milliseconds}"


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """Stop a process of the server, as a machine that hangs does, and let it run again."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Dublin", "2026-07-01"), ("America/Lima", "2026-06-30"), ("Pacific/Kiritimati", "2026-07-01")],
)
@pytest.mark.parametrize("moment", ["signed_up::date", "signed_up"])
def test_a_moment_becomes_a_day_of_the_site(database: str, zone: str, day: str, moment: str) -> None:
    change(
        database,
        "create table person (signed_up timestamptz default '2026-06-30 23:30+00')",
        "insert into person default values",
        "create view portal_members as select 'M-1' as id, 'Ann' as given_name, 'Ms Lee' as formal_name,"
        f" {moment} as joined from person",
        f"create view portal_ledger as select 1 as line, {moment} as date, 'M-1' as member, 'event' as kind"
        " from person",
        f"alter database {database.partition('?')[0].rpartition('/')[2]} set timezone to 'UTC'",
    )
    with open_source(Path(), database, ZoneInfo(zone)) as source:
        (member,) = source.members([], {})
        ledger = existing(source.ledger())
        (line,) = map(ledger.row, ledger.raw_rows([]))
    assert (member.value["joined"], line.texts["date"]) == (day, day)


def test_a_statement_that_takes_too_long_is_cancelled(database: str) -> None:
    change(
        database,
        "create view portal_members as select 'M-1' as id, 'Ann' as given_name, 'Ms Lee' as formal_name,"
        " pg_sleep(3600)::text as joined",
    )
    assert failure(limited(database, 200)).endswith(
        ", portal_members: the server cancelled the statement, which has a time limit: `statement_timeout` of the role"
    )


def test_a_statement_has_a_time_limit_without_any_setting(database: str) -> None:
    limit = "select current_setting('statement_timeout')"
    with open_postgresql(database) as source:
        assert source.con.execute(limit).fetchall() == [("5min",)]
    with open_postgresql(limited(database, 7_200_000)) as source:
        assert source.con.execute(limit).fetchall() == [("2h",)]


@pytest.mark.long
@pytest.mark.parametrize("table", ["portal_members", "portal_ledger"])
def test_a_server_that_has_stopped_is_not_waited_for(tmp_path: Path, database: str, table: str) -> None:
    in_postgresql(tmp_path, database)
    programme = programme_of(tmp_path, RULES)
    with pytest.raises(Unreadable, match=f", {table}: the server sent nothing for 5 seconds$"):
        read_stopped(limited(database, 200), table, programme)


def read_stopped(address: str, table: str, programme: Programme) -> None:
    """Read a table from a server that stops after the connection was made."""
    with open_postgresql(address) as source:
        ledger = existing(source.ledger())
        with stopped(source.con.info.backend_pid):
            if table == "portal_members":
                list(source.members([], {}))
            load_ledger(ledger, programme, None, TODAY, open_store())


def existing(ledger: LedgerSource | None) -> LedgerSource:
    """Return a ledger that is there."""
    assert ledger is not None
    return ledger


@pytest.mark.long
def test_a_server_that_accepts_no_connection_is_not_waited_for() -> None:
    with cluster() as folder:
        (process,) = Path(folder, "data", "postmaster.pid").read_text().splitlines()[:1]
        with stopped(int(process)):
            said = failure(f"postgresql://portal:hunter2@/postgres?host={folder}&connect_timeout=2")
    assert said.endswith(": connection timeout expired")


def test_what_a_view_stumbles_over_is_not_repeated(database: str) -> None:
    change(
        database,
        "create table person (born text)",
        "insert into person values ('hunter2 of Cork')",
        "create view portal_members as select born::date as joined, born as id, born as given_name, born as formal_name"
        " from person",
    )
    assert failure(database).endswith(", portal_members: InvalidDatetimeFormat (22007)")


def test_a_table_that_may_not_be_read_is_named(database: str) -> None:
    change(
        database,
        "create table portal_members (id text, given_name text, formal_name text, joined date)",
        "create role guest login password 'hunter2'",
    )
    assert failure(database.replace("portal:", "guest:")).endswith(
        ", portal_members: permission denied for table portal_members"
    )


def test_a_missing_table_is_a_problem_of_the_database(tmp_path: Path, database: str) -> None:
    with pytest.raises(InvalidInput, match="has no table or view `portal_members`"):
        people_of(tmp_path, database, programme_of(tmp_path))


def test_a_database_without_a_ledger_has_members(tmp_path: Path, database: str) -> None:
    in_postgresql(tmp_path, database)
    change(database, "drop table portal_ledger")
    assert people_of(tmp_path, database, programme_of(tmp_path, RULES)).ledger is None


def test_the_command_ends_with_1_and_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    programme_of(tmp_path / "members")
    monkeypatch.setenv("PORTAL_MEMBERS", "postgresql://portal:hunter2@127.0.0.1:1/club")
    result = CliRunner().invoke(app, ["code", "M-1"])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: postgresql://portal@127.0.0.1:1/club: ")
    assert (len(result.stderr.splitlines()), "hunter2" in result.output) == (1, False)
