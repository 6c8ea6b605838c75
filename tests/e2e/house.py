"""`trustvoice run` as a process of its own between stand-ins of Telegram and M-Pesa, with one campaign."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import msgspec
import pytest

from standins.app import Options
from standins.daraja.options import DarajaOptions
from standins.driver import Standins
from standins.shapes import CallbackSent, Delivered, Prompt
from standins.telegram.options import TelegramOptions
from tests.databases import ENOUGH
from tests.e2e.commands import Ran, trustvoice
from tests.e2e.donor import Donor
from trustvoice.rehearsal.child import Rehearsal, rehearse

TITLE, SLUG = "Clean water for Turkana", "clean-water-for-turkana"
OWNER = 900_001
PATIENCE_S = 30.0  # on a busy machine; what is waited for mostly comes within a tenth of a second
on_enough = pytest.mark.parametrize("lasting_house", ENOUGH, indirect=True)  # else on both databases
on_sqlite = pytest.mark.parametrize("lasting_house", ["sqlite"], indirect=True)
QUICK = Options(
    telegram=TelegramOptions(retry_first_s=0.1, retry_max_s=0.5),
    daraja=DarajaOptions(lock_s=2.0, repeat_s=0.9, prompt_life_s=60.0),
)
HURRIED = {
    "STK_QUERY_SCHEDULE": "1,1,1,2,2,5",
    "STK_NEGATIVE_GAP": "1",
    "TRY_AGAIN_AFTER": "1",
    "PROMPT_PAUSES": "1",
    "PROMPTS_PER_KEY": "100000",
    "PROMPTS_PER_MINUTE": "100000",
    "TELEGRAM_LEASE": "2",  # whoever comes after a killed one waits that long
    "ADMIN_TELEGRAM_IDS": str(OWNER),
}


@dataclass
class House:
    rehearsal: Rehearsal
    standins: Standins
    slug: str = SLUG
    people: Iterator[int] = field(default_factory=lambda: count(1))

    async def donor(self, name: str = "Wanjiku") -> Donor:
        """A new one each time, with a new phone: M-Pesa and our own limits remember both."""
        n = next(self.people)
        donor = Donor(self.standins, 800_000 + n, name, f"2547080{n:05}")
        await self.standins.introduce(donor.user_id, donor.name, phone=donor.phone)
        return donor

    async def owner(self) -> Donor:
        """Somebody in ADMIN_TELEGRAM_IDS, whom the bot may write to."""
        owner = Donor(self.standins, OWNER, "Owner", "254708999999")
        await owner.says("/start", "Karibu")
        return owner

    async def pay(self, prompt: Prompt) -> None:
        """The right PIN; returns when M-Pesa's callback about it was taken."""
        mark = await self.standins.mark()
        await self.standins.decide(prompt.checkout_id, "pay")
        event = await self.standins.wait_for_event("callback", mark)
        sent = msgspec.convert(event.data["sent"], CallbackSent)
        assert (sent.checkout_id, sent.status) == (prompt.checkout_id, 200), sent

    async def command(self, *words: str, **changed: str) -> Ran:
        environment = {**self.rehearsal.environment, **changed}
        return await trustvoice(*words, env=environment, folder=self.rehearsal.folder)

    async def start(self) -> None:
        await self.rehearsal.start()

    async def kill(self) -> None:
        """Without a word of warning, as when the power fails."""
        process = self.rehearsal.process
        assert process
        process.kill()
        await process.wait()

    async def stop(self) -> int:
        """Politely; the exit code."""
        await self.rehearsal.stop()
        assert self.rehearsal.process
        assert self.rehearsal.process.returncode is not None
        return self.rehearsal.process.returncode

    @property
    def is_running(self) -> bool:
        return self.rehearsal.process is not None and self.rehearsal.process.returncode is None

    async def readiness(self) -> dict[str, str]:
        """What /readyz says of each part."""
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{self.rehearsal.server}/readyz")
        assert answer.status_code == 200, answer.text
        parts: dict[str, str] = answer.json()
        return parts

    async def post(self, path: str, body: bytes) -> Delivered:
        """From a stranger on the internet."""
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{self.rehearsal.server}{path}", content=body)
        return Delivered(answer.status_code, body=answer.text)


@asynccontextmanager
async def opened(folder: Path, extra: Mapping[str, str]) -> AsyncIterator[House]:
    async with (
        rehearse(folder, QUICK, {**HURRIED, **extra}) as rehearsal,
        Standins(rehearsal.page, PATIENCE_S) as standins,
    ):
        house = House(rehearsal, standins)
        added = await house.command("campaign", "add", "--title", TITLE, "--goal", "1000000")
        assert added.code == 0, added
        yield house
