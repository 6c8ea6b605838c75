"""A light, steady load of gifts by way of the HTTP API: half by people who read in Telegram, half by e-mail."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from sqlalchemy import select

from standins.shapes import Behaviour
from storage.tables import donors
from tests.e2e.books import looked_up
from tests.e2e.donor import Donor
from tests.e2e.house import House
from tests.e2e.waiting import until
from tests.trustvoice.postbox import Postbox, text_of

MOST_BY_ONE = 16  # below our own limit for one person in an hour


@dataclass(frozen=True)
class Gift:
    id: int
    phone: str
    chat: Donor | None  # None: the giver reads by e-mail


@dataclass
class Load:
    house: House
    box: Postbox
    http: httpx.AsyncClient
    chats: dict[int, Donor] = field(default_factory=dict)  # by donor id
    mailed: list[int] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    numbers: Any = field(default_factory=count)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while a push may be under way

    async def prepare(self, gifts: int) -> None:
        people = gifts // MOST_BY_ONE + 2
        known = [await self.house.donor(f"Giver {n}") for n in range(people)]
        for donor in known:
            await donor.says("/start", "Karibu")
        found = await looked_up(self.house, lambda conn: conn.execute(select(donors.c.id, donors.c.chat_id)).all())
        by_chat = {donor.user_id: donor for donor in known}
        self.chats = {row.id: by_chat[row.chat_id] for row in found if row.chat_id in by_chat}
        for n in range(people):
            answer = await self.http.post("/donors/", json={"name": "By mail", "email": f"giver{n}@example.org"})
            self.mailed.append(int(answer.raise_for_status().json()["id"]))

    async def give(self) -> Gift:
        n = next(self.numbers)
        phone = f"2547099{n:05}"
        by_chat = n % 2 == 0
        givers = list(self.chats) if by_chat else self.mailed
        donor_id = givers[n // 2 % len(givers)]
        await self.house.standins.script(phone, always=Behaviour(do="pay"))
        asked = {"donor_id": donor_id, "campaign_id": 1, "amount": 50, "currency": "KES", "payment_method": "mpesa"}
        async with self.lock:
            answer = await self.http.post("/donations/", json={**asked, "phone_number": phone})
        assert answer.status_code == 201, answer.text
        gift = Gift(answer.json()["id"], phone, self.chats[donor_id] if by_chat else None)
        self.gifts.append(gift)
        return gift

    async def forever(self, every_s: float) -> None:
        while True:
            await self.give()
            await asyncio.sleep(every_s)

    async def status(self, gift: Gift) -> str:
        return str((await self.http.get(f"/donations/{gift.id}")).json()["status"])

    async def ready(self) -> dict[str, Any]:
        answer = await self.http.get("/readyz")
        assert answer.status_code == 200, answer.text
        parts: dict[str, Any] = answer.json()
        return parts

    async def until(self, holds: Callable[[dict[str, Any]], bool], within_s: float) -> dict[str, Any]:
        """What /readyz says by then."""

        async def look() -> dict[str, Any] | None:
            parts = await self.ready()
            return parts if holds(parts) else None

        return await until(look, within_s)

    async def all_are_told(self) -> bool:
        """Whether every giver has read the receipt of every gift."""
        receipts = {moved.phone: moved.receipt for moved in await self.house.standins.moved()}
        read = {donor.user_id: await donor.chat() for donor in self.chats.values()}
        mails = "\n".join(map(text_of, self.box.mails))
        return all(
            receipts.get(gift.phone, "not paid yet") in (read[gift.chat.user_id] if gift.chat else mails)
            for gift in self.gifts
        )


@asynccontextmanager
async def loaded(house: House, box: Postbox, gifts: int) -> AsyncIterator[Load]:
    made = await house.command("api-key", "create", "--name", "load", "--role", "admin", "--json")
    assert made.code == 0, made
    headers = {"Authorization": f"Bearer {json.loads(made.out)['key']}"}
    async with httpx.AsyncClient(base_url=house.rehearsal.server, headers=headers, trust_env=False, timeout=20) as http:
        load = Load(house, box, http)
        await load.prepare(gifts)
        yield load
