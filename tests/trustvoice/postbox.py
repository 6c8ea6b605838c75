"""A mail server in the test's hand: takes every mail, unless it is told what to answer."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"
HANG_UP = "hang up"  # having taken the mail, and before saying so


@dataclass
class Postbox:
    user: str | None = None
    password: str | None = None
    to_recipients: deque[str] = field(default_factory=deque)  # answers, in turn
    to_senders: deque[str] = field(default_factory=deque)
    to_mails: deque[str] = field(default_factory=deque)
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)
    port: int = 0
    server: asyncio.Server | None = None

    async def open(self) -> "Postbox":
        """On the port that it had before."""
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self._session, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        if self.server:
            self.server.close()
            await self.server.wait_closed()

    @property
    def url(self) -> str:
        login = f"{self.user}:{self.password}@" if self.user else ""
        return f"smtp://{login}127.0.0.1:{self.port}"

    def _session(self) -> SMTP:
        needs = self.user is not None
        return SMTP(
            self,
            hostname="postbox.example.org",
            auth_required=needs,
            auth_require_tls=False,
            authenticator=self._admits if needs else None,
        )

    def _admits(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == ((self.user or "").encode(), (self.password or "").encode())
        return AuthResult(success=right, handled=right)

    async def handle_MAIL(  # noqa: N802 aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.to_senders.popleft() if self.to_senders else OK
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.to_recipients.popleft() if self.to_recipients else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's
        answer = self.to_mails.popleft() if self.to_mails else OK
        if answer in (OK, HANG_UP):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if answer == HANG_UP:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer


@asynccontextmanager
async def opened(user: str | None = None, password: str | None = None) -> AsyncIterator[Postbox]:
    postbox = await Postbox(user, password).open()
    yield postbox
    await postbox.close()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body
    return str(body.get_content())
