"""What is written down outside the database, between the commit and the call: enough to make the intent again."""

import logging
from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.journal import Journal
from storage.tables import campaigns
from storage.vault import Vault, WrongKey

log = logging.getLogger(__name__)


class CampaignSeen(msgspec.Struct, frozen=True):
    id: int
    slug: str
    title: str
    goal_minor: int
    currency: str


class PushIntent(msgspec.Struct, frozen=True, tag="push"):
    book: str  # whose database
    at: datetime
    donation_id: int
    reference: str
    campaign: CampaignSeen
    donor_id: int
    donor_chat: bytes | None  # sealed
    language: str | None
    amount_minor: int
    currency: str
    phone: bytes  # sealed
    phone_index: bytes
    token_hash: bytes


class PushAnswered(msgspec.Struct, frozen=True, tag="pushed"):
    """M-Pesa can be asked about a push only by the id that it gave."""

    book: str
    reference: str
    checkout: bytes  # sealed


class PaymentIntent(msgspec.Struct, frozen=True, tag="payment"):
    book: str
    at: datetime
    payout_id: int
    number: int
    originator_id: str
    token_hash: bytes
    campaign: CampaignSeen
    ngo_id: int | None
    batch_id: int | None
    requester_id: int
    approver_ids: list[int]
    names: dict[int, bytes]  # of these people, sealed
    approvals_needed: int
    recipient_name: bytes  # sealed
    phone: bytes  # sealed
    phone_index: bytes
    amount_minor: int
    currency: str
    purpose: str  # in entries of before 0015; from then on it is sealed
    remarks: str
    created_at: datetime
    purpose_sealed: bytes | None = None
    remarks_sealed: bytes | None = None


Entry = PushIntent | PushAnswered | PaymentIntent
DECODER = msgspec.json.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    return msgspec.json.encode(entry)


def decode(line: bytes) -> Entry:
    """Raises msgspec.MsgspecError for a line of a newer program."""
    entry: Entry = DECODER.decode(line)
    return entry


def place(field: str, name: str) -> bytes:
    """`name`: the reference or the OriginatorConversationID of what it tells of."""
    return f"journal.{field}:{name}".encode()


def name_place(originator_id: str, person_id: int) -> bytes:
    return place(f"names.{person_id}", originator_id)


def open_text(vault: Vault, sealed: bytes, where: bytes) -> str:
    """Raises WrongKey. Releases before 0009 sealed without saying what for."""
    try:
        return vault.open_text(sealed, where)
    except WrongKey:
        return vault.open_unbound(sealed).decode()


def words_in(vault: Vault, entry: PaymentIntent) -> dict[str, str]:
    """What people wrote about it. Raises WrongKey."""
    said = {"purpose": (entry.purpose_sealed, entry.purpose), "remarks": (entry.remarks_sealed, entry.remarks)}
    return {
        name: open_text(vault, sealed, place(name, entry.originator_id)) if sealed is not None else plain
        for name, (sealed, plain) in said.items()
    }


def phone_in(vault: Vault, entry: PushIntent | PaymentIntent) -> Msisdn:
    name = entry.reference if isinstance(entry, PushIntent) else entry.originator_id
    return Msisdn(open_text(vault, entry.phone, place("phone", name)))


def campaign_seen(conn: Connection, campaign_id: int) -> CampaignSeen:
    c = campaigns.c
    row = conn.execute(select(c.id, c.slug, c.title, c.goal_minor, c.currency).where(c.id == campaign_id)).one()
    return CampaignSeen(*row)


class IntentLog:
    """Without a journal everything counts as written."""

    def __init__(self, database: Database, journal: Journal | None):
        self._database, self._journal = database, journal

    async def write(self, entry_of: Callable[[Connection], Entry]) -> bool:
        """False: it could not be written, so M-Pesa must not be called."""
        if self._journal is None:
            return True
        try:
            entry = encode(await self._database.read(entry_of))
        except Exception:
            log.exception("an intent could not be read back, so it is not in the journal")
            return False
        return await self._journal.append(entry)
