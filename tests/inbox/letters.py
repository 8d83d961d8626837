"""Answers as a browser sends them: sealed to the project's key, as text, in files and e-mails."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from members_portal.answer.answer import answer_number
from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.answer_text import written_answer
from members_portal.answer.sealed_answer import seal_answer
from members_portal.seal import Secret
from tests.publish.project import MEMBERS, SECRET

WRITTEN = "2026-11-20T09:30"
KEYS = AnswerKeys(Secret(bytes.fromhex(SECRET)))


@dataclass(frozen=True)
class Letter:
    """An answer before it is sealed; `seed` makes two equal answers different."""

    form: str
    values: dict[str, Any]
    member: str | None = None
    written: str = WRITTEN
    about: str | None = None
    by: str | None = None
    seed: int = 0
    version: int = 0
    keys: AnswerKeys = field(default=KEYS, repr=False)

    @property
    def payload(self) -> bytes:
        chosen = hashlib.sha256(f"{self.form}{self.member}{self.seed}{self.values}".encode()).digest()[:16]
        fields = {"form": self.form, "page": f"{self.form}/", "written": self.written, "values": self.values}
        fields["id"] = urlsafe_b64encode(chosen).decode().rstrip("=")
        fields |= {name: text for name in ("member", "about", "by") if (text := getattr(self, name))}
        return json.dumps(fields).encode()

    @property
    def number(self) -> str:
        return answer_number(self.payload)

    @property
    def sealed(self) -> bytes:
        version = self.version or MEMBERS.get(self.member or "", 1)
        key = self.keys.member_key(self.member, version) if self.member else None
        return seal_answer(self.payload, key, self.keys.public_key, self.keys.site)

    @property
    def text(self) -> str:
        return written_answer(self.sealed)

    def mail(self, *, encoding: str = "quoted-printable", html: bool = False) -> bytes:
        """Return an e-mail with the answer, as a mail program may write it."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "a@post.example", "club@x.example", "An answer"
        message.set_content(f"Dear club,\n\n{self.text}\n-- \nsent from a phone", cte=encoding)
        if html:
            message.add_alternative(f"<p>Dear club</p><pre>{self.text}</pre>", subtype="html")
        return message.as_bytes()
