"""`trustvoice check`: a donation and a payout from end to end, told step by step."""

import asyncio
import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx

from fundraising.giving.donation import Donation
from fundraising.money import Money
from fundraising.people import phones
from fundraising.statuses import DonationStatus
from standins.app import CHECKER, DONOR, MAKER
from standins.driver import Standins
from storage import facts
from trustvoice.bootstrap import Program
from trustvoice.rehearsal.child import Rehearsal, rehearse
from trustvoice.rehearsal.demo import IMPATIENT, OPTIONS, prepare
from webhooks.health import WHOSE

Say = Callable[[str], None]
GIFT, PAYOUT = 500, 200
RECIPIENT = "254712345678"
LOOK_EVERY_S = 1.0
WAIT_FOR_PIN = timedelta(minutes=3)


class Failed(Exception):
    """The step that did not work, and what to do."""


async def check_rehearsed(say: Say) -> None:
    """Against the stand-ins, through the chat. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="trustvoice-check-") as folder:
        async with rehearse(Path(folder), OPTIONS, IMPATIENT) as rehearsal, Standins(rehearsal.page) as standins:
            await prepare(rehearsal)
            say("TrustVoice runs against stand-ins of Telegram and M-Pesa, with two campaigns")
            await give_in_chat(standins, say)
            await pay_in_chat(standins, say)
            await compare(rehearsal, standins, say)


async def give_in_chat(standins: Standins, say: Say) -> None:
    sent = await standins.say(DONOR.user_id, "/start")
    await standins.wait_for_text(DONOR.user_id, "Which campaign", since=sent.mark)
    say("/start is answered")
    sent = await standins.tap(DONOR.user_id, "Clean water")
    await standins.wait_for_text(DONOR.user_id, "Clean water", since=sent.mark)
    sent = await standins.tap(DONOR.user_id, f"KES {GIFT}")
    await standins.wait_for_text(DONOR.user_id, "number", since=sent.mark)
    sent = await standins.say(DONOR.user_id, "0708 374 149")
    await standins.wait_for_text(DONOR.user_id, "Confirm", since=sent.mark)
    say(f"Campaign, KES {GIFT} and the phone number are chosen")
    sent = await standins.tap(DONOR.user_id, "Confirm")
    prompt = await standins.wait_for_prompt()
    say(f"Confirm: M-Pesa asks the phone for the PIN: KES {prompt.shillings}, account {prompt.reference}")
    await standins.decide(prompt.checkout_id, "pay")
    message = await standins.wait_for_text(DONOR.user_id, "receipt", since=sent.mark)
    say(f"The donor reads: {message.text.splitlines()[0]}")


async def pay_in_chat(standins: Standins, say: Say) -> None:
    approvers = await standins.mark()
    sent = await standins.say(MAKER.user_id, f"/payout 1 {PAYOUT} {RECIPIENT} Akinyi Otieno")
    await standins.wait_for_text(MAKER.user_id, "Please check", since=sent.mark)
    sent = await standins.tap(MAKER.user_id, "Confirm")
    say(f"The maker asks for a payout of KES {PAYOUT}")
    await standins.wait_for_text(CHECKER.user_id, "Payout #1", since=approvers)
    await standins.tap(CHECKER.user_id, "Approve")
    await standins.wait_for_paid(RECIPIENT)
    message = await standins.wait_for_text(MAKER.user_id, "receipt", since=sent.mark)
    say(f"The checker approves, M-Pesa pays; the maker reads: {message.text.splitlines()[0]}")


async def compare(rehearsal: Rehearsal, standins: Standins, say: Say) -> None:
    """M-Pesa's own book against ours."""
    book = await standins.book()
    came, went = sum(each.shillings for each in book.moved), sum(each.shillings for each in book.paid)
    _, listed = await rehearsal.command("campaign", "list", "--json")
    raised = sum(campaign["raised_amounts"].get("KES", 0) for campaign in json.loads(listed))
    if (came, went) != (raised, PAYOUT):
        raise Failed(f"M-Pesa took KES {came} and paid KES {went}; the campaigns raised KES {raised}")
    say(f"M-Pesa took KES {came} and paid KES {went}; the campaigns raised KES {raised}")
    code, said = await rehearsal.command("verify")
    if code:
        raise Failed(said)
    say(f"trustvoice verify: {said.strip()}")


async def check_configured(program: Program, phone_text: str, shillings: int, say: Say) -> None:
    """With the settings in force: a real push to a real (or Safaricom's test) phone. Raises Failed, Refused."""
    phone = phones.parse(phone_text)
    await callbacks_arrive(program, say)
    campaigns = await program.use_cases.campaigns.open_ones(limit=1)
    if not campaigns:
        raise Failed("There is no open campaign. Add one: trustvoice campaign add --title Test --goal 1000")
    donor = await program.use_cases.donors.without_chat("trustvoice check")
    amount = Money.shillings(shillings)
    donation = await program.use_cases.donations.start(donor.id, campaigns[0].campaign.id, amount, phone)
    say(f"Donation {donation.id} of {amount} for “{campaigns[0].campaign.title}”: the push is {donation.push}")
    deadline = asyncio.get_running_loop().time() + WAIT_FOR_PIN.total_seconds()
    while is_open(donation) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(LOOK_EVERY_S)
        donation = await program.use_cases.donations.find(donation.id)
    if donation.status is not DonationStatus.COMPLETED or donation.needs_review:
        raise Failed(f"Donation {donation.id} is {donation.status}: {await why(program, donation)}")
    say(f"Donation {donation.id} is completed, receipt {donation.receipt or 'not known yet'}")


def is_open(donation: Donation) -> bool:
    return donation.status is DonationStatus.PENDING and not donation.needs_review


async def why(program: Program, donation: Donation) -> str:
    if strays := await program.use_cases.suspense.of_donation(donation.id):
        came = ", ".join(f"{each.amount} (receipt {each.receipt or donation.receipt})" for each in strays)
        return f"{came} arrived, which does not fit it. It lies in suspense: two people decide in the bot, /suspense"
    return donation.failure or donation.needs_review or "no word from M-Pesa yet; it goes on being asked"


async def callbacks_arrive(program: Program, say: Say) -> None:
    if program.settings.finds_public_url:
        start = f"ngrok http {program.settings.port}"
        raise Failed(f"PUBLIC_URL is auto, but there is no tunnel to port {program.settings.port}. Start it: {start}")
    address = f"{program.settings.public_url}/healthz"
    try:
        async with httpx.AsyncClient(timeout=10) as http:
            answer = await http.get(address)
    except httpx.TransportError as error:
        raise Failed(f"{address} does not answer ({error}). Start `trustvoice run`, and check PUBLIC_URL.") from error
    if answer.status_code != httpx.codes.OK:
        raise Failed(f"{address} answers {answer.status_code}: PUBLIC_URL does not lead to `trustvoice run`.")
    theirs, ours = answer.headers.get(WHOSE), await program.database.read(facts.mark_of_books)
    if theirs not in (None, ours):
        raise Failed(f"{program.settings.public_url} leads to a TrustVoice with other books than DATABASE_URL's.")
    say(f"{program.settings.public_url} leads to a running TrustVoice")
