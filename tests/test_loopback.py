"""Loopback addresses are recognised without a name lookup; a name of another machine never passes for one."""

from __future__ import annotations

import pytest

from members_portal.loopback import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "::1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "portal.localhost", "mail.example", "127.0.0.1.mail.example", "localhost.mail.example", "10.0.0.1", "0.0.0.0"],
)
def test_another_machine(host: str) -> None:
    assert not is_loopback(host)
