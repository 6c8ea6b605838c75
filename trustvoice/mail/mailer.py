"""One mail to the mail server: accepted, refused for good, or worth another try. Each on a connection of its own."""

import asyncio
import logging
import re
from contextlib import suppress

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from letters.mail.message import Mail, Sender
from trustvoice.mail.smtp_url import Privacy, SmtpServer

log = logging.getLogger(__name__)
STEP_S, WHOLE_S = 15.0, 60.0  # well within the lease of the job
SERVER_CLOSES = 421
WANTS_LOGIN = (530, 534, 535, 538)  # RFC 4954
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")  # RFC 3463


class MailDown(Exception):
    """The server is out of reach, or will not have us: no fault of this one mail, however long it lasts."""


class MailDeferred(Exception):
    """The server, or the reader's mailbox, takes this mail later."""


class MailRefused(Exception):
    """The server will never take this mail."""


class Mailer:
    def __init__(self, server: SmtpServer, sender: Sender):
        self.sender = sender
        self._server = server
        self._complaint: str | None = None  # said once, not for each mail

    async def send(self, message: Mail, to: str) -> None:
        """Returns when the server has taken it. Raises MailDown, MailDeferred, MailRefused.

        After MailDown it may have been taken, too: the message sent again is the same, down to its Message-ID.
        """
        try:
            async with asyncio.timeout(WHOLE_S):
                await self._send(message, to)
        except TimeoutError:
            raise MailDown("the mail server took too long") from None
        self._complaint = None

    async def _send(self, message: Mail, to: str) -> None:
        client = await self._connect()
        try:
            await client.sendmail(self.sender.address, [to], message.as_bytes())
        except SMTPRecipientsRefused as refused:
            raise self._outcome(refused.recipients[0]) from None
        except (SMTPDataError, SMTPSenderRefused) as refused:
            raise self._outcome(refused) from None
        except (SMTPException, OSError) as error:
            raise MailDown(in_short(error)) from None
        else:
            with suppress(SMTPException, OSError):  # it is taken, whatever comes now
                await client.quit()
        finally:
            client.close()

    async def _connect(self) -> aiosmtplib.SMTP:
        client = client_to(self._server, self.sender.domain)
        try:
            await client.connect()
        except (SMTPException, OSError) as error:
            if remedy := remedy_of(error):
                self._complain(remedy, error)
            raise MailDown(in_short(error)) from None
        return client

    def _outcome(self, refused: SMTPResponseException) -> Exception:
        if refused.code in WANTS_LOGIN:
            self._complain("Put user and password into SMTP_URL", refused)
            return MailDown(in_short(refused))
        if isinstance(refused, SMTPSenderRefused):
            if refused.code >= 500:
                self._complain("Set MAIL_FROM to an address that this user may send from", refused)
            return MailDown(in_short(refused))
        if refused.code == SERVER_CLOSES:
            return MailDown(in_short(refused))
        return (MailRefused if refused.code >= 500 else MailDeferred)(in_short(refused))

    def _complain(self, remedy: str, error: Exception) -> None:
        if remedy != self._complaint:
            log.error("no e-mail can be sent: %s. %s; until then all mail waits.", in_short(error), remedy)
        self._complaint = remedy


def client_to(server: SmtpServer, own_name: str | None = None, step_s: float = STEP_S) -> aiosmtplib.SMTP:
    """Not connected yet. `own_name`: how we greet the server; else by this machine's name."""
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        local_hostname=own_name,
        use_tls=server.privacy is Privacy.TLS,
        start_tls=server.privacy is Privacy.STARTTLS,
        timeout=step_s,
    )


def remedy_of(error: Exception) -> str | None:
    """For what does not pass by itself. Everything else is an outage like any other."""
    if isinstance(error, SMTPAuthenticationError) and error.code >= 500:
        return "Check user and password in SMTP_URL"
    if "certificate" in str(error).lower():
        return "The mail server's certificate must be valid for the host in SMTP_URL"
    if type(error) is SMTPException or isinstance(error, aiosmtplib.SMTPNotSupported):
        return "The mail server must offer STARTTLS and logging in: try smtps:// or another port in SMTP_URL"
    return None


def in_short(error: Exception) -> str:
    """Without the server's own words: they quote addresses."""
    if isinstance(error, SMTPResponseException):
        enhanced = ENHANCED.search(error.message)
        return f"{type(error).__name__} {error.code}{f' {enhanced[0]}' if enhanced else ''}"
    return type(error).__name__
