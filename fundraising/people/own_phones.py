"""Whose phone it is: shared as the own contact. Its owner may say that it is never to be asked."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or  # prints right on SQLite too

from fundraising.people import donors
from fundraising.people import phones as numbers
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.phone_tables import phones
from storage.vault import Vault

p = phones.c


class OwnPhones:
    def __init__(self, database: Database, vault: Vault, now: Callable[[], datetime]):
        self._database, self._vault, self._now = database, vault, now

    async def shared(self, donor_id: int, phone: Msisdn) -> None:
        """As the donor's own contact, which Telegram vouches for. Also offered for the next gift."""

        def fn(conn: Connection) -> None:
            row = insert_or(phones).values(phone_index=numbers.index(self._vault, phone), owner_id=donor_id)
            conn.execute(row.on_conflict_do_update(index_elements=[p.phone_index], set_={"owner_id": donor_id}))
            donors.remember_phone(conn, self._vault, donor_id, phone)

        await self._database.write(fn)

    async def remember(self, donor_id: int, phone: Msisdn) -> None:
        """Typed, or somebody else's contact: offered for the next gift, and no more than that."""
        await self._database.write(lambda conn: donors.remember_phone(conn, self._vault, donor_id, phone))

    async def refuse_mine(self, donor_id: int) -> int:
        """No prompt on this donor's own phones any more, whoever asks. How many there are."""
        mine = update(phones).where(p.owner_id == donor_id)
        return await self._database.write(lambda conn: conn.execute(mine.values(refused_at=self._now())).rowcount)

    async def allow_mine(self, donor_id: int) -> int:
        mine = update(phones).where(p.owner_id == donor_id)
        return await self._database.write(lambda conn: conn.execute(mine.values(refused_at=None)).rowcount)

    async def refuse(self, phone: Msisdn, refused: bool = True) -> None:
        """For somebody who called us: at the server."""
        at = self._now() if refused else None
        row = insert_or(phones).values(phone_index=numbers.index(self._vault, phone), refused_at=at)
        changed = row.on_conflict_do_update(index_elements=[p.phone_index], set_={"refused_at": at})
        await self._database.write(lambda conn: conn.execute(changed).rowcount)

    async def owns_any(self, donor_id: int) -> bool:
        """Whether this donor has shared a number as the own one."""
        mine = select(p.phone_index).where(p.owner_id == donor_id).limit(1)
        return await self._database.read(lambda conn: conn.scalar(mine) is not None)

    async def is_refused(self, donor_id: int) -> bool:
        """Whether one of the donor's own phones is never to be asked."""
        mine = select(p.phone_index).where(p.owner_id == donor_id, p.refused_at.is_not(None)).limit(1)
        return await self._database.read(lambda conn: conn.scalar(mine) is not None)
