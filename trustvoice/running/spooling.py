"""M-Pesa's callbacks when the database cannot take them: sealed into the spool, answered, and stored when it can again.

M-Pesa does not repeat a callback that we refused. One that is stored twice, because the database took it after all, is
one: evidence has a unique key.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zlib import crc32

import msgspec

from fundraising.outages import is_outage
from fundraising.refusals import NotJson
from mpesa.bodies import NotJsonText, TooStrange, decode
from storage.spool import Batch, Spool
from storage.vault import Vault, WrongKey
from webhooks.keys import NotKept
from webhooks.mpesa import Receive

log = logging.getLogger(__name__)
IN_SPOOL = b"spool"  # where its records are sealed for
ASIDE = "aside"  # the folder of what the database refuses although it works


class Kept(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    token: str
    body: bytes
    at: datetime


@dataclass(frozen=True)
class Limits:
    """Nobody's token can be checked while the database is away, so what may be written to the disk is rationed."""

    patience_s: float = 5.0  # for a store; then the callback is spooled, whether or not it is also stored in the end
    patience_of_spool_s: float = 5.0
    patience_of_drain_s: float = 30.0
    bytes_a_second: int = 1024 * 1024  # a thousand real callbacks
    bytes_at_once: int = 16 * 1024 * 1024
    first_pause_s: float = 0.5
    longest_pause_s: float = 15.0
    look_again_s: float = 600.0  # for what was set aside, or left behind by a process that died
    tries: int = 10  # of a record that fails while the database stores other things


LIMITS = Limits()


class Ration:
    def __init__(self, a_second: int, at_once: int, clock: Callable[[], float] = time.monotonic):
        self._a_second, self._at_once, self._clock = a_second, at_once, clock
        self._left, self._seen = float(at_once), clock()

    def grants(self, amount: int) -> bool:
        now = self._clock()
        self._left = min(self._left + (now - self._seen) * self._a_second, self._at_once)
        self._seen = now
        if amount > self._left:
            return False
        self._left -= amount
        return True


class Spooling:
    def __init__(
        self,
        receivers: Mapping[str, Receive],
        spool: Spool,
        vault: Vault,
        now: Callable[[], datetime],
        can_store: Callable[[], Awaitable[bool]],
        limits: Limits = LIMITS,
    ):
        self._receivers, self._spool, self._vault, self._now = receivers, spool, vault, now
        self._aside = Spool(spool.folder / ASIDE)
        self._can_store, self._limits = can_store, limits
        self._ration = Ration(limits.bytes_a_second, limits.bytes_at_once)
        self._failures: Counter[int] = Counter()
        self._something = asyncio.Event()
        self._something.set()  # another process may have left something
        self.database_is_away = False
        self.spooled = 0  # callbacks, since the start

    async def take(self, kind: str, token: str | None, body: bytes) -> None:
        """Returns when the callback is durable, one way or the other. Raises NotJson, NotKept."""
        at = self._now()
        if not self.database_is_away:
            try:
                async with asyncio.timeout(self._limits.patience_s):
                    await self._receivers[kind](token, body, at)
            except NotJson:
                raise
            except Exception as error:  # noqa: BLE001 it is logged, and the callback is spooled
                self._doubt(error)
            else:
                return
        await self._keep(kind, token, body, at)

    async def can_take(self) -> bool:
        """Whether a callback would be durable, one way or the other."""
        return await self._can_store() or self._spool.has_room()

    async def forever(self) -> None:
        """Stores what was spooled as soon as the database works again."""
        pause = self._limits.first_pause_s
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limits.look_again_s):
                    await self._something.wait()
            self._something.clear()
            if await self.drain_if_possible():
                pause = self._limits.first_pause_s
                continue
            self._something.set()
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._limits.longest_pause_s)

    async def drain_if_possible(self) -> bool:
        try:
            return await self.drain()
        except Exception:  # the disk may be away, too
            log.exception("the spool could not be emptied")
            return False

    async def drain(self) -> bool:
        """Stores all that is spooled, in order; False when the database is away. Broken off anywhere, it may repeat."""
        if not await self._can_store():
            self.database_is_away = True
            self._something.set()
            return False
        self.database_is_away = False
        left: Path | None = None
        while batch := await self._spool.take(after=left):
            out_of_the_way = await self._store_batch(batch)
            if out_of_the_way is None:
                return False
            left = left if out_of_the_way else batch.path
        await self._try_aside_again()
        return True

    async def close(self) -> None:
        await self._spool.close()
        await self._aside.close()

    def _doubt(self, error: Exception) -> None:
        """One callback that fails through a fault of ours does not keep the others from the database."""
        if is_outage(error):
            self.database_is_away = True
            log.error("the database does not take callbacks, so they go to %s: %r", self._spool.folder, error)
        else:
            log.error("a callback could not be stored and goes to %s", self._spool.folder, exc_info=error)
        self._something.set()

    async def _keep(self, kind: str, token: str | None, body: bytes, at: datetime) -> None:
        if not is_json(body):
            raise NotJson
        if not token:
            raise NotKept("without a token it is a hint at most: not worth the room")
        record = self._vault.seal(msgspec.msgpack.encode(Kept(kind, token, body, at)), IN_SPOOL)
        if not self._ration.grants(len(record)):
            raise NotKept("too many at once while the database is away")
        try:
            async with asyncio.timeout(self._limits.patience_of_spool_s):
                await self._spool.append(record)
        except OSError as error:
            raise NotKept("the spool takes nothing") from error
        self.spooled += 1
        self._something.set()

    async def _store_batch(self, batch: Batch) -> bool | None:
        """Gone from the spool only when all of it is out of the way; None when the database is away."""
        out_of_the_way: bool | None = None
        try:
            out_of_the_way = await self._store_all(batch.records)
        finally:
            if not out_of_the_way:
                await asyncio.shield(self._spool.give_back(batch))
        if out_of_the_way:
            await self._spool.drop(batch)
            log.info("%s spooled callbacks are stored", len(batch.records))
        return out_of_the_way

    async def _store_all(self, records: list[bytes]) -> bool | None:
        """One that has to stay where it is keeps no other from the database."""
        stored = True
        for record in records:
            answer = await self._store(record)
            if answer is None:
                return None
            stored = stored and answer
        return stored

    async def _store(self, record: bytes) -> bool | None:
        """Whether it is out of the way: stored, or set aside because the database refuses it. None: it is away."""
        error = await self._attempt(record)
        if error is None:
            return True
        if is_outage(error) and not await self._is_stubborn(record):
            self.database_is_away = True
            return None
        log.error("a spooled callback is set aside in %s and tried again later", self._aside.folder, exc_info=error)
        try:
            await self._aside.append(record)
        except OSError:
            log.exception("%s takes no more: the callback stays where it is", self._aside.folder)
            return False
        self._failures.pop(crc32(record), None)
        return True

    async def _is_stubborn(self, record: bytes) -> bool:
        if not await self._can_store():
            return False
        self._failures[crc32(record)] += 1
        return self._failures[crc32(record)] >= self._limits.tries

    async def _attempt(self, record: bytes) -> Exception | None:
        try:
            kept = msgspec.msgpack.decode(self._opened(record), type=Kept)
            async with asyncio.timeout(self._limits.patience_of_drain_s):
                await self._receivers[kept.kind](kept.token, kept.body, kept.at)
        except Exception as error:  # noqa: BLE001 also what another version, or another SECRET_KEY, has left
            return error
        self._failures.pop(crc32(record), None)
        return None

    def _opened(self, record: bytes) -> bytes:
        """Raises WrongKey. Releases before 0009 sealed without saying what for."""
        try:
            return self._vault.open(record, IN_SPOOL)
        except WrongKey:
            return self._vault.open_unbound(record)

    async def _try_aside_again(self) -> None:
        batch = await self._aside.take()
        while batch:
            errors = [error for record in batch.records if (error := await self._attempt(record))]
            if errors:
                log.error("%s callbacks in %s cannot be stored: %r", len(errors), self._aside.folder, errors[0])
                await self._aside.give_back(batch)
            else:
                await self._aside.drop(batch)
            batch = await self._aside.take(after=batch.path)


def is_json(body: bytes) -> bool:
    try:
        decode(body)
    except NotJsonText:
        return False
    except TooStrange:
        return True
    return True
