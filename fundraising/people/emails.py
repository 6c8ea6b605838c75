"""E-mail addresses between people, rules and storage: plain ASCII, as every mail server takes it."""

import re
from dataclasses import dataclass

from fundraising.refusals import NotAnEmailAddress
from storage.vault import Vault

LONGEST, LONGEST_LOCAL = 254, 64  # RFC 5321, 4.5.3.1
WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"({WORD}(?:\.{WORD})*)@((?:{LABEL}\.)+(?!\d+\Z){LABEL})")


@dataclass(frozen=True, slots=True, repr=False)
class EmailAddress:
    """It prints masked, so that it can never slip into a log. No blank, line end or comma can be in one: it can
    become neither a second header nor a second recipient."""

    text: str

    def __post_init__(self) -> None:
        found = ADDRESS.fullmatch(self.text)
        if found is None or len(self.text) > LONGEST or len(found[1]) > LONGEST_LOCAL:
            raise NotAnEmailAddress

    def __str__(self) -> str:
        local, _, domain = self.text.partition("@")
        return f"{local[0]}•••@{domain}"

    def __repr__(self) -> str:
        return f"EmailAddress({self})"


def parse(typed: str) -> EmailAddress:
    """Raises NotAnEmailAddress."""
    local, at, domain = typed.strip().rpartition("@")
    return EmailAddress(f"{local}{at}{domain.lower()}")


def seal(vault: Vault, address: EmailAddress, place: bytes) -> bytes:
    return vault.seal_text(address.text, place)


def parse_typed(typed: str | None) -> EmailAddress | None:
    """Raises NotAnEmailAddress."""
    return parse(typed) if typed is not None else None


def seal_any(vault: Vault, address: EmailAddress | None, place: bytes) -> bytes | None:
    return seal(vault, address, place) if address else None


def unseal(vault: Vault, sealed: bytes, place: bytes) -> EmailAddress:
    """Raises WrongKey."""
    return EmailAddress(vault.open_text(sealed, place))
