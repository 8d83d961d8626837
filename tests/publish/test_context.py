"""The context: paths from the command line, then the environment, then the project's folders."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.publish_error import PublishError

DAY = date(2026, 11, 20)
ROOT = Path("/portal")


def context(environ: dict[str, str] | None = None, **given: str | None) -> PublishContext:
    return make_context(environ or {}, root=ROOT, on=None, today=DAY, now=1, **given)


def test_a_project_has_its_own_folders() -> None:
    found = context()
    assert (found.content, found.members, found.output) == (ROOT / "content", ROOT / "members", ROOT / "output")
    assert (found.build, found.siteurl, found.on) == (ROOT / ".build", None, DAY)


@pytest.mark.parametrize("name", ["content", "members", "output"])
def test_the_command_line_goes_before_the_environment_before_the_default(name: str) -> None:
    environ = {f"PORTAL_{name.upper()}": "/from/environment"}
    assert getattr(context(), name) == ROOT / name
    assert getattr(context(environ), name) == Path("/from/environment")
    assert getattr(context(environ, **{name: "from/command"}), name) == ROOT / "from/command"
    assert getattr(context({f"PORTAL_{name.upper()}": ""}, **{name: None}), name) == ROOT / name


def test_the_address_follows_the_same_order() -> None:
    assert context({"PORTAL_SITEURL": "https://a.example"}).siteurl == "https://a.example"
    assert context({"PORTAL_SITEURL": "https://a.example"}, siteurl="https://b.example").siteurl == "https://b.example"


def test_the_day_is_todays_unless_given() -> None:
    assert make_context({}, root=ROOT, on=date(2027, 1, 1), today=DAY, now=1).on == date(2027, 1, 1)


@pytest.mark.parametrize("address", ["file:///data/people", "file://localhost/data/people"])
def test_members_may_be_a_file_address(address: str) -> None:
    assert context(members=address).members == Path("/data/people")


def test_a_file_address_may_be_percent_encoded() -> None:
    assert context(members="file:///data/our%20people").members == Path("/data/our people")


@pytest.mark.parametrize(
    "address", ["postgresql://u:hunter2@db/club", "postgres://db/club", "sqlite:////data/club.db", "SQLITE:///club.db"]
)
def test_members_may_be_in_a_database_and_the_programme_stays_in_its_folder(address: str) -> None:
    found = context(members=address)
    assert (found.database, found.members) == (address, ROOT / "members")
    assert context({"PORTAL_MEMBERS": address, "PORTAL_PROGRAMME": "/rules"}).members == Path("/rules")
    assert context({"PORTAL_PROGRAMME": "/rules"}).members == ROOT / "members"
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://h:hunter2@x.example/m", "`https://`"),
        ("mysql://u:hunter2@db/club", "`mysql://`"),
        ("postgresql:u:hunter2@db/club", "that"),
        ("host=db password=hunter2", "that"),
        ("//u:hunter2@h/db", "that"),
        ("u:hunter2@h/db", "that"),
        ("dsn=hunter2", "that"),
        ("hunter2://u@h/db", "that"),
        ("u:hunter2@h://db", "that"),
        ("file://u:hunter2@h/db", "that"),
        ("file:///u:hunter2@h/db", "that"),
        ("file://[hunter2]/db", "that"),
        ("sqlite://u:hunter2@h/db", "that"),
        ("sqlite:///u:hunter2@h/db", "that"),
        ("db%20password%3Dhunter2", "that"),
    ],
)
def test_members_at_another_address_are_refused_without_repeating_it(address: str, named: str) -> None:
    with pytest.raises(PublishError) as error:
        context(members=address)
    expected = "a folder, or an address that begins with file://, sqlite:/// or postgresql://"
    assert str(error.value) == f"members: can't read from {named}, expected {expected}"


def test_a_folder_that_exists_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "club: a=b@c"
    folder.mkdir()
    made = make_context({}, root=tmp_path, on=None, today=DAY, now=1, members=folder.name)
    assert made.members == folder


def test_the_clocks_day_is_known_beside_the_day_asked_for() -> None:
    found = make_context({}, root=ROOT, on=date(2020, 1, 1), today=DAY, now=1)
    assert (found.on, found.today) == (date(2020, 1, 1), DAY)


def test_each_output_has_releases_and_state_of_its_own() -> None:
    own, other, third = context(), context(output="/srv/one"), context(output="/srv/two")
    assert own.releases == ROOT / ".build" / "releases"
    assert own.state == ROOT / ".build" / "state"
    assert len({own.releases, other.releases, third.releases, own.state, other.state, third.state}) == 6


def test_a_preview_keeps_to_itself() -> None:
    own = context()
    preview = own.for_preview("http://127.0.0.1:8000")
    folders = (preview.output, preview.releases, preview.state, preview.tree, preview.cache)
    assert all(folder.is_relative_to(ROOT / ".build" / "preview") for folder in folders)
    assert (preview.content, preview.members, preview.root) == (own.content, own.members, own.root)


@pytest.mark.parametrize(("wanted", "has_paper"), [("yes", True), ("no", False)])
def test_a_preview_without_pdfs_checks_paper_where_a_publish_makes_pdfs(wanted: str, has_paper: bool) -> None:
    preview = context({"PORTAL_PDF": wanted}).for_preview("http://127.0.0.1:8000")
    assert (preview.has_paper, preview.pdfs) == (has_paper, False)


def test_a_desk_printed_tells_no_secret() -> None:
    assert "hunter2" not in repr(context({"PORTAL_SECRET": "hunter2"}))
