"""The real application and the real rules; Telegram, M-Pesa and the clock are in the test's hand."""

import random
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import bot.app
from bot.chat.updates import UpdateHandler
from bot.giving.notifier import GiftNotifier
from fundraising.construction import build_use_cases
from fundraising.giving.donation import Donation
from fundraising.giving.donations import GivingSettings
from fundraising.money import Money
from fundraising.paying.requests import PayingSettings
from storage.database import Database
from storage.vault import Vault
from tests.bot.telegram import BASE, FILES, FakeTelegram, Shown
from tests.fakes import PAYING, FakeClock, FakeMpesa, FakePayouts
from trustvoice.jobs import mpesa_worker, telling_worker

CHAT, OWNER = 77, 1001
SENT_AT = 1_790_000_000  # every message, also those of the bot
TRY_AGAIN_AFTER = timedelta(minutes=2)
SECRET = "a secret key that is only used in tests, never elsewhere"


class World:
    def __init__(self, database: Database, telegram: FakeTelegram, paying: PayingSettings = PAYING):
        self.database, self.telegram = database, telegram
        self.mpesa, self.clock, self.numbers = FakeMpesa(), FakeClock(), count(100)
        self.payouts = FakePayouts()
        settings = GivingSettings("https://give.example/hooks", try_again_after=TRY_AGAIN_AFTER)
        chance = random.Random(1).randbytes
        self.use_cases = build_use_cases(
            settings, paying, database, Vault(SECRET), self.mpesa, self.payouts, self.clock, chance
        )
        self.arrived: dict[int, dict[str, Any]] = {}
        self.app = bot.app.build("1:token", BASE, FILES, self.use_cases, self.load_update, self.clock)
        self.updates = UpdateHandler(self.app)
        self.notifier = GiftNotifier(self.app.bot, self.use_cases, self.clock)
        self.workers = [
            mpesa_worker(database, self.clock, self.use_cases),
            telling_worker(database, self.clock, self.app.bot, self.use_cases),
        ]

    async def add_campaign(self, title: str = "Water for Turkana") -> int:
        return (await self.use_cases.campaigns.add(title, Money.shillings(50_000))).id

    async def handle(self, received_at: datetime | None = None, update_id: int = 0, **body: Any) -> datetime | None:
        update = {"update_id": update_id or next(self.numbers), **body}
        self.arrived[update["update_id"]] = update
        return await self.updates.handle(update, received_at or self.clock())

    async def load_update(self, update_id: int) -> dict[str, Any] | None:
        return self.arrived.get(update_id)

    async def say(self, text: str, language: str = "en", chat: int = CHAT, **also: Any) -> datetime | None:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[0] == "/" else []
        return await self.handle(message=message(language=language, chat_id=chat, text=text, entities=entities), **also)

    async def share(self, phone: str, owner: int | None = CHAT) -> None:
        contact = {"phone_number": phone, "first_name": "Wanjiku"} | ({"user_id": owner} if owner else {})
        await self.handle(message=message(contact=contact))

    async def tap(self, label: str, chat: int | None = None) -> None:
        """The button in the newest message that has it, of this chat if one is named."""
        for shown in reversed(self.telegram.messages.values()):
            for text, data in shown.buttons.items():
                if text.startswith(label) and chat in (None, shown.chat_id):
                    await self.tap_data(data, shown.id, chat=shown.chat_id)
                    return
        raise AssertionError(f"no button {label}")

    async def tap_data(self, data: str, message_id: int = 1, chat: int = CHAT, **also: Any) -> datetime | None:
        query_id = str(next(self.numbers))
        below = message(message_id, chat_id=chat, text="a message of ours")
        query = {"id": query_id, "from": person(chat_id=chat), "chat_instance": "1", "data": data, "message": below}
        return await self.handle(callback_query=query, **also)

    async def give(self, phone: str = "0708 374 149") -> Donation:
        """Up to the prompt on the phone."""
        await self.say("/donate")
        await self.tap("Water")
        await self.tap("KES 500")
        await self.say(phone)
        await self.tap("Confirm")
        return await self.newest()

    async def newest(self) -> Donation:
        donor = await self.use_cases.donors.arrive(CHAT, "Wanjiku", "en")
        return (await self.use_cases.donations.history(donor.id, 1))[0]

    async def hear(self, body: bytes) -> None:
        await self.use_cases.paying.mailbox.prompt_result(self.mpesa.token(), body)
        await self.work()

    async def work(self) -> None:
        """Runs what is due until nothing is."""
        while sum([await worker.start_due() for worker in self.workers]):
            for worker in self.workers:
                await worker.finish(timedelta(seconds=20))

    async def wait(self, **how_long: float) -> None:
        self.clock.forward(**how_long)
        await self.work()

    @property
    def last(self) -> Shown:
        """The newest message in the donor's chat."""
        return self.last_of(CHAT)

    def last_of(self, chat_id: int) -> Shown:
        return [shown for shown in self.telegram.messages.values() if shown.chat_id == chat_id][-1]

    @property
    def texts(self) -> list[str]:
        return self.texts_of(CHAT)

    def texts_of(self, chat_id: int) -> list[str]:
        return [shown.text for shown in self.telegram.messages.values() if shown.chat_id == chat_id]

    @property
    def pop_ups(self) -> list[str]:
        return [text for text in self.telegram.answered.values() if text]


def person(language: str = "en", chat_id: int = CHAT) -> dict[str, Any]:
    return {"id": chat_id, "is_bot": False, "first_name": "Wanjiku", "language_code": language}


def message(message_id: int = 9000, language: str = "en", chat_id: int = CHAT, **content: Any) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private", "first_name": "Wanjiku"}
    return {"message_id": message_id, "date": SENT_AT, "chat": chat, "from": person(language, chat_id), **content}
