"""How many people must agree. What was asked for lately counts together with what is new: splitting gains nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from fundraising.money import Money
from fundraising.paying.orders import GONE, Order
from fundraising.paying.payout import Payout
from fundraising.people import phones
from storage.payout_tables import payouts
from storage.vault import Vault

p = payouts.c
Quorum = Sequence[tuple[Money, int]]  # from this sum on, so many people
ONE_PERSON: Quorum = ((Money(0), 1),)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """`cap`: what all payouts of the window may come to; beyond it one person more than otherwise has to agree."""

    steps: Quorum = ONE_PERSON
    window: timedelta = A_DAY
    cap: Money | None = None

    def of_sum(self, total: Money) -> int:
        return max(people for least, people in self.steps if total.minor >= least.minor)


@dataclass(frozen=True, slots=True)
class Lately:
    """What was asked for within the window, and has not ended unpaid."""

    recipient: Money
    requester: Money
    campaign: Money
    window: timedelta


def needed(conn: Connection, vault: Vault, rules: Rules, orders: Sequence[Order], by: int, now: datetime) -> int:
    """For these orders of one campaign, asked for and agreed to as one.

    Call it before they are stored, while nobody else asks (`one_at_a_time`).
    """
    since = p.created_at > now - rules.window
    total = Money(sum(order.amount.minor for order in orders))
    most_to_one = highest(to_each(conn, vault, orders, since))
    by_requester = total_of(conn, since, p.requester_id == by) + total
    from_campaign = total_of(conn, since, p.campaign_id == orders[0].campaign_id) + total
    people = max(rules.of_sum(each) for each in (most_to_one, by_requester, from_campaign))
    beyond = rules.cap is not None and (total_of(conn, since) + total).minor > rules.cap.minor
    return people + beyond


def to_each(conn: Connection, vault: Vault, orders: Sequence[Order], since: ColumnElement[bool]) -> Mapping[bytes, int]:
    """What each recipient would have got, in minor units."""
    sums: defaultdict[bytes, int] = defaultdict(int)
    for order in orders:
        sums[phones.index(vault, order.phone)] += order.amount.minor
    query = select(p.phone_index, func.sum(p.amount_minor)).where(since, p.status.not_in(GONE))
    for index, minor in conn.execute(query.where(p.phone_index.in_(list(sums))).group_by(p.phone_index)).all():
        sums[index] += int(minor)
    return sums


def highest(sums: Mapping[bytes, int]) -> Money:
    return Money(max(sums.values()))


def before(conn: Connection, vault: Vault, rules: Rules, payout: Payout) -> Lately:
    """What came before this payout, for whoever decides on it. Its own batch is decided as one: none of it counts."""
    earlier = (
        p.id < payout.id,
        p.created_at > payout.created_at - rules.window,
        p.batch_id.is_distinct_from(payout.batch_id) if payout.batch_id else p.id != payout.id,
    )
    return Lately(
        total_of(conn, *earlier, p.phone_index == phones.index(vault, payout.phone)),
        total_of(conn, *earlier, p.requester_id == payout.requester_id),
        total_of(conn, *earlier, p.campaign_id == payout.campaign_id),
        rules.window,
    )


def total_of(conn: Connection, *where: ColumnElement[bool]) -> Money:
    query = select(func.sum(p.amount_minor)).where(*where, p.status.not_in(GONE))
    return Money(int(conn.scalar(query) or 0))
