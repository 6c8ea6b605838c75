"""A donor's M-Pesa code, put to Transaction Status: what it proves is booked, to the cent, once."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select

from fundraising.chance import RandomBytes
from fundraising.evidence import Evidence, Says, Source
from fundraising.giving import donation as donations
from fundraising.giving.settlement import Settlement
from fundraising.money import Money
from fundraising.news import Alarm, TellOwners
from fundraising.paying import tokens, words
from fundraising.paying.requests import PayingSettings
from fundraising.paying.tasks import CheckClaim
from fundraising.paying.tokens import Purpose
from fundraising.people import phones
from mpesa.msisdn import Msisdn
from mpesa.payouts import MpesaPayouts, StatusQuestion
from mpesa.results import TransactionFact, TransactionStatus
from storage import jobs
from storage.database import Database
from storage.tables import claims, suspense
from storage.vault import Vault

log = logging.getLogger(__name__)
c = claims.c


class ClaimChecks:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        mpesa: MpesaPayouts,
        settlement: Settlement,
        now: Callable[[], datetime],
        random_bytes: RandomBytes,
        settings: PayingSettings,
    ):
        self._database, self._vault, self._mpesa, self._settlement = database, vault, mpesa, settlement
        self._now, self._random_bytes, self._settings = now, random_bytes, settings

    async def check(self, job: CheckClaim, _attempt: int) -> None:
        """The job; M-Pesa answers by a callback."""

        def fn(conn: Connection) -> tuple[str, str]:
            code = conn.scalars(select(c.code).where(c.id == job.claim_id)).one()
            return code, tokens.mint(conn, self._random_bytes, Purpose.STATUS, claim_id=job.claim_id)

        code, token = await self._database.write(fn)
        url = f"{self._settings.status_url}/{token}"
        await self._mpesa.transaction_status(StatusQuestion(None, code, url, url))

    async def take(self, claim_id: int, fact: TransactionFact) -> None:
        """Books what arrived, if it came from the phone of this donation and is not in the books yet.

        Anything less certain is the treasurer's: a code proves that money came, not whose it was.
        """
        item = await self._database.read(lambda conn: self._evidence(conn, claim_id, fact))
        if item is not None:
            await self._settlement.take(item)
            return
        donation_id = await self._database.read(
            lambda conn: conn.scalars(select(c.donation_id).where(c.id == claim_id)).one()
        )
        told = [TellOwners(Alarm.CLAIM, donation_id)]
        await self._database.write(lambda conn: jobs.add(conn, told, self._now()))

    def _evidence(self, conn: Connection, claim_id: int, fact: TransactionFact) -> Evidence | None:
        claim = conn.execute(select(c.donation_id, c.code).where(c.id == claim_id)).one()
        receipt = fact.receipt or claim.code
        if fact.status is not TransactionStatus.COMPLETED or not fact.amount_minor or receipt != claim.code:
            return None
        phone = phones.unseal(self._vault, donations.phone_sealed_of(conn, claim.donation_id))
        if not is_from(phone, fact.debit_party or "") or is_booked(conn, receipt):
            return None
        key = words.key_of("claim", claim_id, receipt, fact.amount_minor)
        amount = Money(fact.amount_minor)
        said = {"donation_id": claim.donation_id, "amount": amount, "receipt": receipt, "code": "0"}
        return Evidence(key, Source.CLAIM, Says.SUCCEEDED, self._now(), **said)


def is_from(phone: Msisdn, payer: str) -> bool:
    """`2547… - NAME`, or `07… - NAME` as seen in 2025. A masked number proves nothing."""
    return payer.split(" ")[0] in (phone.digits, phone.local.replace(" ", ""))


def is_booked(conn: Connection, receipt: str) -> bool:
    credited = conn.scalar(select(donations.d.id).where(donations.d.receipt == receipt))
    return bool(credited or conn.scalar(select(suspense.c.id).where(suspense.c.receipt == receipt)))
