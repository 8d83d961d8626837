"""`portal mail`: recipients and members left out, the files of the folder, and sending."""

from __future__ import annotations

import csv
import email
import email.policy
import re
import shutil
import stat
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from members_portal.publish.command.mail import mail
from members_portal.publish.issue import print_contents
from members_portal.seal import Secret, access_code
from tests.long_cases import quick_first
from tests.newsletter.mail_host import OK, MailHost
from tests.publish.project import ROOT, SECRET, copy_settings

DAY = "2026-11-20"  # of the winter issue
Portal = Callable[..., Result]


@pytest.fixture(scope="module")
def sample_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the sample with the messages of the winter issue. It is shared: tests only read it."""
    root = tmp_path_factory.mktemp("sample") / "portal"
    for name in ("content", "members"):
        shutil.copytree(ROOT / name, root / name)
    copy_settings(root)
    (root / "theme").symlink_to(ROOT / "theme")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_SECRET", SECRET)
        patch.chdir(root)
        assert CliRunner().invoke(mail, ["winter-2026", "--date", DAY]).exit_code == 0
    return root


@pytest.fixture
def project(sample_copy: Path, tmp_path: Path) -> Path:
    root = Path(shutil.copytree(sample_copy, tmp_path / "portal", symlinks=True))
    shutil.rmtree(root / ".build" / "mail")
    return root


@pytest.fixture
def mail_command(project: Path, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Return a function that runs the command in the project; keywords are environment variables."""
    for name in ("PORTAL_MEMBERS", "PORTAL_CONTENT", "PORTAL_SITEURL", "PORTAL_SMTP", "PORTAL_SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAL_SECRET", SECRET)
    monkeypatch.chdir(project)

    def run(*arguments: str, day: str = DAY, **environ: str) -> Result:
        return CliRunner().invoke(mail, [*arguments, "--date", day], env=environ)

    return run


def members() -> dict[str, dict[str, Any]]:
    """Return the sample's members, read with another parser."""
    found = yaml.load((ROOT / "members" / "members.yaml").read_text("utf-8"), yaml.BaseLoader)
    return {str(member["id"]): member for member in found}


def agreed(member: dict[str, Any]) -> bool:
    """Return whether a member should receive e-mail on the day."""
    left = member.get("left", "")
    return member.get("consent", {}).get("email") == "true" and bool(member.get("email")) and not (left and left <= DAY)


def messages(project: Path, folder: str = "winter-2026") -> dict[str, EmailMessage]:
    files = (project / ".build" / "mail" / folder).glob("*.eml")
    return {file.stem: read(file.read_bytes()) for file in files}


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def words(message: EmailMessage) -> str:
    bodies = (message.get_body((kind,)) for kind in ("plain", "html"))
    return "\n".join([*map(str, message.values()), *(str(body.get_content()) for body in bodies if body)])


def rows(project: Path) -> dict[str, dict[str, str]]:
    with (project / ".build/mail/winter-2026/recipients.csv").open(encoding="utf-8", newline="") as file:
        return {row["member"]: row for row in csv.DictReader(file)}


def addresses() -> list[str]:
    return sorted(member["email"] for member in members().values() if agreed(member))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), "utf-8")


# Recipients


def test_who_agreed_to_e_mail_gets_a_message_and_nobody_else(sample_copy: Path) -> None:
    expected = {key for key, member in members().items() if agreed(member)}
    assert set(messages(sample_copy)) == expected
    for key, row in rows(sample_copy).items():
        assert (row["left_out"] == "") == (key in expected), key
    present = {key for key, member in members().items() if not member.get("left") or member["left"] > DAY}
    assert set(rows(sample_copy)) == present


@pytest.mark.long
def test_every_message_goes_to_its_member_and_speaks_of_nobody_else(sample_copy: Path) -> None:
    people = members()
    for key, message in messages(sample_copy).items():
        own, said = people[key], words(message)
        assert message["To"].addresses[0].addr_spec == own["email"]
        called = own["given name"] if own.get("salutation", "first-name") == "first-name" else own["formal name"]
        assert f"Good to see you, {called}" in said.replace("&#x27;", "'").replace("<bdi>", "")
        others = [other for other in people.values() if other is not own]
        assert [other["email"] for other in others if other.get("email") and other["email"] in said] == []
        assert [other["id"] for other in others if re.search(rf"\b{other['id']}\b", said)] == []


@pytest.mark.long
def test_two_members_with_one_address_both_get_a_message(mail_command: Portal, project: Path) -> None:
    people = [member for member in members().values() if agreed(member)]
    one, two = people[0], people[-1]
    edit(project / "members" / "members.yaml", two["email"], one["email"])
    result = mail_command("winter-2026")
    assert result.exit_code == 0, result.output
    assert "warning: this email is used twice" in result.output
    assert {str(messages(project)[each["id"]]["To"].addresses[0].addr_spec) for each in (one, two)} == {one["email"]}
    assert messages(project)[one["id"]]["Message-ID"] != messages(project)[two["id"]]["Message-ID"]


@pytest.mark.long
def test_no_message_holds_a_code_a_sign_in_address_or_a_coupon(sample_copy: Path) -> None:
    secret = Secret(bytes.fromhex(SECRET))
    for key, message in messages(sample_copy).items():
        said = words(message)
        assert access_code(secret, key, int(members()[key].get("code version", 1))) not in said
        assert re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", said) == []
        assert re.findall(r"club\.strandandhitch\.example/[^\s>\"]*#", said) == []


def test_each_reads_the_edition_of_their_tier(sample_copy: Path) -> None:
    listed, found = rows(sample_copy), messages(sample_copy)
    titles = {"member": "Member", "silver": "Silver", "gold": "Gold", "platinum": "Platinum", "staff": "Staff"}
    assert {listed[key]["edition"] for key in found} == set(titles)
    for key, message in found.items():
        assert f"This is the {titles[listed[key]['edition']]} edition." in " ".join(words(message).split())


def test_a_key_customer_has_the_account_manager_and_nobody_else_has(sample_copy: Path) -> None:
    programme = yaml.load((ROOT / "members/programme.yaml").read_text("utf-8"), yaml.BaseLoader)
    phones = {manager["key"]: manager["phone"] for manager in programme["account managers"]}
    people, found = members(), messages(sample_copy)
    for key, message in found.items():
        is_key = people[key].get("key customer") == "true"
        own = {phones[people[key]["account manager"]]} if is_key else set()
        assert {phone for phone in phones.values() if phone in words(message)} == own, key
    assert {people[key].get("key customer") for key in found} == {"true", None}


@pytest.mark.long
def test_a_mailing_after_the_issues_day_has_no_ended_offer_and_no_past_event(
    mail_command: Portal, project: Path
) -> None:
    ended = ("Five euro off the second Slack Water", "Nine cups before Advent Sunday")  # until 30 November; 5 December
    mail_command("winter-2026")
    assert [title for title in ended if title not in text_of(messages(project)["M-1001"])] == []
    mail_command("winter-2026", day="2026-12-06")
    assert [title for title in ended if title in text_of(messages(project)["M-1001"])] == []


@pytest.mark.long
def test_subject_and_preheader_are_the_editors(mail_command: Portal, project: Path) -> None:
    issue = project / "content/newsletters/winter-2026.md"
    edit(issue, "Number: 15", "Number: 15\nSubject: Why the espresso was thin\nPreheader: And five promises")
    assert mail_command("winter-2026").exit_code == 0
    message = messages(project)["M-1001"]
    assert message["Subject"] == "Why the espresso was thin"
    assert "And five promises" in words(message)
    edit(issue, "Subject: Why", 'Subject: "Why\\n')
    edit(issue, "was thin", 'was thin"')
    result = mail_command("winter-2026")
    assert result.exit_code == 3
    assert "content/newsletters/winter-2026.md:7:10: subject" in result.output
    assert "text in one line" in result.output


@pytest.mark.long
def test_a_tier_that_may_not_read_an_issue_gets_none(mail_command: Portal, project: Path) -> None:
    edit(project / "content/newsletters/winter-2026.md", "Audience: members", "Audience: gold+")
    mail_command("winter-2026")
    assert {rows(project)[key]["edition"] for key in messages(project)} == {"gold", "platinum", "staff"}
    reasons = {row["left_out"] for row in rows(project).values() if row["edition"] in ("member", "silver")}
    assert reasons == {"has not agreed to e-mail", "reads an edition that has no such issue"}


@pytest.mark.long
def test_nobody_gets_an_issue_before_its_day(mail_command: Portal, project: Path) -> None:
    assert mail_command("winter-2026", day="2026-11-19").exit_code == 0
    assert messages(project) == {}
    assert "reads an edition in which it is not out yet, or over" in {row["left_out"] for row in rows(project).values()}


@pytest.mark.long
def test_who_takes_back_their_consent_has_no_message_left_in_the_folder(mail_command: Portal, project: Path) -> None:
    mail_command("winter-2026")
    assert "M-1001" in messages(project)
    edit(project / "members/members.yaml", "{post: true, email: true, phone: false}", "{post: true, phone: false}")
    mail_command("winter-2026")
    assert "M-1001" not in messages(project)
    assert rows(project)["M-1001"]["left_out"] == "has not agreed to e-mail"


@pytest.mark.long
def test_an_address_that_cannot_be_written_to_is_a_reason(mail_command: Portal, project: Path) -> None:
    edit(project / "members/members.yaml", "maya.okafor@post.example", "maya,okafor@post.example")
    result = mail_command("winter-2026")
    reason = "has an e-mail address that can't be written to"
    assert rows(project)["M-1001"]["left_out"] == reason
    assert f"members.yaml:11:10: left out: no e-mail to member M-1001, who {reason}" in result.output


@pytest.mark.long
def test_one_name_with_a_line_break_stops_nobodys_mail(mail_command: Portal, project: Path) -> None:
    mail_command("winter-2026")
    before = messages(project)
    edit(project / "members/members.yaml", "given name: Maya", 'given name: "Ma\\nya"')
    result = mail_command("winter-2026")
    assert result.exit_code == 0
    assert rows(project)["M-1001"]["left_out"] == "has a name with a line break or a control character in it"
    assert set(messages(project)) == set(before) - {"M-1001"}
    assert len(before) > 1


FOURTEEN = "Where your fourteen euro go"  # of a report for platinum


def lowered(project: Path) -> None:
    """Let Maya be platinum on the issue's day, and afterwards gold by her ledger."""
    edit(
        project / "members/members.yaml",
        "joined: 2021-05-30",
        f"joined: 2021-05-30\n  tier: platinum\n  tier until: {DAY}",
    )


def text_of(message: EmailMessage) -> str:
    return "".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")


@pytest.mark.long
def test_after_a_downgrade_a_message_has_nothing_above_the_present_tier(mail_command: Portal, project: Path) -> None:
    lowered(project)
    assert mail_command("winter-2026").exit_code == 0
    assert FOURTEEN in text_of(messages(project)["M-1001"])
    assert mail_command("winter-2026", day="2026-11-28").exit_code == 0
    assert FOURTEEN not in text_of(messages(project)["M-1001"])


def test_a_message_above_the_present_tier_is_a_leak(
    mail_command: Portal, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lowered(project)
    monkeypatch.setattr(print_contents, "_still_visible", lambda edition, _reader, _on: edition)
    result = mail_command("winter-2026", day="2026-11-28")
    assert result.exit_code == 4
    assert "the e-mail for edition gold holds the title of reports/where-your-fourteen-euro-go.md" in result.output
    assert not (project / ".build/mail/winter-2026").exists()


# Files of the folder


def test_everything_is_private(sample_copy: Path) -> None:
    folder = sample_copy / ".build/mail/winter-2026"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert [path for path in folder.parent.iterdir() if path.name != "winter-2026"] == []


@pytest.mark.long
def test_the_same_inputs_make_the_same_bytes_also_on_another_day(mail_command: Portal, project: Path) -> None:
    def made() -> dict[str, bytes]:
        folder = project / ".build/mail/winter-2026"
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    mail_command("winter-2026", TZ="Asia/Tokyo", LANG="C")
    first = made()
    mail_command("winter-2026", day="2026-11-22", TZ="UTC", LANG="de_DE.UTF-8")
    assert made() == first
    assert read(first["M-1001.eml"])["Date"] is None  # added when the message is sent


@pytest.mark.long
def test_per_edition_there_is_a_message_each_with_nobody_in_it(mail_command: Portal, project: Path) -> None:
    result = mail_command("winter-2026", "--per-edition")
    found = messages(project, "winter-2026-editions")
    assert set(found) == {"member", "silver", "gold", "platinum", "staff"}
    assert "5 messages" in result.output
    for message in found.values():
        assert (message["To"], message["List-Unsubscribe"]) == (None, None)
        assert [address for address in addresses() if address in words(message)] == []
        assert "Good to see you" not in words(message)
        assert words(message).count("{{unsubscribe}}") == 2  # plain text and HTML
    assert "Your provider must replace {{unsubscribe}}" in result.output


# Sending


@pytest.mark.long
def test_without_send_no_connection_is_made(mail_command: Portal, mail_server: MailHost) -> None:
    result = mail_command("winter-2026", PORTAL_SMTP=f"smtp://127.0.0.1:{mail_server.port}")
    assert (
        f"Nothing was sent. --send hands {len(addresses())} messages to 127.0.0.1:{mail_server.port}" in result.output
    )
    assert mail_server.connections == 0
    assert "nothing could be: PORTAL_SMTP isn't set" in mail_command("winter-2026", PORTAL_SMTP="").output


@pytest.mark.long
def test_sent_everybody_gets_the_message_of_the_folder_once(
    mail_command: Portal, project: Path, mail_server: MailHost
) -> None:
    where = f"smtp://127.0.0.1:{mail_server.port}"
    moments = ("2026-12-02T08:30+00:00", "2026-12-03T08:30+00:00")
    first, second = (mail_command("winter-2026", "--send", PORTAL_SMTP=where, PORTAL_NOW=now) for now in moments)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert sorted(mail_server.recipients) == addresses()
    written = {read(data)["To"].addresses[0].addr_spec: data for data in eml(project)}
    dated = {address: b"Date: Wed, 02 Dec 2026 08:30:00 +0000\r\n" + data for address, data in written.items()}
    assert dict(mail_server.delivered) == dated
    assert f"Sent: {len(addresses())} messages." in first.output
    assert f"Sent: 0 messages, {len(addresses())} were sent earlier." in second.output
    assert stat.S_IMODE((project / ".portal/sent/winter-2026.log").stat().st_mode) == 0o600


def eml(project: Path) -> list[bytes]:
    return [file.read_bytes() for file in (project / ".build/mail/winter-2026").glob("*.eml")]


@pytest.mark.long
def test_cleaning_up_moving_the_site_and_new_words_send_nobody_a_second_time(
    mail_command: Portal, project: Path, mail_server: MailHost
) -> None:
    where = f"smtp://127.0.0.1:{mail_server.port}"
    mail_command("winter-2026", "--send", PORTAL_SMTP=where)
    shutil.rmtree(project / ".build")
    edit(project / "content/newsletters/winter-2026.md", "Warm hands", "Warmer hands")
    mail_command("winter-2026", "--send", "--siteurl", "https://elsewhere.example", PORTAL_SMTP=where)
    assert sorted(mail_server.recipients) == addresses()


@pytest.mark.long
def test_who_is_refused_is_named_by_id_and_the_command_fails(mail_command: Portal, mail_server: MailHost) -> None:
    mail_server.on_recipient = lambda address: "550 5.1.1 <maya> no such user" if address.startswith("maya.") else OK
    result = mail_command("winter-2026", "--send", PORTAL_SMTP=f"smtp://127.0.0.1:{mail_server.port}")
    assert result.exit_code == 1
    assert "The server refused 1: M-1001 (550 5.1.1)." in result.output
    assert sorted(mail_server.recipients) == [address for address in addresses() if not address.startswith("maya.")]


@pytest.mark.long
def test_nobodys_name_or_address_is_printed(mail_command: Portal, mail_server: MailHost) -> None:
    mail_server.on_recipient = lambda address: f"550 {address}" if address.startswith("maya.") else OK
    result = mail_command("winter-2026", "--send", PORTAL_SMTP=f"smtp://127.0.0.1:{mail_server.port}")
    for member in members().values():
        for private in (member.get("email"), member.get("family name"), member["formal name"]):
            assert not private or private not in result.output


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "complaint"),
    quick_first(
        [
            (["winter-2026", "--send"], {}, 1, "PORTAL_SMTP isn't set"),
            (["winter-2026"], {"PORTAL_SMTP": "smtp://club@mail.example"}, 1, "PORTAL_SMTP_PASSWORD is not set"),
            (["winter-2026"], {"PORTAL_SMTP": "smtp://club:t0psecret@mail.example"}, 1, "has a password in it"),
            (["winter-2026"], {"PORTAL_SMTP": "mail.example"}, 1, "is no address such as"),
            (["winter-2025"], {}, 1, "no newsletter is called 'winter-2025'"),
            (["winter-2026", "--send", "--per-edition"], {}, 2, "--per-edition is for a provider"),
            (["winter-2026", "--again"], {}, 2, "--again goes with --send"),
            (["winter-2026", "--per-minute", "-1"], {}, 2, "--per-minute"),
            (["winter-2026", "--per-minute", "nan"], {}, 2, "'nan' is not a valid number"),
        ],
        2,
    ),
)
def test_what_cannot_be_done_is_said_before_anything_is(
    mail_command: Portal, project: Path, arguments: list[str], environ: dict[str, str], code: int, complaint: str
) -> None:
    result = mail_command(*arguments, **environ)
    assert result.exit_code == code
    assert complaint in result.output
    assert "t0psecret" not in result.output
    assert not (project / ".build" / "mail").exists()


def test_nothing_is_sent_ahead_of_time(mail_command: Portal, mail_server: MailHost) -> None:
    result = mail_command("winter-2026", "--send", day="2199-01-01", PORTAL_SMTP=f"smtp://127.0.0.1:{mail_server.port}")
    assert result.exit_code == 1
    assert "2199-01-01 has not come yet" in result.output
    assert mail_server.connections == 0


@pytest.mark.long
def test_a_wrong_setting_of_the_site_is_named(mail_command: Portal, project: Path) -> None:
    with (project / "pelicanconf.py").open("a", encoding="utf-8") as file:
        file.write('\nPORTAL_MAIL = {"unsubscribe": "http://list.example/"}\n')
    shutil.move(project / "pelicanconf.py", project / "ownconf.py")
    edit(project / "publishconf.py", "from pelicanconf import *", "from ownconf import *")
    result = mail_command("winter-2026")
    assert result.exit_code == 1
    assert "PORTAL_MAIL: `unsubscribe` must be an https:// address with {token}" in result.output
