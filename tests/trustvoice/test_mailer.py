"""E-mail by way of a real mail server, also when it is down, slow to decide, or says no."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from fundraising.giving.donation import Donation
from fundraising.giving.receipts import Receipts
from fundraising.lanes import MAIL
from fundraising.money import Money
from letters.mail.message import Sender
from mpesa.msisdn import Msisdn
from mpesa.outcome import Succeeded
from storage import tables
from tests.databases import opened as opened_database
from tests.fakes import callback
from tests.fundraising.house import House
from tests.fundraising.treasury import MAKER, Treasury
from tests.trustvoice.postbox import HANG_UP, Postbox, opened, text_of
from trustvoice.jobs import mail_worker
from trustvoice.mail import smtp_url
from trustvoice.mail.mailer import Mailer
from trustvoice.mail.notifier import LATER, PATIENCE
from trustvoice.mail.smtp_url import Privacy, SmtpServer

SENDER = Sender("Maji Safi", "receipts@example.org")
ADDRESS = "wanjiku@example.org"
PHONE = Msisdn.parse("0708374140")


@dataclass
class Post:
    """A house with one donor who gives no chat, but an address; and the mail server that it uses."""

    house: House
    box: Postbox
    donor_id: int = 0

    def uses(self, server: SmtpServer) -> None:
        mailer = Mailer(server, SENDER)
        self.worker = mail_worker(self.house.database, self.house.clock, self.house.use_cases, mailer)

    async def is_asked(self) -> Donation:
        self.house.clock.forward(minutes=3)
        return await self.house.use_cases.donations.start(self.donor_id, 1, Money.shillings(500), PHONE)

    async def gives(self, receipt: str = "TKM1AAAAAA", code: int = 0) -> None:
        await self.is_asked()
        await self.house.hear(callback(f"ws_CO_{len(self.house.mpesa.pushed)}", code, receipt=receipt))

    async def gives_without_a_callback(self) -> None:
        """M-Pesa says so when it is asked, and then names no receipt."""
        await self.is_asked()
        self.house.mpesa.queries.append(Succeeded(None))
        await self.house.wait(seconds=31)

    async def delivers(self) -> None:
        while await self.worker.start_due():
            await self.worker.finish(timedelta(seconds=20))

    async def waits(self, **how_long: float) -> None:
        self.house.clock.forward(**how_long)
        await self.delivers()

    async def waiting(self) -> list[timedelta]:
        """For how long each mail that is not sent yet has still to wait."""
        j = tables.jobs.c
        found = await self.house.database.read(
            lambda conn: list(conn.scalars(select(j.run_at).where(j.lane == MAIL).order_by(j.id)))
        )
        return [at - self.house.clock.moment for at in found if at]

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.box.mails]


@pytest.fixture
async def box() -> AsyncIterator[Postbox]:
    async with opened() as box:
        yield box


@pytest.fixture
async def post(box: Postbox, tmp_path: Path) -> AsyncIterator[Post]:
    async with opened_database("inline", tmp_path) as database:
        post = Post(await House(database).open(), box)
        post.donor_id = (await post.house.use_cases.donors.without_chat("Wanjiku", ADDRESS)).id
        post.uses(smtp_url.parse(box.url))
        yield post


async def test_a_receipt_arrives_as_text_and_html(post: Post) -> None:
    await post.gives()
    await post.delivers()
    [mail] = post.box.mails
    assert post.box.envelopes == [(SENDER.address, [ADDRESS])]
    assert (mail["From"], mail["To"]) == (f"Maji Safi <{SENDER.address}>", ADDRESS)
    assert mail["Subject"] == "Receipt: KES 500 for Water for Turkana"
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        assert "TKM1AAAAAA" in text_of(mail, kind)
    assert await post.waiting() == []


async def test_who_did_not_ask_gets_none(post: Post) -> None:
    await post.house.give()
    await post.house.hear(callback())
    assert await post.house.jobs("MailReceipt") == []
    assert (await post.house.donation()).receipt == "TKM1AAAAAA"


async def test_who_asks_while_the_prompt_is_on_the_phone_gets_one_and_who_stops_gets_none(post: Post) -> None:
    receipts = Receipts(post.house.database, post.house.vault, sends_mail=True)
    await post.house.give()
    await receipts.ask(1, " njeri@Example.org ")
    await post.house.hear(callback())
    await post.gives("TKM1BBBBBB")
    await receipts.stop(post.donor_id)
    await post.delivers()
    assert [mail["To"] for mail in post.box.mails] == ["njeri@example.org"]


async def test_a_failed_gift_that_turns_out_paid_is_corrected_in_the_mail(post: Post) -> None:
    await post.gives(code=1032)
    assert await post.house.jobs("MailReceipt") == []
    await post.house.hear(callback("ws_CO_1"))
    await post.delivers()
    [mail] = post.box.mails
    assert "no longer holds" in text_of(mail)


async def test_a_gift_whose_amount_was_corrected_meanwhile_gets_no_receipt(post: Post) -> None:
    await post.gives_without_a_callback()
    assert len(await post.house.jobs("MailReceipt")) == 1
    await post.house.hear(callback("ws_CO_1", shillings=400))
    await post.delivers()
    assert (post.box.mails, await post.waiting()) == ([], [])


async def test_of_two_failures_of_a_payout_only_the_last_is_mailed(post: Post) -> None:
    treasury = Treasury(post.house)
    await treasury.open()
    await post.house.use_cases.staff.set_email(MAKER, "maker@example.org")
    payout = await treasury.send()
    await treasury.result(code=8)
    earlier = await post.house.jobs("MailAboutPayout")
    await post.house.use_cases.paying.approvals.retry(payout.id, MAKER)
    await post.house.work()
    await treasury.result(code=8, conversation_id="AG_2")
    assert len(await post.house.jobs("MailAboutPayout")) == len(earlier) + 1
    await post.delivers()
    assert [mail["To"] for mail in post.box.mails] == ["maker@example.org"]
    assert await post.waiting() == []


async def test_the_code_that_comes_later_is_another_mail_and_while_one_waits_the_same(post: Post) -> None:
    await post.gives_without_a_callback()
    await post.delivers()
    await post.house.hear(callback("ws_CO_1", receipt="TKM1CCCCCC"))
    await post.delivers()
    await post.gives_without_a_callback()
    await post.house.hear(callback("ws_CO_2", receipt="TKM1DDDDDD"))
    await post.delivers()
    told = [text_of(mail) for mail in post.box.mails]
    assert ["follows in another" in text for text in told] == [True, False, False]
    assert ("TKM1CCCCCC" in told[1], "TKM1DDDDDD" in told[2]) == (True, True)
    assert len(set(post.ids)) == 3


async def test_an_hour_without_a_mail_server_loses_nothing_and_doubles_nothing(post: Post) -> None:
    await post.gives()
    await post.box.close()
    for _minute in range(60):
        await post.waits(minutes=1)
        [wait] = await post.waiting()
        assert wait <= timedelta(minutes=1)
    await post.box.open()
    await post.waits(minutes=1)
    await post.waits(hours=1)
    assert len(post.box.mails) == 1
    assert await post.waiting() == []


async def test_a_mail_whose_acceptance_got_lost_is_sent_again_as_the_same_mail(post: Post) -> None:
    post.box.to_mails.append(HANG_UP)
    await post.gives()
    await post.delivers()
    assert len(await post.waiting()) == 1
    await post.waits(minutes=1)
    first, second = post.ids
    assert first == second
    await post.gives("TKM1BBBBBB")
    await post.delivers()
    assert post.ids[2] != first


@pytest.mark.parametrize("stage", ["to_recipients", "to_mails"])
async def test_later_is_respected_with_growing_waits_and_given_up_after_days(post: Post, stage: str) -> None:
    getattr(post.box, stage).extend(["451 4.7.1 Greylisted"] * 2)
    await post.gives()
    await post.delivers()
    [first] = await post.waiting()
    await post.waits(minutes=3)
    [second] = await post.waiting()
    assert timedelta(minutes=1) < first < second <= LATER
    await post.waits(hours=1)
    assert len(post.box.mails) == 1
    getattr(post.box, stage).extend(["452 4.2.2 Mailbox full"] * 2)
    await post.gives("TKM1BBBBBB")
    await post.delivers()
    await post.waits(seconds=PATIENCE.total_seconds())
    assert (await post.waiting(), len(post.box.mails)) == ([], 1)


@pytest.mark.parametrize(
    ("stage", "answer"), [("to_recipients", f"550 5.1.1 <{ADDRESS}> is unknown here"), ("to_mails", "554 5.7.1 Spam")]
)
async def test_never_ends_that_mail_and_no_other_and_the_log_names_no_address(
    post: Post, stage: str, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    getattr(post.box, stage).append(answer)
    await post.gives()
    await post.gives("TKM1BBBBBB")
    with caplog.at_level(logging.INFO):
        await post.delivers()
    assert await post.waiting() == []
    assert len(post.box.mails) == 1
    assert (
        f"refused for good: {'SMTPRecipientRefused 550 5.1.1' if '550' in answer else 'SMTPDataError 554 5.7.1'}"
        in caplog.text
    )
    assert all("wanjiku" not in record.getMessage() for record in caplog.records if record.name != "mail.log")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_wrong_password_is_an_outage_complained_of_once_with_the_remedy(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(user="maji", password="right") as box:
        post.uses(smtp_url.parse(box.url.replace("right", "canary")))
        await post.gives()
        await post.delivers()
        await post.waits(minutes=2)
        complaints = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
        assert complaints == [
            "no e-mail can be sent: SMTPAuthenticationError 535 5.7.8. Check user and password in SMTP_URL; "
            "until then all mail waits."
        ]
        assert "canary" not in caplog.text
        post.uses(smtp_url.parse(box.url))
        await post.waits(minutes=2)
        assert len(box.mails) == 1


async def test_a_sender_that_the_server_refuses_is_an_outage_too(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.box.to_senders.append("553 5.7.1 Not your address")
    await post.gives()
    await post.delivers()
    assert "Set MAIL_FROM to an address that this user may send from" in caplog.text
    await post.waits(minutes=2)
    assert len(post.box.mails) == 1


async def test_without_starttls_nothing_is_sent_to_another_machine(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.uses(SmtpServer("127.0.0.1", post.box.port, Privacy.STARTTLS))
    await post.gives()
    await post.delivers()
    assert (post.box.mails, len(await post.waiting())) == ([], 1)
    assert "must offer STARTTLS" in caplog.text


async def test_without_a_mail_server_the_jobs_end_quietly(post: Post) -> None:
    await post.gives()
    post.worker = mail_worker(post.house.database, post.house.clock, post.house.use_cases, None)
    await post.delivers()
    assert (post.box.mails, await post.waiting()) == ([], [])
