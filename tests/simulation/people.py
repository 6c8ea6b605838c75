"""Donors: they confirm, tap twice, cancel, change their minds, try again; and one who forges callbacks."""

import asyncio
import json
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from fundraising.giving.donation import Donation
from fundraising.giving.drafts import Draft, Step
from fundraising.money import Money
from fundraising.refusals import Refused
from fundraising.statuses import DonationStatus
from fundraising.use_cases import UseCases
from mpesa.msisdn import Msisdn
from tests.simulation.crashes import DiskError, Unreachable
from tests.simulation.options import Options
from tests.simulation.simulated_mpesa import SimulatedMpesa

T = TypeVar("T")
Ask = Callable[[UseCases], Coroutine[Any, Any, T]]
PATIENCE = 200  # tries of one tap, before all heals at the latest


class World(Protocol):
    seed: int
    options: Options
    mpesa: SimulatedMpesa
    campaign_ids: list[int]

    async def ask(self, what: Ask[T]) -> T:
        """Raises Unreachable, DiskError, Refused."""

    async def deliver(self, token: str | None, body: bytes) -> bool: ...

    def note(self, what: str, fault: bool = False) -> None: ...

    def wrong(self, problem: str) -> None: ...


class Donor:
    def __init__(self, world: World, number: int):
        self.world, self.chat_id = world, 1000 + number
        self.chance = random.Random(f"{world.seed} donor {number}")
        self.phone = Msisdn(f"2547{number:08}")
        self.donor_id = 0
        self._taps = 0

    async def live(self) -> None:
        donor = await self._insist(lambda house: house.donors.arrive(self.chat_id, "Wanjiku", "en"))
        assert donor
        self.donor_id = donor.id
        for _ in range(self.world.options.gifts):
            await self._pause()
            if self._happens("uses_the_api"):
                await self._give_by_api()
            else:
                await self._give_in_the_chat()

    async def _give_in_the_chat(self) -> None:
        draft = await self._fill_in(self.chance.choice(self.world.campaign_ids))
        if draft and self._happens("cancels"):
            await self._insist(lambda house: house.drafts.cancel(self.donor_id))
        donation = await self._confirm(draft) if draft else None
        if donation:
            await self._see_it_through(donation.id)

    async def _fill_in(self, campaign_id: int) -> Draft | None:
        draft = await self._tap(lambda house, key: house.drafts.begin(self.donor_id, key, campaign_id))
        for _ in range(1 + self._happens("cancels")):
            draft = draft and await self._answer(draft)
        return draft

    async def _answer(self, draft: Draft) -> Draft | None:
        amount, at = Money.shillings(self.chance.randint(60, 500)), draft.id
        answered = await self._tap(lambda house, key: house.drafts.set_amount(at, self.donor_id, amount, key))
        if answered and self._happens("cancels"):
            await self._tap(lambda house, key: house.drafts.back(at, self.donor_id, Step.AMOUNT, key))
            await self._tap(lambda house, key: house.drafts.set_amount(at, self.donor_id, amount, key))
        return await self._tap(lambda house, key: house.drafts.set_phone(at, self.donor_id, self.phone, key))

    async def _confirm(self, draft: Draft) -> Donation | None:
        """However often it is tapped, one donation."""
        taps = 1 + self.chance.randint(1, 3) * self._happens("double_taps")
        answers = await asyncio.gather(
            *[self._insist(lambda house: house.donations.confirm(draft.id, self.donor_id)) for _ in range(taps)]
        )
        made = [donation for donation in answers if donation]
        if len({donation.id for donation in made}) > 1:
            self.world.wrong(f"draft {draft.id} became several donations")
        return made[0] if made else None

    async def _see_it_through(self, donation_id: int) -> None:
        """Looks now and then; tries again after a failure, sends the M-Pesa code when nobody knows."""
        for _ in range(self.chance.randint(0, 3)):
            await self._pause()
            donation = await self._insist(lambda house: house.donations.find(donation_id))
            if donation and donation.needs_review:
                await self._insist(lambda house: house.claims.claim(self.donor_id, "My code is TK00000012"))
            if donation and donation.status is DonationStatus.FAILED:
                again = await self._tap(lambda house, key: house.drafts.try_again(donation_id, self.donor_id, key))
                if again:
                    await self._confirm(again)
                    return

    async def _give_by_api(self) -> None:
        """No draft makes this one safe to repeat, so it is asked once."""
        campaign_id, amount = self.chance.choice(self.world.campaign_ids), Money.shillings(self.chance.randint(60, 500))
        with suppress(Unreachable, DiskError, Refused):
            await self.world.ask(lambda house: house.donations.start(self.donor_id, campaign_id, amount, self.phone))

    async def _tap(self, move: Callable[[UseCases, str], Coroutine[Any, Any, T]]) -> T | None:
        self._taps += 1
        key = f"{self.chat_id}:{self._taps}"
        return await self._insist(lambda house: move(house, key))

    async def _insist(self, what: Ask[T]) -> T | None:
        """Telegram hands over the same update until somebody takes it. None: it was refused."""
        for _ in range(PATIENCE):
            try:
                return await self.world.ask(what)
            except Refused as refusal:
                self.world.note(f"donor {self.donor_id} is refused: {type(refusal).__name__}")
                return None
            except (Unreachable, DiskError):
                await asyncio.sleep(self.chance.uniform(1, 20))
        raise Unreachable

    async def _pause(self) -> None:
        await asyncio.sleep(self.chance.expovariate(1 / self.world.options.hurry))

    def _happens(self, habit: str) -> bool:
        happens: bool = self.chance.random() < getattr(self.world.options, habit)
        return happens


class Forger:
    """Knows the address and the ids, but no token."""

    def __init__(self, world: World):
        self.world = world
        self.chance = random.Random(f"{world.seed} forger")

    async def live(self) -> None:
        while hourly := self.world.options.forgeries_an_hour:
            await asyncio.sleep(self.chance.expovariate(hourly / 3600))
            checkout_ids = list(self.world.mpesa.prompts) or ["ws_CO_0"]
            token = self.chance.choice([None, "0" * 64, self.chance.randbytes(32).hex()])
            self.world.note("a forged callback", fault=True)
            await self.world.deliver(token, self._forgery(self.chance.choice(checkout_ids)))

    def _forgery(self, checkout_id: str) -> bytes:
        amount = self.chance.choice([9999, *(prompt.push.shillings for prompt in self.world.mpesa.prompts.values())])
        items = [{"Name": "Amount", "Value": amount}, {"Name": "MpesaReceiptNumber", "Value": "FORGED0001"}]
        result = {"CheckoutRequestID": checkout_id, "ResultCode": self.chance.choice([0, 0, 1032, 1037])}
        shapes: list[object] = [
            {"Body": {"stkCallback": {**result, "CallbackMetadata": {"Item": items}}}},
            {"Body": {"stkCallback": result}},
            {"Body": "gibberish"},
        ]
        return json.dumps(self.chance.choice(shapes)).encode()
