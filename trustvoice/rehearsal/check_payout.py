"""`trustvoice check --payout`: one payout, asked for here, approved in the bot as any other, followed to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from fundraising.money import Money
from fundraising.paying.orders import Order
from fundraising.paying.payout import Payout
from fundraising.people import phones
from fundraising.people.roles import Person, Role
from fundraising.statuses import PayoutStatus
from trustvoice.bootstrap import Program
from trustvoice.rehearsal.check import Failed, Say, callbacks_arrive

LOOK_EVERY_S = 1.0
WAIT_FOR_PEOPLE = timedelta(minutes=30)
PURPOSE = "trustvoice check"
ENDED = (PayoutStatus.COMPLETED, PayoutStatus.FAILED, PayoutStatus.REJECTED, PayoutStatus.CANCELLED)
NAME_MAKER = "Run: trustvoice admin add --telegram NUMBER --name NAME --role maker"


@dataclass(frozen=True)
class Wanted:
    phone_text: str
    shillings: int
    recipient_name: str
    maker: int | None  # the Telegram number of who asks for it
    campaign_id: int | None


async def check_payout(program: Program, wanted: Wanted, say: Say) -> None:
    """Real money, where the settings are real: another person has to approve it. Raises Failed, Refused."""
    if not program.settings.pays_out:
        raise Failed("Payouts are off: set MPESA_INITIATOR_NAME and what belongs to it (see .env.example)")
    phone = phones.parse(wanted.phone_text)
    await callbacks_arrive(program, say)
    maker = await maker_of(program, wanted.maker)
    campaign_id = wanted.campaign_id or await first_campaign(program)
    order = Order(campaign_id, Money.shillings(wanted.shillings), phone, wanted.recipient_name, purpose=PURPOSE)
    payout = await program.use_cases.paying.requests.request(order, maker.id)
    needed = payout.approvals_needed
    say(f"Payout #{payout.id} of {payout.amount} to {phone} is asked for in the name of {maker.name}")
    say(f"It waits for {needed} other{'s' if needed > 1 else ''} to press Approve in the bot")
    await follow(payout, program.use_cases.paying.requests.find, say)


async def maker_of(program: Program, telegram: int | None) -> Person:
    """Raises Failed."""
    makers = [person for person in await program.use_cases.staff.all() if person.may(Role.MAKER)]
    named = [person for person in makers if telegram in (None, *person.chat_ids)]
    if telegram is not None and not named:
        raise Failed(f"Nobody with the Telegram number {telegram} may ask for payouts. {NAME_MAKER}")
    if not named:
        raise Failed(f"Nobody may ask for payouts. {NAME_MAKER}")
    if len(named) > 1:
        listed = ", ".join(f"{person.name} ({', '.join(map(str, person.chat_ids))})" for person in named)
        raise Failed(f"Say in whose name, with --maker NUMBER: {listed}")
    return named[0]


async def first_campaign(program: Program) -> int:
    """Raises Failed."""
    for progress in await program.use_cases.campaigns.open_ones(limit=1):
        return progress.campaign.id
    raise Failed("There is no open campaign to pay from")


async def follow(payout: Payout, find: Callable[[int], Awaitable[Payout]], say: Say) -> None:
    """Tells each move. Raises Failed when it does not end in money paid."""
    deadline = asyncio.get_running_loop().time() + WAIT_FOR_PEOPLE.total_seconds()
    while payout.status not in ENDED and not payout.needs_review:
        if asyncio.get_running_loop().time() > deadline:
            raise Failed(f"Payout #{payout.id} is still {payout.status}. It goes on without this check: /payouts")
        await asyncio.sleep(LOOK_EVERY_S)
        before, payout = payout.status, await find(payout.id)
        if payout.status is not before:
            say(f"Payout #{payout.id} is {payout.status}")
    if payout.status is not PayoutStatus.COMPLETED or payout.needs_review:
        why = payout.needs_review or payout.status_message or "see /payouts in the bot"
        raise Failed(f"Payout #{payout.id} is {payout.status}: {why}")
    say(f"M-Pesa paid it, receipt {payout.receipt or 'not known yet'}")
