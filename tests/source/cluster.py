"""A PostgreSQL server for the tests: a new cluster in a temporary folder, on a Unix socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=''", "shared_buffers=32MB")


@contextmanager
def cluster(*more: str) -> Iterator[str]:
    """Start a server with additional settings and yield the folder of its socket; delete the cluster afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path may have 107 letters
    try:
        hand_over(folder)
        data, log = folder / "data", folder / "log"
        secret = f"--pwfile={_password(folder)}"
        _run("initdb", "-D", data, "-U", "portal", "--auth=scram-sha-256", secret, "-E", "UTF8", "--no-sync")
        settings = " ".join(f"-c {setting}" for setting in (*QUICK, *more, f"unix_socket_directories={folder}"))
        _run("pg_ctl", "-D", data, "-l", log, "-o", settings, "-w", "start")
        try:
            yield str(folder)
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def certificate(folder: Path) -> list[str]:
    """Make a self-signed certificate for a server; return the server's settings for TLS."""
    key, signed = folder / "server.key", folder / "server.crt"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=db.example"]
    subprocess.run([*command, "-keyout", key, "-out", signed], check=True, capture_output=True)
    key.chmod(0o600)
    for path in (folder, key, signed):
        hand_over(path)
    return ["ssl=on", f"ssl_key_file={key}", f"ssl_cert_file={signed}"]


def _password(folder: Path) -> Path:
    file = folder / "password"
    file.write_text("hunter2\n")
    hand_over(file)
    return file


def hand_over(path: Path) -> None:
    """Change the owner of a path to the user that runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(path, user.pw_uid, user.pw_gid)


def _run(command: str, *arguments: object) -> None:
    program = sorted(glob(f"/usr/lib/postgresql/*/bin/{command}"))[-1]
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_user, program, *map(str, arguments)], cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
