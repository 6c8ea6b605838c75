"""M-Pesa's access token, sealed, in the database: replicas that fetched one each would end each other's."""

import asyncio
import hashlib
import logging
from base64 import b64decode, b64encode

import msgspec
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # prints right on SQLite too

from mpesa.token import Token
from storage import facts
from storage.database import Database
from storage.places import place
from storage.tables import facts as rows
from storage.vault import Vault

log = logging.getLogger(__name__)
PATIENCE_S = 1.0  # a payment waits for it; whoever does not learn of another's token fetches one


class TokenShelf:
    """A database that is away is no reason to fail here: what needs it fails by itself."""

    def __init__(self, database: Database, vault: Vault, consumer_key: str):
        self._database, self._vault = database, vault
        self._name = f"mpesa_token:{hashlib.sha256(consumer_key.encode()).hexdigest()[:16]}"
        self._place = place(rows.c.value, self._name)

    async def look(self) -> Token | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                sealed = await self._database.read(lambda conn: facts.read(conn, self._name))
            return msgspec.json.decode(self._vault.open(b64decode(sealed), self._place), type=Token) if sealed else None
        except Exception as error:  # noqa: BLE001 also what another version has left
            log.warning("the shared access token could not be read: %s", type(error).__name__)
            return None

    async def put(self, token: Token) -> None:
        row = {
            "name": self._name,
            "value": b64encode(self._vault.seal(msgspec.json.encode(token), self._place)).decode(),
        }
        new = insert_or_update(rows).values(**row)
        new = new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._database.write(lambda conn: conn.execute(new).rowcount)
        except Exception as error:  # noqa: BLE001 this process has its token all the same
            log.warning("the access token could not be shared: %s", type(error).__name__)
