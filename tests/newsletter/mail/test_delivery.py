"""Messages sent to a real SMTP server: each at most once, for every reply, and when the client or the server dies."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from members_portal.newsletter.mail.delivery import DeliveryReport, SmtpDelivery
from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.sending_limits import MonotonicClock, SendingLimits
from members_portal.newsletter.mail.sent_log import SENT, TRYING, open_log
from members_portal.newsletter.mail.smtp_server import Security, SmtpServer
from tests.long_cases import quick_and_long
from tests.newsletter.mail_host import HOST, LOST, OK, Certificates, MailHost, mail_host, make_certificates
from tests.newsletter.sending import envelopes

ROOT = Path(__file__).parents[3]
MEMBERS = [f"M-{number}" for number in range(1, 9)]
ADDRESSES = [f"{member.lower()}@post.example" for member in MEMBERS]
AT_ONCE = SendingLimits(waits=(0, 0, 0))
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # on this machine only


@dataclass
class Passing:
    """A clock that advances only in `sleep`."""

    moment: float = 0
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.moment += seconds
        self.waits.append(seconds)

    @property
    def clock(self) -> MonotonicClock:
        return MonotonicClock(lambda: self.moment, self.sleep)


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    for member in MEMBERS:
        (tmp_path / f"{member}.eml").write_bytes(f"Subject: {member}\r\n\r\n.a dot\r\n.\r\n..\r\nEnd\r\n".encode())
    return tmp_path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def send(folder: Path, host: MailHost, limits: SendingLimits = AT_ONCE, again: bool = False) -> DeliveryReport:
    delivery = SmtpDelivery(SmtpServer(HOST, host.port, None, Security.NONE), limits=limits)
    with open_log(folder / "sent" / "log") as log:
        return delivery.send(envelopes(folder), log, again=again)


def once(step: str, *addresses: str) -> Callable[[str], str]:
    """Answer so the first time each of these is asked for."""
    asked: set[str] = set()

    def answer(address: str) -> str:
        first = address in addresses and address not in asked
        asked.add(address)
        return step if first else OK

    return answer


def always(step: str, *addresses: str) -> Callable[[str], str]:
    return lambda address: step if address in addresses else OK


# What the server answers


def test_everybody_gets_their_own_message_over_one_connection(messages: Path, mail_server: MailHost) -> None:
    delivery = send(messages, mail_server)
    assert delivery == DeliveryReport(sent=MEMBERS)
    assert mail_server.recipients == ADDRESSES
    assert mail_server.connections == 1


def test_a_message_arrives_to_the_byte_dots_and_all(messages: Path, mail_server: MailHost) -> None:
    send(messages, mail_server)
    assert [data for _, data in mail_server.delivered] == [
        (messages / f"{member}.eml").read_bytes() for member in MEMBERS
    ]


def test_a_message_is_dated_at_its_transmission(messages: Path, mail_server: MailHost) -> None:
    first = datetime(2026, 11, 28, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    moments = iter([first, *(first + timedelta(days=1, minutes=number) for number in range(len(MEMBERS)))])
    mail_server.on_message = once("451 4.7.1 greylisted, come back later", ADDRESSES[0])
    server = SmtpServer(HOST, mail_server.port, None, Security.NONE)
    with open_log(messages / "sent" / "log") as log:
        SmtpDelivery(server, limits=AT_ONCE, now=lambda: next(moments)).send(envelopes(messages), log)
    data = dict(mail_server.delivered)
    assert data["m-2@post.example"].startswith(b"Date: Sun, 29 Nov 2026 09:30:00 +0100\r\nSubject: M-2\r\n")
    assert data["m-1@post.example"].startswith(
        b"Date: Sun, 29 Nov 2026 09:37:00 +0100\r\n"
    )  # of the round that succeeded
    assert data["m-2@post.example"].endswith((messages / "M-2.eml").read_bytes())
    assert {message.count(b"Date: ") for message in data.values()} == {1}


def test_a_second_run_sends_nothing(messages: Path, mail_server: MailHost) -> None:
    send(messages, mail_server)
    assert send(messages, mail_server, again=True) == DeliveryReport(already=MEMBERS)
    assert mail_server.recipients == ADDRESSES


@pytest.mark.parametrize("step", ["on_recipient", "on_message"])
def test_who_is_refused_is_named_with_the_code_and_the_others_get_theirs(
    messages: Path, mail_server: MailHost, step: str
) -> None:
    setattr(mail_server, step, always("550 5.1.1 <m-3@post.example> is unknown here", ADDRESSES[2]))
    delivery = send(messages, mail_server)
    assert delivery.refused == {"M-3": "550 5.1.1"}
    assert mail_server.recipients == [*ADDRESSES[:2], *ADDRESSES[3:]]
    assert not delivery.complete


def test_who_was_refused_is_tried_anew_in_the_next_run(messages: Path, mail_server: MailHost) -> None:
    mail_server.on_recipient = once("554 relay access denied", *ADDRESSES)
    assert set(send(messages, mail_server).refused) == set(MEMBERS)
    assert send(messages, mail_server).sent == MEMBERS


@pytest.mark.parametrize("step", ["on_recipient", "on_message"])
@pytest.mark.parametrize(
    ("answer", "connections"),
    [("451 4.7.1 greylisted, come back later", 2), ("421 4.3.2 shutting down", 4)],  # after 421 the server hangs up
)
def test_who_is_put_off_gets_theirs_in_a_later_round(
    messages: Path, mail_server: MailHost, step: str, answer: str, connections: int
) -> None:
    setattr(mail_server, step, once(answer, ADDRESSES[1], ADDRESSES[4]))
    delivery = send(messages, mail_server)
    assert sorted(delivery.sent) == MEMBERS
    assert sorted(mail_server.recipients) == ADDRESSES
    assert delivery.complete
    assert mail_server.connections == connections


def test_who_is_put_off_again_and_again_is_left_and_named(messages: Path, mail_server: MailHost) -> None:
    mail_server.on_recipient = always("451 4.7.1 later", ADDRESSES[1])
    passing = Passing()
    delivery = send(messages, mail_server, SendingLimits(clock=passing.clock))
    assert delivery.left == ["M-2"]
    assert len(delivery.sent) == len(MEMBERS) - 1
    assert passing.waits == [0, 10, 60, 300]
    mail_server.on_recipient = always(OK)
    assert send(messages, mail_server).sent == ["M-2"]
    assert sorted(mail_server.recipients) == ADDRESSES


def test_a_connection_lost_before_the_end_of_a_message_costs_nothing(messages: Path, mail_server: MailHost) -> None:
    mail_server.on_recipient = once(LOST, *ADDRESSES[2:4])
    delivery = send(messages, mail_server)
    assert delivery.complete
    assert sorted(mail_server.recipients) == ADDRESSES


def test_a_connection_lost_before_the_answer_leaves_the_message_open_until_somebody_decides(
    messages: Path, mail_server: MailHost
) -> None:
    mail_server.on_message = once(LOST, ADDRESSES[3])
    delivery = send(messages, mail_server)
    assert delivery.unsure == ["M-4"]
    assert not delivery.complete
    assert ADDRESSES[3] not in mail_server.recipients
    assert send(messages, mail_server).unsure == ["M-4"]
    assert send(messages, mail_server, again=True).sent == ["M-4"]
    assert sorted(mail_server.recipients) == ADDRESSES


def test_a_server_that_always_hangs_up_is_left_alone_after_some_rounds(messages: Path, mail_server: MailHost) -> None:
    mail_server.on_recipient = always(LOST, *ADDRESSES)
    assert send(messages, mail_server).left == MEMBERS
    assert mail_server.connections == 3 * 4


def test_without_a_server_everything_is_left(messages: Path, caplog: pytest.LogCaptureFixture) -> None:
    with mail_host() as host:
        pass
    assert send(messages, host).left == MEMBERS
    assert "ConnectionRefusedError" in caplog.text


def test_a_server_that_takes_nothing_from_this_sender_stops_the_run(messages: Path) -> None:
    with mail_host(data_size_limit=1000) as host:
        (messages / "M-1.eml").write_bytes(b"x" * 100 + b"\r\n")
        host.handle_MAIL = refuse_sender  # type: ignore[attr-defined]
        with pytest.raises(MailError, match=r"takes no mail from club@house.example \(550 5.7.1\)"):
            send(messages, host)
        assert host.delivered == []


async def refuse_sender(*_: object) -> str:
    return "550 5.7.1 not yours"


def test_a_rate_is_kept_between_messages_also_when_they_fail(messages: Path, mail_server: MailHost) -> None:
    mail_server.on_recipient = always("550 no", ADDRESSES[0])
    passing = Passing()
    send(messages, mail_server, SendingLimits(per_minute=30, clock=passing.clock))
    assert passing.waits == [0] + [2] * (len(MEMBERS) - 1)


def test_no_address_and_no_word_of_the_server_is_logged(
    messages: Path, mail_server: MailHost, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "members_portal")
    mail_server.on_recipient = always("550 5.1.1 <m-3@post.example> unknown", ADDRESSES[2])
    mail_server.on_message = once(LOST, ADDRESSES[5])
    delivery = send(messages, mail_server)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("members_portal.")]
    assert "@" not in f"{ours} {delivery}" + (messages / "sent" / "log").read_text()


# Privacy of the connection


def connect(
    folder: Path, host: MailHost, certificates: Certificates | None, security: Security, password: str
) -> DeliveryReport:
    trusted = certificates.client if certificates else None
    delivery = SmtpDelivery(SmtpServer(HOST, host.port, "club", security), password, AT_ONCE, trusted)
    with open_log(folder / "sent" / "log") as log:
        return delivery.send(envelopes(folder), log)


def test_over_tls_everybody_gets_theirs(messages: Path, certificates: Certificates) -> None:
    with mail_host(ssl_context=certificates.server, auth=True) as host:
        assert connect(messages, host, certificates, Security.TLS, "right").sent == MEMBERS
        assert host.users == {"club"}


def test_over_starttls_everybody_gets_theirs(messages: Path, certificates: Certificates) -> None:
    with mail_host(tls_context=certificates.server, require_starttls=True, auth=True) as host:
        assert connect(messages, host, certificates, Security.STARTTLS, "right").sent == MEMBERS
        assert host.encrypted == {True}


def test_a_certificate_by_nobody_known_ends_it_before_a_password_is_given(
    messages: Path, certificates: Certificates
) -> None:
    for given, security in (({"ssl_context": certificates.server}, Security.TLS),
                            ({"tls_context": certificates.server}, Security.STARTTLS)):  # fmt: skip
        with mail_host(**given, auth=True) as host, pytest.raises(MailError, match="is not trusted"):
            connect(messages, host, None, security, "right")
        assert host.users == set()


def test_a_server_without_starttls_gets_neither_password_nor_message(
    messages: Path, certificates: Certificates
) -> None:
    with mail_host(auth=True) as host, pytest.raises(MailError, match="offers no STARTTLS"):
        connect(messages, host, certificates, Security.STARTTLS, "right")
    assert (host.users, host.delivered) == (set(), [])


def test_tls_where_there_is_none_is_explained(messages: Path, certificates: Certificates) -> None:
    with mail_host() as host, pytest.raises(MailError, match="smtps:// is for port 465"):
        connect(messages, host, certificates, Security.TLS, "right")


def test_a_wrong_password_ends_it_at_once_and_is_not_repeated(messages: Path, caplog: pytest.LogCaptureFixture) -> None:
    with mail_host(auth=True) as host, pytest.raises(MailError, match=r"refused .* the password \(535\)") as error:
        connect(messages, host, None, Security.NONE, "wr0ng")
    assert "wr0ng" not in str(error.value) + caplog.text
    assert host.connections == 1


def test_a_user_without_a_password_is_refused_before_anything_is_connected() -> None:
    with pytest.raises(MailError, match="PORTAL_SMTP_PASSWORD is not set"):
        SmtpDelivery(SmtpServer("mail.example", 587, "club", Security.STARTTLS))


# Two runs, and runs that die


def test_two_runs_at_once_are_one_too_many(messages: Path, mail_server: MailHost) -> None:
    with open_log(messages / "sent" / "log"), pytest.raises(MailError, match="another run"):
        send(messages, mail_server)
    assert mail_server.delivered == []


def sender_process(folder: Path, host: MailHost) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.newsletter.sending", str(folder), str(host.port)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("at", quick_and_long([0, 3, 7], {3}))
def test_a_run_that_was_killed_goes_on_where_it_stopped(messages: Path, mail_server: MailHost, at: int) -> None:
    running: list[subprocess.Popen[str]] = []

    def kill(address: str) -> str:
        if address == ADDRESSES[at] and running:
            os.kill(running.pop().pid, signal.SIGKILL)
        return OK

    mail_server.on_recipient = kill
    process = started(running, messages, mail_server)
    assert process.wait(30) == -signal.SIGKILL
    assert mail_server.recipients == ADDRESSES[:at]
    delivery = send(messages, mail_server)
    assert (delivery.already, delivery.sent) == (MEMBERS[:at], MEMBERS[at:])
    assert mail_server.recipients == ADDRESSES


def test_a_run_killed_between_a_message_and_its_answer_sends_that_one_no_second_time(
    messages: Path, mail_server: MailHost
) -> None:
    running: list[subprocess.Popen[str]] = []

    def kill(address: str) -> str:
        if address == ADDRESSES[4] and running:
            os.kill(running.pop().pid, signal.SIGKILL)
        return OK

    mail_server.on_message = kill
    process = started(running, messages, mail_server)
    assert process.wait(30) == -signal.SIGKILL
    delivery = send(messages, mail_server)
    assert (delivery.already, delivery.unsure, delivery.sent) == (MEMBERS[:4], ["M-5"], MEMBERS[5:])
    assert mail_server.recipients == ADDRESSES


def started(running: list[subprocess.Popen[str]], folder: Path, host: MailHost) -> subprocess.Popen[str]:
    """Start a run that the server may kill: the server waits until it is known which process that is."""
    process = sender_process(folder, host)
    running.append(process)
    return process


@pytest.mark.long
def test_killed_at_any_moment_and_started_until_done_nobody_gets_two(messages: Path, mail_server: MailHost) -> None:
    for delay in range(60):
        process = sender_process(messages, mail_server)
        try:
            process.wait(0.1 + 0.005 * delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    delivery = send(messages, mail_server)
    assert sorted([*delivery.already, *delivery.unsure, *delivery.sent]) == MEMBERS
    assert len(mail_server.recipients) == len(set(mail_server.recipients))
    assert {f"{member.lower()}@post.example" for member in [*delivery.already, *delivery.sent]} <= set(
        mail_server.recipients
    )


# The log


def test_a_torn_entry_of_the_log_is_as_if_it_had_not_been_written(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with open_log(path) as log:
        log.note("one", SENT)
    path.write_bytes(path.read_bytes() + b"sent tw")
    with open_log(path) as log:
        assert log.states == {"one": SENT}
        log.note("two", TRYING)
    with open_log(path) as log:
        assert log.states == {"one": SENT, "two": TRYING}


def test_the_log_is_private(tmp_path: Path) -> None:
    with open_log(tmp_path / "sent" / "log"):
        assert (tmp_path / "sent").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "sent" / "log").stat().st_mode & 0o777 == 0o600


def test_a_log_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"), open_log(tmp_path / "log"):
        pass


def test_a_log_that_cannot_be_written_stops_the_run_before_the_message_counts(
    messages: Path, mail_server: MailHost
) -> None:
    with open("/dev/full", "wb", buffering=0) as full, open_log(messages / "log") as log:
        log.file = full
        office = SmtpDelivery(SmtpServer(HOST, mail_server.port, None, Security.NONE), limits=AT_ONCE)
        with pytest.raises(MailError, match="No space left"):
            office.send(envelopes(messages), log)
    assert mail_server.delivered == []
