"""Who is told by e-mail: staged with what happened, and looked up anew when the mail is sent."""

import pytest

from fundraising.giving.receipts import Receipts
from fundraising.mailing import Addressee
from fundraising.money import Money
from fundraising.paying.bulk_file import Row
from fundraising.paying.orders import Order
from fundraising.paying.payout import Payout, ask_people
from fundraising.people import emails
from fundraising.people.emails import EmailAddress
from fundraising.people.roles import Role
from fundraising.refusals import NoMail, NoSuchDonor, NoSuchPerson, NotAnEmailAddress
from fundraising.statuses import PayoutReview
from mpesa.msisdn import Msisdn
from tests.fakes import callback
from tests.fundraising.house import House
from tests.fundraising.treasury import CHECKER, MAKER, OTHER_OWNER, OWNER, RECIPIENT, SECOND_CHECKER, Treasury

OTHER = Msisdn.parse("0712345679")
on_both = pytest.mark.parametrize("database", ["inline", "postgres"], indirect=True)


@pytest.fixture
async def told(treasury: Treasury) -> Treasury:
    """Everybody but one owner has an address."""
    for person in (MAKER, CHECKER, SECOND_CHECKER, OWNER):
        await treasury.house.use_cases.staff.set_email(person, f"person{person}@example.org")
    return treasury


async def sent(treasury: Treasury, email: str | None = None) -> Payout:
    order = Order(1, Money.shillings(1000), RECIPIENT, "Akinyi", recipient_email=email)
    payout = await treasury.house.use_cases.paying.requests.request(order, MAKER)
    await treasury.approve(payout)
    await treasury.house.work()
    return payout


async def mailed(house: House) -> dict[int, str]:
    return {job["person_id"]: job["news"] for job in await house.jobs("MailAboutPayout")}


@on_both
async def test_a_payment_is_mailed_to_who_asked_who_agreed_the_owners_and_the_recipient(told: Treasury) -> None:
    house, payout = told.house, await sent(told, "akinyi@example.org")
    await told.result()
    assert await mailed(house) == dict.fromkeys((MAKER, CHECKER, OWNER), "completed")
    assert await house.jobs("MailRecipient") == [{"payout_id": payout.id}]
    mailing = house.use_cases.mailing
    assert await mailing.recipient(payout.id) == Addressee(EmailAddress("akinyi@example.org"), None)
    await house.use_cases.donors.arrive(1001, "Amina", "sw")
    assert await mailing.person(MAKER) == Addressee(EmailAddress("person1@example.org"), "sw")
    assert await mailing.person(OTHER_OWNER) is None


@on_both
async def test_a_failure_is_mailed_to_all_who_can_help_and_not_to_the_recipient(told: Treasury) -> None:
    await sent(told, "akinyi@example.org")
    await told.result(code=2)
    assert await mailed(told.house) == dict.fromkeys((MAKER, CHECKER, SECOND_CHECKER, OWNER), "failed")
    assert await told.house.jobs("MailRecipient") == []


@on_both
async def test_a_saved_recipient_reads_at_the_saved_address_unless_one_is_given(told: Treasury) -> None:
    ngo = await told.house.use_cases.ngos.add("Akinyi", RECIPIENT, email="saved@example.org")
    for given, reads in ((None, "saved@example.org"), ("other@example.org", "other@example.org")):
        order = Order(1, Money.shillings(1000), RECIPIENT, "Akinyi", ngo_id=ngo.id, recipient_email=given)
        payout = await told.house.use_cases.paying.requests.request(order, MAKER, despite_duplicate=True)
        to = await told.house.use_cases.mailing.recipient(payout.id)
        assert to
        assert to.address.text == reads


@on_both
async def test_a_saved_recipient_is_told_of_nothing_that_came_to_another_phone(told: Treasury) -> None:
    ngo = await told.house.use_cases.ngos.add("Akinyi", OTHER, chat_id=4242, email="saved@example.org")
    for phone, reads in ((RECIPIENT, 0), (OTHER, 1)):
        order = Order(1, Money.shillings(1000), phone, "Akinyi", ngo_id=ngo.id)
        payout = await told.house.use_cases.paying.requests.request(order, MAKER)
        await told.approve(payout)
        await told.house.work()
        await told.result(receipt=f"TKB{reads}AAAAAA", nth=reads)
        assert len(await told.house.jobs("TellRecipient")) == len(await told.house.jobs("MailRecipient")) == reads
        assert bool(await told.house.use_cases.mailing.recipient(payout.id)) is bool(reads)


@on_both
async def test_a_payment_of_another_amount_is_for_people_to_explain_first(told: Treasury) -> None:
    await sent(told, "akinyi@example.org")
    await told.result(shillings=900)
    assert await mailed(told.house)
    assert await told.house.jobs("MailRecipient") == []


@on_both
async def test_a_graver_finding_does_not_hide_that_another_amount_was_paid(told: Treasury) -> None:
    payout, now = await sent(told, "akinyi@example.org"), told.house.clock()
    await told.house.database.write(lambda conn: ask_people(conn, payout.id, PayoutReview.PAID_AGAIN, now))
    await told.result(shillings=900)
    assert await told.house.jobs("MailRecipient") == []


@on_both
async def test_a_bulk_payout_is_one_mail_to_each_and_every_recipient_reads_of_the_own_payment(told: Treasury) -> None:
    paying = told.house.use_cases.paying
    rows = [
        Row(n, Order(1, Money.shillings(100), phone, "Akinyi", recipient_email=f"r{n}@example.org"))
        for n, phone in enumerate((RECIPIENT, OTHER))
    ]
    batch = await paying.batches.request(rows, MAKER, "file")
    await paying.approvals.approve_batch(batch.id, CHECKER)
    await told.house.work()
    await told.result(nth=0, receipt="TKB1AAAAAA")
    assert await told.house.jobs("MailBatchResult") == []
    await told.house.work()
    await told.result(nth=1, receipt="TKB1BBBBBB", conversation_id="AG_2")
    people = {job["person_id"] for job in await told.house.jobs("MailBatchResult")}
    assert (people, await mailed(told.house)) == ({MAKER, CHECKER, OWNER}, {})
    assert len(await told.house.jobs("MailRecipient")) == 2


@on_both
async def test_who_lost_the_role_or_the_address_meanwhile_gets_none(told: Treasury) -> None:
    use_cases = told.house.use_cases
    await use_cases.staff.remove(MAKER, Role.MAKER, by=None)
    assert await use_cases.mailing.person(MAKER) is None
    await use_cases.staff.set_email(CHECKER, None)
    assert (await use_cases.mailing.person(CHECKER), await use_cases.staff.email(CHECKER)) == (None, None)
    with pytest.raises(NoSuchPerson):
        await use_cases.staff.set_email(99, "a@b.org")


@on_both
async def test_receipts_are_promised_only_where_mail_is_sent_and_to_who_is_known(house: House) -> None:
    with pytest.raises(NoMail):
        await house.use_cases.receipts.ask(1, "a@b.org")
    receipts = Receipts(house.database, house.vault, sends_mail=True)
    with pytest.raises(NoSuchDonor):
        await receipts.ask(99, "a@b.org")
    await receipts.ask(1, "a@b.org")
    assert await receipts.address(1) == EmailAddress("a@b.org")
    assert (await house.give()).receipt_by_mail
    await receipts.stop(1)
    assert await receipts.address(1) is None
    house.clock.forward(minutes=3)
    assert not (await house.give()).receipt_by_mail


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" wanjiku@Example.ORG\n", "wanjiku@example.org"),
        ("W.anjiku+gifts@mail.example.co.ke", "W.anjiku+gifts@mail.example.co.ke"),
        ("o'hara@xn--bcher-kva.example", "o'hara@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_as_it_is_typed(typed: str, kept: str) -> None:
    assert emails.parse(typed).text == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "wanjiku",
        "@example.org",
        "wanjiku@",
        "wanjiku@localhost",
        "wanjiku@127.0.0.1",
        "wanjiku@-example.org",
        "wanjiku@example..org",
        ".wanjiku@example.org",
        "wanjiku@otieno@example.org",
        "wanjiku@example.org, otieno@example.org",
        "wanjiku@example.org\r\nBcc: otieno@example.org",
        "wan\njiku@example.org",
        "wan jiku@example.org",
        '"wan jiku"@example.org',
        "Wanjiku <wanjiku@example.org>",
        "wanjiku@exämple.org",
        "wänjiku@example.org",
        f"{'w' * 65}@example.org",
        f"w@{'e' * 60}.{'x' * 60}.{'x' * 60}.{'x' * 60}.{'x' * 20}.org",
    ],
)
def test_what_is_not_one_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(NotAnEmailAddress):
        emails.parse(typed)


def test_an_address_prints_masked() -> None:
    assert "anjiku" not in f"{EmailAddress('wanjiku@example.org')} {EmailAddress('wanjiku@example.org')!r}"
    assert "akinyi" not in repr(Order(1, Money(1), RECIPIENT, "A", recipient_email="akinyi@example.org"))


async def test_a_gift_that_failed_and_arrives_all_the_same_is_mailed_to_who_asked_meanwhile(house: House) -> None:
    receipts = Receipts(house.database, house.vault, sends_mail=True)
    await house.give(500)
    await house.hear(callback(code=1032))
    await receipts.ask(1, "a@b.org")
    await house.hear(callback())
    assert [job["donation_id"] for job in await house.jobs("MailReceipt")] == [1]
