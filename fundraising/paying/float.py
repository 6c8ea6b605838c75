"""What M-Pesa's own accounts hold: told by every result, and asked for. ("Float" is the field's word.)"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert  # prints right on SQLite too

from fundraising.chance import RandomBytes
from fundraising.money import Money
from fundraising.paying import switch, tokens
from fundraising.paying.news import WarnLowFloat
from fundraising.paying.requests import PayingSettings
from fundraising.paying.tasks import AskBalance
from fundraising.paying.tokens import Purpose
from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.refusals import NotJson
from fundraising.tokens import hash_of
from mpesa import callbacks, results
from mpesa.outcome import Failed, Succeeded
from mpesa.payouts import BalanceQuestion, MpesaPayouts
from storage import jobs
from storage.database import Database
from storage.payout_tables import floats

UTILITY = "Utility Account"  # B2C is paid from it


@dataclass(frozen=True, slots=True)
class Held:
    account: str
    available: Money
    seen_at: datetime


class Float:
    def __init__(
        self,
        database: Database,
        mpesa: MpesaPayouts,
        now: Callable[[], datetime],
        random_bytes: RandomBytes,
        settings: PayingSettings,
    ):
        self._database, self._mpesa, self._now = database, mpesa, now
        self._random_bytes, self._settings = random_bytes, settings

    async def held(self) -> list[Held]:
        query = select(floats).order_by(floats.c.account)
        found = await self._database.read(lambda conn: conn.execute(query).all())
        return [Held(row.account, Money(row.available_minor), row.seen_at) for row in found]

    async def ask_anew(self) -> None:
        await self._database.write(lambda conn: jobs.add(conn, [AskBalance()], self._now()))

    async def ask(self, _job: AskBalance, _attempt: int) -> None:
        """The job; M-Pesa answers by a callback."""
        token = await self._database.write(lambda conn: tokens.mint(conn, self._random_bytes, Purpose.BALANCE))
        url = f"{self._settings.balance_url}/{token}"
        outcome = await self._mpesa.account_balance(BalanceQuestion(url, url))
        if isinstance(outcome, Failed) and outcome.stops_sending:
            because = f"{switch.INITIATOR_REFUSED}: {outcome.code} {outcome.reason}"
            await self._database.write(lambda conn: switch.freeze(conn, because, self._now()))

    async def receive(self, token: str | None, body: bytes) -> None:
        """Without its token it says nothing. Raises NotJson."""
        try:
            result = results.parse_balance_result(body)
        except callbacks.NotJson as error:
            raise NotJson from error
        except callbacks.NotACallback:
            return
        outcome = result.outcome

        def fn(conn: Connection) -> None:
            if token is None or not tokens.is_for(conn, hash_of(token), Purpose.BALANCE):
                return
            if isinstance(outcome, Succeeded):
                for account, minor in outcome.value.items():
                    note(conn, account, minor, self._now(), self._settings.low_float)
            elif isinstance(outcome, Failed) and outcome.stops_sending:
                switch.freeze(conn, f"{switch.INITIATOR_REFUSED}: {result.code} {outcome.reason}", self._now())

        await self._database.write(fn)


def note(conn: Connection, account: str, available_minor: int, now: datetime, low: Money) -> None:
    """Keeps the latest; warns when the account that pays falls below the mark."""
    before = conn.scalar(select(floats.c.available_minor).where(floats.c.account == account))
    statement = upsert(floats).values(account=account, available_minor=available_minor, seen_at=now)
    latest = {"available_minor": statement.excluded.available_minor, "seen_at": statement.excluded.seen_at}
    conn.execute(statement.on_conflict_do_update(index_elements=["account"], set_=latest))
    fell = available_minor < low.minor and (before is None or before >= low.minor)
    if account == UTILITY and fell:
        chats = roles.chats_of(conn, roles.holders(conn, Role.MAKER, Role.CHECKER))
        jobs.add(conn, [WarnLowFloat(chat, available_minor) for chat in chats], now)
