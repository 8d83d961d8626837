"""IMAP: a real Dovecot, over TLS and over the loopback address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.inbox.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.inbox.letters import Letter
from tests.inbox.post_office import post_office
from tests.inbox.quay import Quay
from tests.long_cases import quick_first
from tests.newsletter.mail_host import OTHER_NAME
from tests.publish.project import Run

LETTERS = [Letter("forms/tell-us", {"words": f"Lamp {n}"}, "L-101", seed=n) for n in range(3)]
OTHER = b"From: a@post.example\r\nSubject: hello\r\n\r\nno answer in here\r\n"
LARGE = b"Subject: large\r\n\r\n" + b"x" * 76 * 14000


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as found:
        yield found


@pytest.fixture
def mailbox(server: Dovecot, request: pytest.FixtureRequest) -> str:
    """Make a folder for one test."""
    name = request.node.name.replace("[", "-").replace("]", "")[:60]
    with server.connect() as connection:
        connection.create(name)
    return name


def taken(quay: Quay, server: Dovecot, mailbox: str, **environ: str) -> Run:
    run = quay.run(f"imap://{USER}@127.0.0.1:{server.port}/{mailbox}", **{"PORTAL_INBOX_PASSWORD": PASSWORD, **environ})
    assert PASSWORD not in run.text
    return run


def test_answers_are_taken_and_marked_and_nothing_is_seen(quay: Quay, server: Dovecot, mailbox: str) -> None:
    server.deliver(LETTERS[0].mail(), OTHER, LETTERS[1].mail(html=True), LARGE, folder=mailbox)
    run = taken(quay, server, mailbox)
    assert (run.code, run.err) == (0, "set aside:     1  larger than 1 MB: not read\n"), run.text
    assert "2 answers taken from 4 messages" in run.out
    assert [set(flags.split()) - {"\\Recent"} for flags in server.flags(mailbox)] == [{"$PortalTaken"}] * 4
    assert "from 0 messages" in taken(quay, server, mailbox).out
    server.deliver(LETTERS[2].mail(encoding="base64"), folder=mailbox)
    assert "1 answer taken from 1 message" in taken(quay, server, mailbox).out


def test_tls_trusts_only_the_certificate_of_the_server(quay: Quay, server: Dovecot, mailbox: str) -> None:
    server.deliver(LETTERS[0].mail(), folder=mailbox)
    address = f"imaps://{USER}@127.0.0.1:{server.tls_port}/{mailbox}"
    refused = quay.run(address, PORTAL_INBOX_PASSWORD=PASSWORD)
    assert refused.code == 1
    assert "the certificate of the IMAP server is not trusted" in refused.err
    trusted = {"SSL_CERT_FILE": str(server.certificates.authority), "PORTAL_INBOX_PASSWORD": PASSWORD}
    assert "1 answer taken from 1 message" in quay.run(address, **trusted).out


@pytest.mark.long
def test_another_machine_is_asked_for_starttls_and_trusted_by_its_certificate_alone(
    quay: Quay,
) -> None:
    with dovecot() as own:
        own.deliver(LETTERS[0].mail())
        address = f"imap://{USER}@{OTHER_NAME}:{own.port}/INBOX"
        refused = quay.run(address, PORTAL_INBOX_PASSWORD=PASSWORD)
        found = (refused.code, "the certificate of the IMAP server is not trusted" in refused.err)
        assert found == (1, True), refused.text
        trusted = {"SSL_CERT_FILE": str(own.certificates.authority), "PORTAL_INBOX_PASSWORD": PASSWORD}
        run = quay.run(address, **trusted)
        assert "1 answer taken from 1 message" in run.out, run.text
        assert own.sign_ins(3) == [False, False, True]  # those of the start and of the delivery first


def test_without_starttls_no_password_leaves_for_another_machine(quay: Quay) -> None:
    with dovecot("ssl = no\n") as plain:
        before = plain.sign_ins()
        run = quay.run(f"imap://{USER}@{OTHER_NAME}:{plain.port}/INBOX", PORTAL_INBOX_PASSWORD=PASSWORD)
        assert run.code == 1
        assert "the IMAP server offers no STARTTLS, expected imaps://" in run.err
        assert plain.sign_ins() == before


@pytest.mark.long
def test_an_answer_goes_through_an_smtp_server_into_the_mailbox(quay: Quay) -> None:
    with dovecot() as own, post_office(own) as office:
        office.send(LETTERS[0].mail())
        office.send(LETTERS[1].mail(encoding="base64", html=True))
        assert office.recipients == ["club@post.example"] * 2
        assert "2 answers taken from 2 messages" in taken(quay, own, "INBOX").out


@pytest.mark.parametrize(
    ("password", "folder", "said"),
    quick_first(
        [("wrong", "INBOX", "refuses the user or the password"), (PASSWORD, "Nowhere", "has no such folder")], 1
    ),
)
def test_a_refusal_is_told(password: str, folder: str, said: str, quay: Quay, server: Dovecot) -> None:
    run = taken(quay, server, folder, PORTAL_INBOX_PASSWORD=password)
    assert run.code == 1
    assert said in run.err


def test_a_run_that_ends_before_the_commit_marks_nothing(quay: Quay, server: Dovecot, mailbox: str) -> None:
    server.deliver(LETTERS[0].mail(), folder=mailbox)
    quay.inbox.mkdir()
    (quay.inbox / "taken.csv").mkdir()
    run = taken(quay, server, mailbox)
    assert run.code != 0
    assert "$PortalTaken" not in server.flags(mailbox)[0]


@pytest.mark.long
def test_a_flood_of_other_mail_hides_no_answer(quay: Quay, server: Dovecot, mailbox: str) -> None:
    server.deliver(*[OTHER] * 50, LETTERS[0].mail(), *[OTHER] * 50, folder=mailbox)
    assert "1 answer taken from 101 messages" in taken(quay, server, mailbox).out


@pytest.mark.long
def test_where_no_keyword_is_kept_messages_are_moved(quay: Quay) -> None:
    with dovecot(
        "mail_plugins = acl\nplugin {\n  acl = vfile:{root}/rights\n}\n", {"rights": "INBOX owner lrstiek\n"}
    ) as own:
        own.deliver(LETTERS[0].mail(), OTHER)
        assert "1 answer taken from 2 messages" in taken(quay, own, "INBOX").out
        assert len(own.flags("Taken")) == 1
        assert "0 answers taken from 1 message" in taken(quay, own, "INBOX").out
        assert len(own.flags("Taken")) == 1
