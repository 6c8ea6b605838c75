"""Those who ask for payouts: one by one or many at once, twice by mistake, and again after a failure."""

from functools import partial

from fundraising.money import Money
from fundraising.paying.bulk_file import Row
from fundraising.paying.orders import Order
from fundraising.paying.payout import Payout
from fundraising.use_cases import UseCases
from mpesa.msisdn import Msisdn
from tests.simulation.paying_out import NOT_REGISTERED
from tests.simulation.people import Person, World
from tests.simulation.template import CAMPAIGNS, CHATS, NGO_PHONE

AT_LEAST = 300.0  # seconds between two looks at what failed
MOST_TRIES = 3
NAMES = ("Akinyi Otieno", "Baraka", "Chebet Kiprono")


class Maker(Person):
    def __init__(self, world: World, person_id: int, requests: int):
        super().__init__(world, f"maker {person_id}")
        self.person_id, self._requests = person_id, requests

    async def live(self) -> None:
        for _ in range(self._requests):
            await self.pause()
            if self.happens("asks_for_many"):
                await self._ask_for_many()
            else:
                await self._ask()
            if self.happens("asks_the_balance"):
                await self.insist(lambda house: house.paying.float.ask_anew())

    async def look_after(self) -> None:
        """Comes back to what failed or was paused, as long as there are faults."""
        while True:
            await self.pause(1 + AT_LEAST / self.world.options.hurry)
            for row in self.world.eye.payouts("status = 'failed' AND needs_review IS NULL"):
                tries = len(self.world.eye.attempts("payout_id = ?", row.id))
                if tries < MOST_TRIES and not self.happens("gives_no_second_chance"):
                    await self.taps(partial(self._retry, row.id))
            for (batch_id,) in self.world.eye.all("SELECT id FROM batches WHERE paused").fetchall():
                await self.insist(partial(self._resume, batch_id))

    async def _retry(self, payout_id: int, house: UseCases) -> Payout:
        return await house.paying.approvals.retry(payout_id, self.person_id)

    async def _resume(self, batch_id: int, house: UseCases) -> None:
        await house.paying.batches.resume(batch_id, self.person_id)

    async def _ask(self) -> None:
        order = self._order()
        if self.happens("uses_the_api"):
            made = await self.taps(lambda house: house.paying.requests.request(order, self.person_id))
        else:
            made = await self._ask_in_the_chat(order)
        if made and self.happens("cancels"):
            await self.pause()
            await self.insist(lambda house: house.paying.requests.cancel(made[0].id, self.person_id))

    async def _ask_in_the_chat(self, order: Order) -> list[Payout]:
        """However often the summary is confirmed, one payout."""
        filled_in = (order.campaign_id, order.amount, order.phone, order.recipient_name)
        draft = await self.tap(lambda house, key: house.paying.drafts.begin(self.person_id, key, *filled_in))
        if draft is None:
            return []
        made = await self.taps(
            lambda house: house.paying.requests.request(order, self.person_id, draft.id, despite_duplicate=True)
        )
        if len({payout.id for payout in made}) > 1:
            self.world.wrong(f"draft {draft.id} became several payouts")
        return made

    async def _ask_for_many(self) -> None:
        campaign_id = self.chance.choice(CAMPAIGNS)
        orders = [self._order(campaign_id, self.chance.randint(10, 900)) for _ in range(self.chance.randint(2, 3))]
        rows, file_key = [Row(n + 2, order) for n, order in enumerate(orders)], f"{self.name} file {self._taps}"
        self._taps += 1
        made = await self.taps(lambda house: house.paying.batches.request(rows, self.person_id, file_key, True))
        if made:
            batch_id, message_id = made[0].id, 900 + self._taps
            chat = CHATS[self.person_id]
            await self.insist(lambda house: house.paying.batches.show_in(batch_id, chat, message_id))

    def _order(self, campaign_id: int | None = None, shillings: int | None = None) -> Order:
        amounts = (self.chance.randint(10, 900), self.chance.randint(1_000, 5_000), self.chance.randint(9_000, 30_000))
        amount = Money.shillings(shillings or self.chance.choices(amounts, (5, 4, 1))[0])
        ending = NOT_REGISTERED if self.chance.random() < 0.1 else f"{self.chance.randint(405, 999)}"
        phone = self.chance.choice([NGO_PHONE, Msisdn(f"254722000{ending}"), Msisdn(f"254722000{ending}")])
        return Order(campaign_id or self.chance.choice(CAMPAIGNS), amount, phone, self.chance.choice(NAMES))
