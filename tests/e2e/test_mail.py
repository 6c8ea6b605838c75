"""A gift and a payout from the chat to the mailbox."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import pytest_asyncio

from standins.shapes import PayoutBehaviour
from tests.e2e.payout_house import SECRET_KEY, Treasury, opened_treasury
from tests.trustvoice import postbox
from tests.trustvoice.postbox import Postbox, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def box() -> AsyncIterator[Postbox]:
    async with postbox.opened() as box:
        yield box


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def treasury(box: Postbox, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Treasury]:
    folder: Path = tmp_path_factory.mktemp("mail")
    settings = {"SMTP_URL": box.url, "MAIL_FROM": "receipts@example.org", "SECRET_KEY": SECRET_KEY}
    async with opened_treasury(folder, settings) as treasury:
        yield treasury


async def mails_to(treasury: Treasury, box: Postbox, address: str, count: int = 1) -> list[EmailMessage]:
    async def arrived() -> list[EmailMessage]:
        return [mail for mail in box.mails if mail["To"] == address]

    return await treasury.sees(arrived, lambda found: len(found) >= count)


async def test_a_donor_who_asks_in_the_chat_gets_the_receipt_and_nobody_else(treasury: Treasury, box: Postbox) -> None:
    donor, silent = await treasury.house.donor(), await treasury.house.donor("Otieno")
    await donor.says("/receipt wanjiku", "not an e-mail address")
    await donor.says("/receipt wanjiku@example.org", "also go to wanjiku@example.org")
    for each in (silent, donor):
        prompt = await each.is_asked(treasury.house.slug)
        await treasury.house.pay(prompt)
    [mail] = await mails_to(treasury, box, "wanjiku@example.org")
    receipt = (await donor.paid()).receipt
    assert receipt in text_of(mail)
    assert receipt in text_of(mail, "html")
    await donor.says("/receipt", receipt)
    await donor.says("/receipt off", "No receipts by e-mail any more")
    assert {mail["To"] for mail in box.mails} == {"wanjiku@example.org"}


async def test_a_payout_is_told_to_the_owners_and_the_recipient_and_a_failure_to_the_owners(
    treasury: Treasury, box: Postbox
) -> None:
    phone = treasury.recipient()
    house = treasury.house
    for words in (
        ("admin", "email", "1", "owner@example.org"),
        ("ngo", "add", "--name", "Maji", "--phone", phone, "--email", "maji@example.org"),
    ):
        assert (await house.command(*words)).code == 0
    await treasury.standins.script_payout(phone, PayoutBehaviour(), PayoutBehaviour(result="wallet_full"))
    paid, _ = await treasury.sends(phone=phone)
    [mail] = await mails_to(treasury, box, "owner@example.org")
    receipt = await treasury.receipt(phone)
    assert mail["Subject"] == f"Payout #{paid} is paid: KES 1,000"
    assert receipt in text_of(mail)
    [arrived] = await mails_to(treasury, box, "maji@example.org")
    assert receipt in text_of(arrived)
    assert phone not in text_of(arrived) + text_of(arrived, "html")
    failed, _ = await treasury.sends(2000, phone)
    told = await mails_to(treasury, box, "owner@example.org", 2)
    assert told[1]["Subject"] == f"Payout #{failed} failed: KES 2,000"
    assert "cannot take this amount just now" in text_of(told[1])
    assert len(await mails_to(treasury, box, "maji@example.org")) == 1


async def test_no_address_stands_readable_in_the_database_or_the_log(treasury: Treasury) -> None:
    addresses = ("wanjiku@example.org", "owner@example.org", "maji@example.org")
    stored = b"".join(path.read_bytes() for path in treasury.house.rehearsal.folder.glob("trustvoice.db*"))
    for address in addresses:
        assert address.encode() not in stored
        assert address not in treasury.house.rehearsal.log()
