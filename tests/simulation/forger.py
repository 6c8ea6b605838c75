"""One who knows the addresses and the ids, but no token; and who found the token of another payment in a log."""

import asyncio
import json
from typing import Any

from tests.simulation.payout_words import Fact, Named, balance_body, paid_body, result_body, status_body, timeout_body
from tests.simulation.people import Person, World
from tests.simulation.side import token_of

INITIATOR = "2001"


class Forger(Person):
    def __init__(self, world: World):
        super().__init__(world, "forger")

    async def live(self) -> None:
        while hourly := self.world.options.forgeries_an_hour:
            await asyncio.sleep(self.chance.expovariate(hourly / 3600))
            self.world.note("a forged callback", fault=True)
            if self.chance.random() < 0.5:
                await self._forge_a_gift()
            else:
                await self._forge_a_payout()

    async def _forge_a_gift(self) -> None:
        prompts = self.world.collecting.prompts
        amount = self.chance.choice([9999, *(prompt.push.shillings for prompt in prompts.values())])
        items = [{"Name": "Amount", "Value": amount}, {"Name": "MpesaReceiptNumber", "Value": "FORGED0001"}]
        checkout_id, code = self.chance.choice(list(prompts) or ["ws_CO_0"]), self.chance.choice([0, 0, 1032, 1037])
        result: dict[str, Any] = {"CheckoutRequestID": checkout_id, "ResultCode": code}
        shapes: list[object] = [
            {"Body": {"stkCallback": {**result, "CallbackMetadata": {"Item": items}}}},
            {"Body": {"stkCallback": result}},
            {"Body": "gibberish"},
        ]
        await self.world.deliver("stk", self._no_token(), json.dumps(self.chance.choice(shapes)).encode())

    async def _forge_a_payout(self) -> None:
        known = self.world.paying.transactions
        victim = self.chance.choice(known) if known else None
        named = victim.named if victim else Named("NOBODYKNOWSTHIS", "AG_0")
        shillings = victim.payment.shillings if victim else 9999
        fact = Fact("Completed", shillings, "FORGED0002", "600999 - NGO", "254712345678 - X", self.world.now())
        path, body = self.chance.choice(
            [
                ("payout/result", paid_body(self.chance, named, shillings, "FORGED0002", 1)),
                ("payout/result", result_body(self.chance, named, self.chance.choice(["1", INITIATOR]))),
                ("payout/timeout", timeout_body(self.chance, named)),
                ("status", status_body(self.chance, named, fact)),
                ("status", result_body(self.chance, named, INITIATOR)),
                ("balance", balance_body(self.chance, named, 3)),
            ]
        )
        await self.world.deliver(path, self._found_token(path, named) or self._no_token(), body)

    def _found_token(self, path: str, named: Named) -> str | None:
        """Of another payment, or made for another purpose. Under v1 a token is all that M-Pesa itself can show."""
        others = [each for each in self.world.paying.transactions if each.named != named]
        if not others or not self.world.options.remembers_ids or self.chance.random() < 0.7:
            return None
        return token_of(self.chance.choice(others).payment.result_url)

    def _no_token(self) -> str | None:
        return self.chance.choice([None, "0" * 64, self.chance.randbytes(32).hex()])
