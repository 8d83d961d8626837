"""Sends what lies in a folder, as a process of its own that a test may kill: FOLDER PORT [again]."""

from __future__ import annotations

import sys
from pathlib import Path

from members_portal.newsletter.mail.delivery import Envelope, SmtpDelivery
from members_portal.newsletter.mail.sending_limits import SendingLimits
from members_portal.newsletter.mail.sent_log import open_log
from members_portal.newsletter.mail.smtp_server import Security, SmtpServer


def envelopes(folder: Path) -> list[Envelope]:
    """Address the messages of a folder by their names."""
    names = sorted(file.stem for file in folder.glob("*.eml"))
    return [
        Envelope(name, f"name-of-{name}", "club@house.example", f"{name.lower()}@post.example", folder / f"{name}.eml")
        for name in names
    ]


def main(folder: Path, port: int, again: bool) -> int:
    delivery = SmtpDelivery(SmtpServer("127.0.0.1", port, None, Security.NONE), limits=SendingLimits(waits=(0, 0, 0)))
    with open_log(folder / "sent" / "log") as log:
        report = delivery.send(envelopes(folder), log, again=again)
    print(report)
    return 0 if report.complete else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), "again" in sys.argv))
