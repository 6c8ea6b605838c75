"""What SMTP_URL and MAIL_FROM say: the mail server, how to log in there, what keeps the connection private, and whom
mail comes from."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from fundraising.people import emails
from fundraising.refusals import NotAnEmailAddress
from letters.mail.message import Sender

PORTS = {"smtp": 587, "smtps": 465}
NAME = "TrustVoice"
USABLE = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # printable ASCII around the only @
HOST = re.compile(r"[A-Za-z0-9._:-]+")
UNREADABLE = (
    "must be like smtp://user:password@mail.example.org:587, or smtps:// for TLS from the start; in user and password "
    "@ is written %40, : %3A, / %2F, # %23 and ? %3F"
)


class Privacy(StrEnum):
    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"  # asked for, and without it nothing is sent
    NONE = "none"  # to this very machine, whose mail server mostly has a certificate that nobody vouches for


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    privacy: Privacy
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def domain(self) -> str:
        """What stands behind the @ of an address there."""
        try:
            ip_address(self.host)
        except ValueError:
            return self.host
        return f"[{self.host}]"

    @property
    def own_address(self) -> str:
        """Of whom mail comes that says nothing else: the user, who mostly is an address already."""
        if self.user and "@" in self.user:
            return self.user
        return f"{self.user or 'trustvoice'}@{self.domain}"


def parse(url: str) -> SmtpServer:
    """Raises ValueError with the rest of a sentence, and with nothing of the value."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # quotes what it could not read
        raise ValueError(UNREADABLE) from None
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not HOST.fullmatch(host) or re.search(r"[?#\s]", url) or parts.path.strip("/"):
        raise ValueError(UNREADABLE)
    if bool(parts.username) != bool(parts.password):
        raise ValueError("must have both a user and a password, or neither")
    user, password = login(parts)
    return SmtpServer(host, port or PORTS[parts.scheme], privacy_of(parts.scheme, host), user, password)


def login(parts: SplitResult) -> tuple[str | None, str | None]:
    if not parts.username or not parts.password:
        return None, None
    return unquote(parts.username), unquote(parts.password)


def privacy_of(scheme: str, host: str) -> Privacy:
    if scheme == "smtps":
        return Privacy.TLS
    return Privacy.NONE if is_here(host) else Privacy.STARTTLS


def is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sender_of(mail_from: str | None, server: SmtpServer) -> Sender:
    """`mail_from`: an address, or `Name <address>`. Raises ValueError with the rest of a sentence."""
    if mail_from is None:
        if not USABLE.fullmatch(server.own_address):
            raise ValueError("is missing, and the user in SMTP_URL makes no address")
        return Sender(NAME, server.own_address)
    name, address = parseaddr(mail_from)
    try:
        return Sender(name or NAME, emails.parse(address).text)
    except NotAnEmailAddress:
        raise ValueError("must be like receipts@example.org, or like Maji Safi <receipts@example.org>") from None
