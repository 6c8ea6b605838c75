"""Those who agree or refuse; who decide what M-Pesa never told; and owners, who open what was frozen."""

from functools import partial

from fundraising.people.roles import Role
from fundraising.use_cases import UseCases
from tests.simulation.eye import PayoutRow
from tests.simulation.paying_out import End
from tests.simulation.people import Person, World
from tests.simulation.template import CAMPAIGNS, CHATS, CHECKER, OWNERS

AT_LEAST = 120.0  # seconds between two looks: they are people
MOST_LOOKS = 100  # while there are faults


class Checker(Person):
    def __init__(self, world: World, person_id: int):
        super().__init__(world, f"checker {person_id}")
        self.person_id = person_id

    async def live(self) -> None:
        while True:
            at_least = max(AT_LEAST, self.world.options.hours * 3600 / MOST_LOOKS)
            await self.pause(1 + at_least / self.world.options.hurry)
            await self._look()

    async def _look(self) -> None:
        for payout in self.world.eye.payouts("status = 'pending'"):
            if self._has_agreed(payout) or self.happens("ignores"):
                continue
            if payout.requester_id != self.person_id or self.happens("pays_himself"):
                await self._decide(payout)
        if self.world.options.people_decide:
            for payout in self.world.eye.payouts("needs_review IS NOT NULL"):
                await self._review(payout)
        if self.happens("freezes"):
            await self.insist(lambda house: house.paying.switch.freeze(self.person_id, "looks odd"))

    def _has_agreed(self, payout: PayoutRow) -> bool:
        return self.person_id in self.world.eye.approvers(payout.id)

    async def _decide(self, payout: PayoutRow) -> None:
        batch_id, me = payout.batch_id, self.person_id
        if self.happens("rejects"):
            if batch_id:
                await self.insist(lambda house: house.paying.approvals.reject_batch(batch_id, me, "no"))
            else:
                await self.insist(lambda house: house.paying.approvals.reject(payout.id, me, "no"))
        elif batch_id:
            await self.taps(lambda house: house.paying.approvals.approve_batch(batch_id, me))
        else:
            mac = "0" * 12 if self.happens("old_buttons") else None
            made = await self.taps(lambda house: house.paying.approvals.approve(payout.id, me, mac))
            if made and me == payout.requester_id:
                self.world.wrong(f"{self.name} agreed to payout {payout.id}, which he asked for")

    async def _review(self, payout: PayoutRow) -> None:
        opened = self.world.eye.attempts(
            "payout_id = ? AND state IN ('sending', 'waiting', 'accepted', 'unknown')", payout.id
        )
        if not opened:
            await self.close(payout)
            return
        originator_id = opened[0].originator_id
        truth, receipt = self.world.paying.truth(originator_id), None
        if truth is End.QUEUED:
            return
        paid = truth is End.PAID and not self.happens("errs_in_review")
        if paid:
            [transaction, *_] = self.world.paying.paid(originator_id)
            if transaction.shillings * 100 != payout.minor:
                return  # "paid" would say that this amount was
            receipt = transaction.receipt
        self.world.people_say.hear(originator_id, self.person_id, paid)
        await self.insist(lambda house: house.paying.review.decide(payout.id, self.person_id, paid, receipt))

    async def close(self, payout: PayoutRow) -> None:
        """An owner's business."""


class Owner(Checker):
    async def close(self, payout: PayoutRow) -> None:
        await self.insist(lambda house: house.paying.review.close(payout.id, self.person_id))

    async def _look(self) -> None:
        await super()._look()
        if self.world.eye.frozen():
            await self.insist(lambda house: house.paying.switch.unfreeze(self.person_id))
        if self.happens("changes_roles"):
            await self._change_a_role()
        for proposal_id in self._proposals():
            await self.insist(partial(self._confirm, proposal_id))
        await self._cover()
        if self.happens("cancels"):
            await self._call_one_back()
        if self.happens("closes_a_campaign") and self.world.eye.is_open(CAMPAIGNS[-1]):
            await self.insist(lambda house: house.campaigns.close(CAMPAIGNS[-1]))

    async def _cover(self) -> None:
        """What was paid and not covered, as soon as the campaign has something that is not promised."""
        free = {row.account: row.came - row.went - row.promised for row in self.world.eye.balances()}
        for campaign_id in CAMPAIGNS:
            if free.get(f"receivable:{campaign_id}", 0) < 0 < free.get(f"campaign:{campaign_id}", 0):
                await self.insist(partial(cover, campaign_id))

    async def _change_a_role(self) -> None:
        """The checker is one no longer, or again."""
        if CHECKER in self.world.eye.with_role("checker"):
            await self.insist(lambda house: house.staff.remove(CHECKER, Role.CHECKER, self.person_id))
        else:
            chat = CHATS[CHECKER]
            await self.insist(lambda house: house.staff.add(chat, "Checker", Role.CHECKER, self.person_id))

    async def _confirm(self, proposal_id: int, house: UseCases) -> None:
        await house.staff.confirm(proposal_id, self.person_id)

    def _proposals(self) -> list[int]:
        said = "SELECT id FROM consents WHERE kind = 'role' AND confirmer_id IS NULL AND withdrawn_at IS NULL"
        return [id for (id,) in self.world.eye.all(f"{said} AND proposer_id <> ?", (self.person_id,)).fetchall()]

    async def _call_one_back(self) -> None:
        for payout in self.world.eye.payouts("status = 'approved'")[:1]:
            await self.insist(partial(self._cancel, payout.id))

    async def _cancel(self, payout_id: int, house: UseCases) -> None:
        await house.paying.requests.cancel(payout_id, self.person_id)


async def cover(campaign_id: int, house: UseCases) -> None:
    await house.receivables.cover(campaign_id)


def staff(world: World) -> list[Checker]:
    return [Checker(world, CHECKER), *(Owner(world, owner) for owner in OWNERS)]
