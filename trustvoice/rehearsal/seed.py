"""What somebody finds who comes to the demo with another program: keys of the HTTP API, and money to pay out."""

import asyncio
import secrets
from dataclasses import dataclass

import httpx

from fundraising.people import phones
from fundraising.people.api_keys import KeyRole
from standins.driver import Standins
from trustvoice.bootstrap import Program
from trustvoice.cli.keys import PREFIX
from trustvoice.rehearsal.child import DidNotStart, Rehearsal

NGO = ("Turkana Water Trust", "254708374149")
BENEFACTOR, BENEFACTORS_PHONE, GIFT = "Baraka Foundation", "254722000111", 60_000
SETTLED_WITHIN_S = 10
API = """
The HTTP API is at {server}, its documentation at {server}/docs, a campaign's page at {server}/c/{slug}

export API={server} KEY={key}
export APPROVER={approver}

curl -sS $API/donations/ -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '
  {{"donor_id": 1, "campaign_id": 1, "amount": 500, "currency": "KES",
   "payment_method": "mpesa", "phone_number": "254708374149"}}'

curl -sS $API/payouts/ -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -d '
  {{"campaign_id": 1, "ngo_id": 1, "recipient_phone": "254708374149", "recipient_name": "Turkana Water Trust",
   "amount": 50000, "currency": "KES", "purpose": "First borehole", "remarks": "Borehole one"}}'

The first rings the drawn phone. The second waits for another person: the checker, or APPROVER's key; README.md goes on.
"""


@dataclass(frozen=True)
class Seeded:
    key: str
    approver: str  # the key of another person
    benefactor: int


async def seed(house: Program) -> Seeded:
    """NGO 1, a donor with much money, and two people's keys."""
    name, phone = NGO
    await house.use_cases.ngos.add(name, phones.parse(phone))
    benefactor = await house.use_cases.donors.without_chat(BENEFACTOR)
    return Seeded(await new_key(house, "Demo"), await new_key(house, "Demo's approver"), benefactor.id)


async def new_key(house: Program, name: str) -> str:
    key = PREFIX + secrets.token_hex(32)
    await house.use_cases.api_keys.create(key, name, KeyRole.ADMIN)
    return key


async def give(rehearsal: Rehearsal, seeded: Seeded) -> None:
    """Donation 1, through the API and M-Pesa, as any other. Raises DidNotStart."""
    wanted = {"donor_id": seeded.benefactor, "campaign_id": 1, "amount": GIFT, "phone_number": BENEFACTORS_PHONE}
    signed = {"Authorization": f"Bearer {seeded.key}"}
    async with (
        httpx.AsyncClient(trust_env=False, base_url=rehearsal.server, headers=signed) as http,
        Standins(rehearsal.page) as standins,
    ):
        answer = await http.post("/donations/", json=wanted)
        if answer.status_code != httpx.codes.CREATED:
            raise DidNotStart(f"the demo's donation was refused: {answer.text}")
        prompt = await standins.wait_for_prompt(BENEFACTORS_PHONE)
        await standins.decide(prompt.checkout_id, "pay")
        await completed(http, answer.json()["id"])


async def completed(http: httpx.AsyncClient, donation_id: int) -> None:
    """Raises DidNotStart."""
    for _ in range(SETTLED_WITHIN_S * 50):
        if (await http.get(f"/donations/{donation_id}")).json()["status"] == "completed":
            return
        await asyncio.sleep(0.02)
    raise DidNotStart("the demo's donation was paid, but is not settled")


def told(rehearsal: Rehearsal, seeded: Seeded, slug: str) -> str:
    return API.format(server=rehearsal.server, key=seeded.key, approver=seeded.approver, slug=slug)
