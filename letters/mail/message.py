"""A letter in its envelope, as mail servers and mail programs know it.

The block of headers is written here and not by Python's parser of headers, which would read what people wrote: in a
title that looks like an encoded word (`=?utf-8?q?=0d=0a…?=`) Python 3.11 and 3.12 find ends of lines, and so headers.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from letters.mail.letter import Letter

PLAIN = re.compile(r"(?!.*=\?)[ -~]*")  # needs no encoding, and is not taken for encoded
WORDS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*")  # RFC 5322's atoms
QUOTED = str.maketrans({'"': r"\"", "\\": r"\\"})
LINE = re.compile(r"[ -~\t]*")


class BadEnvelope(Exception):
    """A header would have become another one, or two."""


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Mail:
    headers: bytes
    content: bytes

    def as_bytes(self) -> bytes:
        return self.headers + self.content


def message(letter: Letter, sender: Sender, to: str, message_id: str, at: datetime) -> Mail:
    """`message_id`: without the domain; the same for the same mail, so that a second copy is known as one.

    Raises BadEnvelope.
    """
    written = {
        "From": f"{phrase('From', sender.name)} <{sender.address}>",
        "To": to,
        "Subject": encoded("Subject", letter.subject),
        "Date": format_datetime(at),
        "Message-ID": f"<{message_id}@{sender.domain}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: holiday notices do not answer it
        "MIME-Version": "1.0",
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in written.items())
    check(block, list(written))
    return Mail(block.encode("ascii"), content_of(letter))


def content_of(letter: Letter) -> bytes:
    """Both kinds of the text, with the one header that says so."""
    made = EmailMessage(policy=SMTP)
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    del made["MIME-Version"]
    return made.as_bytes()


def encoded(name: str, text: str) -> str:
    """RFC 2047, folded. What is plain and short stays as it is."""
    return Header(text, None if PLAIN.fullmatch(text) else "utf-8", header_name=name).encode(linesep="\r\n")


def phrase(name: str, text: str) -> str:
    """What stands before an address."""
    if not PLAIN.fullmatch(text):
        return encoded(name, text)
    return text if WORDS.fullmatch(text) else f'"{text.translate(QUOTED)}"'


def check(block: str, names: list[str]) -> None:
    """Exactly these headers, one after the other, in printable ASCII. Raises BadEnvelope."""
    *lines, rest = block.split("\r\n")
    begun = [line.partition(":")[0] for line in lines if not line.startswith((" ", "\t"))]
    if rest or begun != names or not all(line.strip() and LINE.fullmatch(line) for line in lines):
        raise BadEnvelope(f"the headers of a mail would be {begun}")
