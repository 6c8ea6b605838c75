"""Donors: they confirm, tap twice, cancel, change their minds, block the bot, try again, send M-Pesa's code."""

from contextlib import suppress

from fundraising.giving.donation import Donation
from fundraising.giving.drafts import Draft, Step
from fundraising.money import Money
from fundraising.refusals import Refused
from fundraising.statuses import DonationStatus
from mpesa.msisdn import Msisdn
from tests.simulation.disk import DiskError
from tests.simulation.people import Person, World
from tests.simulation.process import Unreachable
from tests.simulation.template import CAMPAIGNS

NO_RECEIPT = "TK99999999"


class Donor(Person):
    def __init__(self, world: World, number: int):
        super().__init__(world, f"donor {number}")
        self.chat_id, self.language = 5000 + number, "sw" if number % 2 else "en"
        self.phone = Msisdn(f"2547{number:08}")
        self.donor_id = 0

    async def live(self) -> None:
        await self._arrive()
        for _ in range(self.world.options.gifts):
            await self.pause()
            if self.happens("blocks_the_bot"):
                self.world.telegram.blocked.add(self.chat_id)
            elif self.chat_id in self.world.telegram.blocked:
                self.world.telegram.blocked.discard(self.chat_id)
                await self._arrive()
            if self.happens("uses_the_api"):
                await self._give_by_api()
            else:
                await self._give_in_the_chat()

    async def _arrive(self) -> None:
        donor = await self.insist(lambda house: house.donors.arrive(self.chat_id, "Wanjiku", self.language))
        assert donor
        self.donor_id = donor.id

    async def _give_in_the_chat(self) -> None:
        draft = await self._fill_in(self.chance.choice(CAMPAIGNS))
        if draft and self.happens("cancels"):
            await self.insist(lambda house: house.drafts.cancel(self.donor_id))
        donation = await self._confirm(draft) if draft else None
        if donation:
            await self._see_it_through(donation.id)

    async def _fill_in(self, campaign_id: int) -> Draft | None:
        draft = await self.tap(lambda house, key: house.drafts.begin(self.donor_id, key, campaign_id))
        for _ in range(1 + self.happens("cancels")):
            draft = draft and await self._answer(draft)
        return draft

    async def _answer(self, draft: Draft) -> Draft | None:
        amount, at = Money.shillings(self.chance.randint(60, 500)), draft.id
        answered = await self.tap(lambda house, key: house.drafts.set_amount(at, self.donor_id, amount, key))
        if answered and self.happens("cancels"):
            await self.tap(lambda house, key: house.drafts.back(at, self.donor_id, Step.AMOUNT, key))
            await self.tap(lambda house, key: house.drafts.set_amount(at, self.donor_id, amount, key))
        return await self.tap(lambda house, key: house.drafts.set_phone(at, self.donor_id, self.phone, key))

    async def _confirm(self, draft: Draft) -> Donation | None:
        """However often it is tapped, one donation."""
        shown_in = self.chance.randint(1, 90)
        made = await self.taps(lambda house: house.donations.confirm(draft.id, self.donor_id, shown_in))
        if len({donation.id for donation in made}) > 1:
            self.world.wrong(f"draft {draft.id} became several donations")
        return made[0] if made else None

    async def _see_it_through(self, donation_id: int) -> None:
        """Looks now and then; tries again after a failure, sends the M-Pesa code when nobody knows."""
        for _ in range(self.chance.randint(0, 3)):
            await self.pause()
            donation = await self.insist(lambda house: house.donations.find(donation_id))
            if donation and donation.needs_review:
                await self._claim()
            if donation and donation.status is DonationStatus.FAILED:
                again = await self.tap(lambda house, key: house.drafts.try_again(donation_id, self.donor_id, key))
                if again:
                    await self._confirm(again)
                    return

    async def _claim(self) -> None:
        code = self.chance.choice([*self.world.collecting.receipts_of(self.phone.digits)[:1], NO_RECEIPT])
        await self.insist(lambda house: house.claims.claim(self.donor_id, f"My code is {code}"))

    async def _give_by_api(self) -> None:
        """No draft makes this one safe to repeat, so it is asked once."""
        campaign_id, amount = self.chance.choice(CAMPAIGNS), Money.shillings(self.chance.randint(60, 500))
        with suppress(Unreachable, DiskError, Refused):
            await self.world.ask(lambda house: house.donations.start(self.donor_id, campaign_id, amount, self.phone))
