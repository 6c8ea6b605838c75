"""What somebody wants paid, and the limits it has to keep before it becomes a payout."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, true

from fundraising import days, names
from fundraising.money import Money
from fundraising.paying.payout import Payout
from fundraising.people import phones
from fundraising.refusals import BadPayout, LooksDuplicate, NotAnAmount, PayoutOutOfRange
from fundraising.statuses import PayoutStatus
from mpesa.msisdn import Msisdn
from storage.payout_tables import payouts
from storage.vault import Vault

p = payouts.c
LEAST, MOST = Money.shillings(10), Money.shillings(250_000)  # Daraja's limits for B2C (Safaricom's portal, 2025)
MOST_A_DAY = Money.shillings(500_000)
DUPLICATE_WITHIN = timedelta(minutes=10)
NAME_LENGTH, TEXT_LENGTH = 80, 100
GONE = (PayoutStatus.REJECTED, PayoutStatus.CANCELLED, PayoutStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Order:
    campaign_id: int
    amount: Money
    phone: Msisdn
    recipient_name: str
    purpose: str = ""
    remarks: str = "Payout"
    ngo_id: int | None = None
    recipient_email: str | None = field(default=None, repr=False)  # reads there what arrived


def of(payout: Payout) -> Order:
    """What was wanted, to be weighed as if it were wanted now."""
    return Order(
        payout.campaign_id,
        payout.amount,
        payout.phone,
        payout.recipient_name,
        payout.purpose,
        payout.remarks,
        payout.ngo_id,
    )


def tidy(order: Order) -> Order:
    """Each text in one line, with nothing in it that is not seen or turns the line beside it."""
    name, purpose, remarks = map(names.tidy, (order.recipient_name, order.purpose, order.remarks))
    return replace(order, recipient_name=name, purpose=purpose, remarks=remarks)


def check_shape(order: Order) -> None:
    """Raises BadPayout, NotAnAmount, PayoutOutOfRange."""
    lengths = ((order.recipient_name, 1, NAME_LENGTH), (order.purpose, 0, TEXT_LENGTH), (order.remarks, 2, TEXT_LENGTH))
    if any(not least <= len(text) <= most for text, least, most in lengths):
        raise BadPayout
    if not names.says_something(order.recipient_name):
        raise BadPayout
    if order.amount.currency != "KES" or order.amount.minor % 100:
        raise NotAnAmount
    if not LEAST.minor <= order.amount.minor <= MOST.minor:
        raise PayoutOutOfRange(LEAST, MOST, MOST_A_DAY, Money(0))


def check_day(conn: Connection, vault: Vault, order: Order, now: datetime) -> None:
    """Raises PayoutOutOfRange when the recipient would get more than M-Pesa allows in a Kenyan day."""
    midnight = days.start(days.of(now))
    today = select(func.sum(p.amount_minor)).where(
        p.phone_index == phones.index(vault, order.phone), p.created_at >= midnight, p.status.not_in(GONE)
    )
    already = Money(int(conn.scalar(today) or 0))
    if already.minor + order.amount.minor > MOST_A_DAY.minor:
        raise PayoutOutOfRange(LEAST, MOST, MOST_A_DAY, already)


def check_duplicate(conn: Connection, vault: Vault, order: Order, since: datetime, batch_id: int | None = None) -> None:
    """Raises LooksDuplicate. A row of a batch is compared with the others of the batch before: see Batches."""
    same = select(p.id).where(
        p.campaign_id == order.campaign_id,
        p.phone_index == phones.index(vault, order.phone),
        p.amount_minor == order.amount.minor,
        p.created_at > since,
        p.status.not_in(GONE),
        p.batch_id.is_distinct_from(batch_id) if batch_id else true(),
    )
    for payout_id in conn.scalars(same.order_by(p.id.desc()).limit(1)):
        raise LooksDuplicate(payout_id)
