"""A letter in its envelope, as mail servers and mail programs know it."""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from letters.mail.letter import Letter


class Envelope(EmailPolicy):
    """Where Python 3.11 folds a long subject that is not ASCII, it loses blanks and mangles words; its older way of
    encoding headers does not."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name != "Subject" or value.isascii():
            return super().fold_binary(name, value)
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}".encode("ascii")


ENVELOPE = Envelope(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def message(letter: Letter, sender: Sender, to: str, message_id: str, at: datetime) -> EmailMessage:
    """`message_id`: without the domain; the same for the same mail, so that a second copy is known as one."""
    made = EmailMessage(policy=ENVELOPE)
    made["From"] = Address(sender.name, addr_spec=sender.address)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{message_id}@{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices do not answer it
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made
