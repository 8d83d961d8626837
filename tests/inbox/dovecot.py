"""A private IMAP server: Dovecot of Debian on a loopback port, with its own configuration and folders."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path

import pytest

from tests.newsletter.mail_host import Certificates, free_port, make_certificates

DOVECOT = "/usr/sbin/dovecot"
DELIVERY = "/usr/lib/dovecot/dovecot-lda"
MISSING = "Dovecot is missing. Type: apt-get install --yes --no-install-recommends dovecot-imapd"
USER, PASSWORD = "club", "four-lamps"
UNPRIVILEGED = 65534  # nobody: Dovecot reads no mail as root
SECONDS = 20  # until it answers

CONFIGURATION = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/server.pem
ssl_key = <{root}/server.pem
disable_plaintext_auth = no
first_valid_uid = 1
default_internal_user = {service_user}
default_login_user = {login_user}
default_internal_group = {group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
mail_location = maildir:~/Maildir
{more}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server."""

    port: int
    tls_port: int
    certificates: Certificates
    configuration: Path

    def connect(self) -> IMAP4:
        """Sign in, as a mail program does."""
        found = IMAP4("127.0.0.1", self.port)
        found.login(USER, PASSWORD)
        return found

    def deliver(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails into a folder."""
        with self.connect() as connection:
            for mail in mails:
                state, said = connection.append(folder, "", "", mail)
                assert state == "OK", said

    def deliver_as_mail_servers_do(self, mail: bytes) -> int:
        """Hand a mail to Dovecot's local delivery agent, as an SMTP server does; return its exit code."""
        command = [DELIVERY, "-c", str(self.configuration), "-d", USER]
        return subprocess.run(command, input=mail, capture_output=True, check=False).returncode

    def sign_ins(self, least: int = 0) -> list[bool]:
        """Return whether each sign-in was encrypted, once the log has so many: the server writes it later."""
        end = time.monotonic() + SECONDS
        while True:
            log = self.configuration.with_name("log").read_text()
            found = [", TLS" in line for line in log.splitlines() if "Login: user=" in line]
            if len(found) >= least:
                return found
            assert time.monotonic() < end, log
            time.sleep(0.02)

    def flags(self, folder: str = "INBOX") -> list[str]:
        """Return the flags of each mail in a folder."""
        with self.connect() as connection:
            connection.select(folder, readonly=True)
            _, found = connection.fetch("1:*", "(FLAGS)")
            return [
                line.decode().partition("FLAGS (")[2].partition(")")[0] for line in found if isinstance(line, bytes)
            ]


@contextmanager
def dovecot(more: str = "", files: Mapping[str, str] = {}) -> Iterator[Dovecot]:
    """Start a server of one's own; `more` is added to its configuration, `files` are laid beside it."""
    if not os.path.exists(DOVECOT):
        pytest.fail(MISSING)
    root = Path(tempfile.mkdtemp(prefix="dovecot-"))  # a short path: names of sockets have at most 107 characters
    try:
        for name, text in files.items():
            (root / name).write_text(text)
            (root / name).chmod(0o644)
        server = _configure(root, more.replace("{root}", str(root)))
        with subprocess.Popen([DOVECOT, "-F", "-c", str(server.configuration)], stderr=subprocess.PIPE) as process:
            try:
                _wait(process, server, root)
                server.sign_ins(1)
                yield server
            finally:
                process.terminate()
                process.wait(timeout=SECONDS)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _configure(root: Path, more: str) -> Dovecot:
    root.chmod(0o755)
    is_root = os.getuid() == 0
    uid, gid = (UNPRIVILEGED, UNPRIVILEGED) if is_root else (os.getuid(), os.getgid())
    (root / "mail").mkdir()
    os.chown(root / "mail", uid, gid)
    me, group = _names()
    server = Dovecot(free_port(), free_port(), make_certificates(root), root / "dovecot.conf")
    server.configuration.write_text(
        CONFIGURATION.format(
            root=root,
            service_user="dovecot" if is_root else me,
            login_user="dovenull" if is_root else me,
            group="dovecot" if is_root else group,
            port=server.port,
            tls_port=server.tls_port,
            password=PASSWORD,
            uid=uid,
            gid=gid,
            more=more,
        )
    )
    return server


def _names() -> tuple[str, str]:
    return pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name


def _wait(process: subprocess.Popen[bytes], server: Dovecot, root: Path) -> None:
    end = time.monotonic() + SECONDS
    while True:
        with suppress(OSError, IMAP4.error):
            server.connect().logout()
            return
        log = root / "log"
        assert process.poll() is None, log.read_text() if log.exists() else "no log"
        assert time.monotonic() < end, log.read_text() if log.exists() else "no log"
        time.sleep(0.02)
