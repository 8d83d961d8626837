"""The address of an IMAP folder: its meaning, and when a password is encrypted on its way."""

from __future__ import annotations

import pytest

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.inbox.sources.imap_address import ImapAddress, ImapSecurity, read_imap_address


@pytest.mark.parametrize(
    ("address", "meaning"),
    [
        ("imaps://club@mail.example", ImapAddress("mail.example", 993, "club", "INBOX", ImapSecurity.TLS)),
        ("imaps://club@127.0.0.1:1993/A", ImapAddress("127.0.0.1", 1993, "club", "A", ImapSecurity.TLS)),
        ("imap://club@mail.example/A/B", ImapAddress("mail.example", 143, "club", "A/B", ImapSecurity.STARTTLS)),
        (
            "IMAP://c%40x.example@mail.example",
            ImapAddress("mail.example", 143, "c@x.example", "INBOX", ImapSecurity.STARTTLS),
        ),
        ("imap://club@localhost", ImapAddress("localhost", 143, "club", "INBOX", ImapSecurity.NONE)),
        ("imap://club@[::1]:1143", ImapAddress("::1", 1143, "club", "INBOX", ImapSecurity.NONE)),
    ],
)
def test_an_address_says_where_and_how_privately(address: str, meaning: ImapAddress) -> None:
    assert read_imap_address(address) == meaning


@pytest.mark.parametrize("host", ["mail.example", "127.0.0.1.mail.example", "localhost.example", "10.0.0.1", "0.0.0.0"])
def test_no_name_of_another_machine_goes_without_encryption(host: str) -> None:
    assert read_imap_address(f"imap://club@{host}/INBOX").security is ImapSecurity.STARTTLS


@pytest.mark.parametrize(
    "address", ["imap://mail.example", "imap://a@", "imap://a@b:x", "imap://a@b/c?d", "imap://a:b@c"]
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(UnreadableInbox):
        read_imap_address(address)
