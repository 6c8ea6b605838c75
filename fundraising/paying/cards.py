"""All that one should see of a payout: before deciding, and afterwards its whole history."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, func, select

from fundraising import campaigns, questions, stops
from fundraising.campaigns import Campaign
from fundraising.ledger import reservations
from fundraising.money import Money
from fundraising.paying import agreement, payees, quorum
from fundraising.paying import payout as rows
from fundraising.paying.approvals import Approvals
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.quorum import Lately, Rules
from fundraising.people import phones, roles
from fundraising.people.likeness import alike
from fundraising.people.roles import OWNERS_NEEDED, Role
from fundraising.statuses import PayoutReview, PayoutStatus
from mpesa.msisdn import Msisdn
from storage.database import Database
from storage.payout_tables import payouts
from storage.tables import donations
from storage.vault import Vault

p = payouts.c


class Warning(StrEnum):
    FROZEN = "frozen"
    TOO_FEW_OWNERS = "too_few_owners"  # nothing is sent before there are two
    TOO_FEW_CHECKERS = "too_few_checkers"  # nobody can give so many approvals
    NEW_NUMBER = "new_number"
    LARGEST_EVER = "largest_ever"
    RECIPIENT_IS_DONOR = "recipient_is_donor"
    OTHER_NETWORK = "other_network"  # it looks like another network's number; M-Pesa is Safaricom's


@dataclass(frozen=True, slots=True)
class Card:
    payout: Payout
    campaign: Campaign
    available_after: Money  # of the campaign, once everything promised is paid
    requester: str
    approvers: tuple[str, ...]
    decided_by: str | None
    attempts: tuple[Attempt, ...]
    lately: Lately
    known_name: str | None  # in which M-Pesa had this number when it was paid before
    warnings: tuple[Warning, ...]
    mac: str  # what its buttons carry
    findings: tuple[PayoutReview, ...] = ()  # why people must look at it, each
    sees_people: bool = True  # whoever it is for

    def for_viewers(self) -> "Card":
        return replace(self, payout=self.payout.for_viewers(), sees_people=False)

    @property
    def known_by_another_name(self) -> bool:
        return self.known_name is not None and not alike(self.payout.recipient_name, self.known_name)


class Cards:
    def __init__(self, database: Database, vault: Vault, approvals: Approvals, rules: Rules):
        self._database, self._vault, self._approvals, self._rules = database, vault, approvals, rules

    async def known_name(self, phone: Msisdn) -> str | None:
        """In whose name M-Pesa has the number, if it was paid before and M-Pesa told."""
        return await self._database.read(lambda conn: payees.known_name(conn, self._vault, phone))

    async def of(self, payout_id: int) -> Card:
        """Raises NoSuchPayout."""
        return await self._database.read(lambda conn: self._card(conn, payout_id))

    def _card(self, conn: Connection, payout_id: int) -> Card:
        payout = rows.find(conn, self._vault, payout_id)
        names = [roles.name_of(conn, self._vault, person) for person in agreement.approvers(conn, payout_id)]
        return Card(
            payout,
            campaigns.load_one(conn, campaigns.c.id == payout.campaign_id),
            reservations.available(conn, payout.campaign_id, payout.amount.currency),
            roles.name_of(conn, self._vault, payout.requester_id),
            tuple(names),
            roles.name_of(conn, self._vault, payout.decided_by) if payout.decided_by else None,
            tuple(rows.attempts_of(conn, payout_id)),
            quorum.before(conn, self._vault, self._rules, payout),
            payees.known_name(conn, self._vault, payout.phone, besides=payout.id),
            tuple(self._warnings(conn, payout)),
            self._approvals.mac(payout),
            tuple(map(PayoutReview, questions.standing(conn, questions.Kind.PAYOUT, payout_id))),
        )

    def _warnings(self, conn: Connection, payout: Payout) -> list[Warning]:
        index = phones.index(self._vault, payout.phone)
        others = select(func.count()).where(p.id != payout.id)
        paid_before = conn.scalar(others.where(p.phone_index == index, p.status == PayoutStatus.COMPLETED))
        as_large = conn.scalar(others.where(p.amount_minor >= payout.amount.minor))
        gifts = conn.scalar(select(func.count()).where(donations.c.phone_index == index))
        undecided = payout.status is PayoutStatus.PENDING
        waits = payout.status in (PayoutStatus.PENDING, PayoutStatus.APPROVED)
        able = set(roles.holders(conn, Role.CHECKER)) - {payout.requester_id}
        found = {
            Warning.FROZEN: waits and bool(stops.standing(conn)),
            Warning.TOO_FEW_OWNERS: waits and roles.count_of_owners(conn) < OWNERS_NEEDED,
            Warning.TOO_FEW_CHECKERS: undecided and len(able) < payout.approvals_needed,
            Warning.NEW_NUMBER: not paid_before,
            Warning.LARGEST_EVER: not as_large,
            Warning.RECIPIENT_IS_DONOR: bool(gifts),
            Warning.OTHER_NETWORK: phones.other_network(payout.phone) is not None,
        }
        return [warning for warning, holds in found.items() if holds]
