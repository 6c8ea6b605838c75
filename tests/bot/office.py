"""People with a role and a campaign with money, in the bot's world."""

from dataclasses import dataclass

from fundraising.money import Money
from fundraising.paying.payout import Payout
from fundraising.people.roles import Role
from mpesa.msisdn import Msisdn
from tests.bot.telegram import Shown
from tests.bot.world import CHAT, World, message
from tests.fakes import b2c_result, callback

MAKER, CHECKER, SECOND_CHECKER, OTHER_OWNER = 2001, 2002, 2003, 1002
PEOPLE = (
    (OTHER_OWNER, "Njeri", Role.OWNER),
    (MAKER, "Mumbi", Role.MAKER),
    (CHECKER, "Chebet", Role.CHECKER),
    (SECOND_CHECKER, "Sanaipei", Role.CHECKER),
)
GIVER = Msisdn.parse("0708374149")
ONE_LINE = "/payout 1 5000 0712345678 Akinyi Otieno"


@dataclass
class Office:
    world: World

    async def open(self, shillings: int = 100_000) -> "Office":
        """The donor's gift has arrived. Two owners: then checkers take two, so they were named before."""
        staff, donors = self.world.use_cases.staff, self.world.use_cases.donors
        for chat, name, role in sorted(PEOPLE, key=lambda person: person[2] is Role.OWNER):
            await staff.add(chat, name, role, by=None)
            await donors.arrive(chat, name, "en")
        donor = await donors.arrive(CHAT, "Wanjiku", "en")
        await self.world.use_cases.donations.start(donor.id, 1, Money.shillings(shillings), GIVER)
        await self.world.hear(callback(shillings=shillings))
        return self

    async def request(self, line: str = ONE_LINE) -> Payout:
        await self.say(MAKER, line)
        await self.tap(MAKER, "Confirm")
        return await self.payout()

    async def sent(self) -> Payout:
        """Requested and approved; M-Pesa has acknowledged it."""
        payout = await self.request()
        await self.tap(CHECKER, "Approve")
        return await self.payout(payout.id)

    async def say(self, chat: int, text: str) -> None:
        await self.world.say(text, chat=chat)
        await self.world.work()

    async def tap(self, chat: int, label: str) -> None:
        await self.world.tap(label, chat)
        await self.world.work()

    async def tap_data(self, chat: int, data: str, message_id: int = 1) -> None:
        await self.world.tap_data(data, message_id, chat)
        await self.world.work()

    async def send_file(self, chat: int, content: bytes, caption: str = "/bulk 1") -> None:
        file_id = f"file{len(self.world.telegram.files)}"
        self.world.telegram.files[file_id] = content
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": "p.csv", "file_size": len(content)}
        await self.world.handle(message=message(chat_id=chat, document=document, caption=caption))
        await self.world.work()

    async def result(
        self, code: int | str = 0, nth: int = -1, receipt: str = "TKB1AAAAAA", name: str | None = None
    ) -> None:
        """`name`: in which M-Pesa has the number that was paid."""
        sent = self.world.payouts.sent[nth]
        party = f"{sent.phone.digits} - {name}" if name else None
        body = b2c_result(sent.originator_id, code, sent.shillings, receipt, name=party)
        await self.world.use_cases.paying.mailbox.payment_result(self.world.payouts.token(nth), body)
        await self.world.work()

    async def payout(self, payout_id: int = 0) -> Payout:
        """That one, or the newest."""
        requests = self.world.use_cases.paying.requests
        return await requests.find(payout_id) if payout_id else (await requests.list(limit=1))[0]

    async def count(self) -> int:
        return len(await self.world.use_cases.paying.requests.list(limit=1000))

    async def promised(self) -> int:
        return (await self.world.use_cases.campaigns.standing(1)).balance.reserved.whole_shillings

    def last(self, chat: int) -> Shown:
        return self.world.last_of(chat)

    def texts(self, chat: int) -> list[str]:
        return self.world.texts_of(chat)

    @property
    def pop_up(self) -> str:
        return self.world.pop_ups[-1]
