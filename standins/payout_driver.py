"""Being M-Pesa where it pays out: how recipients' numbers behave, what moved, results by hand."""

import msgspec

from standins.control_client import ControlClient
from standins.shapes import (
    Accounts,
    Book,
    Delivered,
    Float,
    Paid,
    PayoutBehaviour,
    PayoutCallback,
    PayoutScript,
)


class PayoutDriver(ControlClient):
    async def script_payout(
        self, phone: str, *behaviours: PayoutBehaviour, always: PayoutBehaviour | None = None
    ) -> None:
        """What happens to the next payouts to the number, and to all that follow."""
        script = PayoutScript(next=list(behaviours), always=msgspec.UNSET if always is None else always)
        await self._post(f"daraja/recipient/{phone}", script)

    async def book(self) -> Book:
        return await self._get("daraja/book", Book)

    async def paid(self, phone: str | None = None) -> list[Paid]:
        return [paid for paid in (await self.book()).paid if phone in (None, paid.phone)]

    async def wait_for_paid(
        self, phone: str | None = None, times: int = 1, timeout_s: float | None = None
    ) -> list[Paid]:
        """Once money has moved so often to the number, or to any."""

        async def look() -> list[Paid] | None:
            found = await self.paid(phone)
            return found if len(found) >= times else None

        async def seen() -> str:
            return repr((await self.book()).payout_requests[-5:])

        return await self._wait(look, timeout_s, f"not paid {times} times to {phone or 'anybody'}", seen)

    async def balances(self) -> Accounts:
        return await self._get("daraja/balances", Accounts)

    async def set_float(self, shillings: int) -> None:
        await self._post("daraja/float", Float(shillings))

    async def certificate(self) -> str:
        """In PEM, as MPESA_CERTIFICATE_FILE holds it."""
        return (await self.download("/control/daraja/certificate")).decode()

    async def unlock_initiator(self) -> None:
        await self._post("daraja/unlock-initiator", {})

    async def payout_callback(self, wanted: PayoutCallback) -> Delivered:
        return msgspec.json.decode(await self._post("daraja/payout-callback", wanted), type=Delivered)
