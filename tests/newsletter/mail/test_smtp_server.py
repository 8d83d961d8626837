"""The SMTP server: the meaning of its address."""

from __future__ import annotations

import pytest

from members_portal.newsletter.mail.mail_error import MailError
from members_portal.newsletter.mail.smtp_server import Security, SmtpServer, is_loopback, read_server


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://club@mail.example", SmtpServer("mail.example", 587, "club", Security.STARTTLS)),
        ("smtp://mail.example:25/", SmtpServer("mail.example", 25, None, Security.STARTTLS)),
        (
            "smtps://club%40house.example@mail.example",
            SmtpServer("mail.example", 465, "club@house.example", Security.TLS),
        ),
        ("smtp://localhost:2525", SmtpServer("localhost", 2525, None, Security.NONE)),
        ("smtp://127.0.0.1", SmtpServer("127.0.0.1", 587, None, Security.NONE)),
        ("smtp://[::1]:25", SmtpServer("::1", 25, None, Security.NONE)),
        ("smtps://127.0.0.1", SmtpServer("127.0.0.1", 465, None, Security.TLS)),
    ],
)
def test_an_address_says_where_and_how_privately(address: str, server: SmtpServer) -> None:
    assert read_server(address) == server


@pytest.mark.parametrize(
    "host", ["mail.example", "127.0.0.1.mail.example", "localhost.mail.example", "10.0.0.1", "0.0.0.0"]
)
def test_no_name_of_another_machine_goes_without_encryption(host: str) -> None:
    assert not is_loopback(host)
    assert read_server(f"smtp://{host}").security is Security.STARTTLS


@pytest.mark.parametrize(
    "address",
    ["mail.example:587", "http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://mail.example/inbox",
     "smtp://mail.example?starttls=no", "smtp://[::1"],
)  # fmt: skip
def test_any_other_address_is_refused_with_one_that_works(address: str) -> None:
    with pytest.raises(MailError, match=r"smtp://user@mail\.example:587"):
        read_server(address)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(MailError, match="PORTAL_SMTP_PASSWORD") as error:
        read_server("smtp://club:t0psecret@mail.example")
    assert "t0psecret" not in str(error.value)
