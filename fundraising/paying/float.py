"""What M-Pesa's own accounts hold: told by every result, and asked for. ("Float" is the field's word.)"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert  # prints right on SQLite too

from fundraising import stops
from fundraising.evidence import tokens
from fundraising.evidence.tokens import Purpose, hash_of
from fundraising.money import Money
from fundraising.paying import balance_rounds
from fundraising.paying.balance_rounds import THE_ONE_THAT_PAYS
from fundraising.paying.news import WarnLowFloat
from fundraising.paying.requests import PayingSettings
from fundraising.paying.tasks import AskBalance, AskBalanceFor
from fundraising.people import roles
from fundraising.people.roles import Role
from fundraising.randomness import RandomBytes
from fundraising.refusals import NotJson
from mpesa import callbacks, results
from mpesa.outcome import Failed, Outcome, Succeeded
from mpesa.payouts import BalanceQuestion, MpesaPayouts
from storage import jobs
from storage.database import Database
from storage.payout_tables import floats

UTILITY = "Utility Account"  # B2C is paid from it
AGAIN_AFTER = timedelta(minutes=1)
MOST_TIMES = 3


@dataclass(frozen=True, slots=True)
class Held:
    account: str
    available: Money
    seen_at: datetime
    shortcode: str = THE_ONE_THAT_PAYS


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
        query = select(floats).order_by(floats.c.shortcode, floats.c.account)
        found = await self._database.read(lambda conn: conn.execute(query).all())
        return [Held(row.account, Money(row.available_minor), row.seen_at, row.shortcode) for row in found]

    async def ask_anew(self) -> None:
        await self._database.write(lambda conn: jobs.add(conn, [AskBalance()], self._now()))

    async def ask(self, _job: AskBalance | AskBalanceFor, number: int) -> datetime | None:
        """The job; M-Pesa answers by a callback. All shortcodes in one round, again when a question is not taken."""
        tokens_by_shortcode = await self._database.write(self._begin)
        taken = [await self._put(shortcode, token) for shortcode, token in tokens_by_shortcode.items()]
        return None if all(taken) or number >= MOST_TIMES else self._now() + AGAIN_AFTER

    def _begin(self, conn: Connection) -> dict[str, str]:
        """Tokens by shortcode. None while M-Pesa refuses our initiator: asking on with a refused password locks it."""
        if stops.initiator_is_refused(conn):
            return {}
        other, asked_at = self._settings.collects_on, self._now()
        begun = {}
        for shortcode in [THE_ONE_THAT_PAYS, other] if other else [THE_ONE_THAT_PAYS]:
            begun[shortcode] = tokens.mint(conn, self._random_bytes, Purpose.BALANCE)
            balance_rounds.keep_question(conn, hash_of(begun[shortcode]), shortcode, asked_at)
        return begun

    async def _put(self, shortcode: str, token: str) -> bool:
        """Whether there is no use in putting it again soon."""
        url = f"{self._settings.balance_url}/{token}"
        outcome = await self._mpesa.account_balance(BalanceQuestion(url, url, shortcode or None))
        await self._database.write(lambda conn: self._stop_if_refused(conn, shortcode, outcome))
        return isinstance(outcome, Succeeded) or (isinstance(outcome, Failed) and outcome.stops_sending)

    async def receive(self, token: str | None, body: bytes, at: datetime | None = None) -> None:
        """Without its token it says nothing. `at`: when it came, if that was before. Raises NotJson."""
        try:
            result = results.parse_balance_result(body)
        except callbacks.NotJson as error:
            raise NotJson from error
        except callbacks.NotACallback:
            return
        outcome, told_at = result.outcome, at or self._now()

        def fn(conn: Connection) -> None:
            shortcode = balance_rounds.shortcode_asked(conn, hash_of(token)) if token else None
            if token is None or shortcode is None:
                return
            if isinstance(outcome, Succeeded):
                self._keep(conn, hash_of(token), shortcode, outcome.value, told_at)
            self._stop_if_refused(conn, shortcode, outcome)

        await self._database.write(fn)

    def _keep(
        self, conn: Connection, token_hash: bytes, shortcode: str, accounts: Mapping[str, int], now: datetime
    ) -> None:
        if balance_rounds.keep_answer(conn, token_hash, accounts, now):
            for account, minor in accounts.items():
                note(conn, account, minor, now, self._settings.low_float, shortcode)

    def _stop_if_refused(self, conn: Connection, shortcode: str, outcome: Outcome[Any]) -> None:
        """Only for what would lock the initiator. That it has not the role to ask says nothing about payouts; nor does
        what it may not ask of the other shortcode, to which it may not belong."""
        if isinstance(outcome, Failed) and outcome.refuses_initiator and shortcode == THE_ONE_THAT_PAYS:
            stops.refuse_initiator(conn, outcome.code, outcome.reason, self._now())


def note(
    conn: Connection,
    account: str,
    available_minor: int,
    now: datetime,
    low: Money,
    shortcode: str = THE_ONE_THAT_PAYS,
) -> None:
    """Keeps the latest word, whenever it is read; warns when the account that pays falls below the mark."""
    key = {"shortcode": shortcode, "account": account}
    where = (floats.c.shortcode == shortcode, floats.c.account == account)
    before = conn.scalar(select(floats.c.available_minor).where(*where))
    statement = upsert(floats).values(available_minor=available_minor, seen_at=now, **key)
    latest = {"available_minor": statement.excluded.available_minor, "seen_at": statement.excluded.seen_at}
    newer = floats.c.seen_at <= statement.excluded.seen_at
    is_latest = conn.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=latest, where=newer)
    ).rowcount
    fell = is_latest and available_minor < low.minor and (before is None or before >= low.minor)
    if (shortcode, account) == (THE_ONE_THAT_PAYS, UTILITY) and fell:
        chats = roles.chats_of(conn, roles.holders(conn, Role.MAKER, Role.CHECKER))
        jobs.add(conn, [WarnLowFloat(chat, available_minor) for chat in chats], now)
