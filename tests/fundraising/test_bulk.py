"""Many payouts from one file: read exactly or refused by line, promised and agreed to as one, sent one by one."""

import pytest

from fundraising.money import Money
from fundraising.paying import bulk_file
from fundraising.refusals import AlreadyDecided, BadBulkFile, InsufficientFunds, LooksDuplicate, OwnRequest
from fundraising.statuses import PayoutStatus
from tests.fundraising.treasury import CHECKER, MAKER, OWNER, Treasury

P = PayoutStatus


def file(count: int, shillings: int = 100) -> bytes:
    lines = [f"Person {n},07{10_000_000 + n},{shillings},food" for n in range(count)]
    return "\n".join(["name,phone,amount,purpose", *lines]).encode()


async def read_the_result(treasury: Treasury) -> set[int]:
    """The people to whom it goes."""
    return {job["chat_id"] - 1000 for job in await treasury.house.jobs("SendBatchResult")}


def test_a_file_from_excel_is_read() -> None:
    lines = ["Name;Phone;Amount;Purpose", "Akinyi Otieno;712345678;1500;school fees", ";;;"]
    lines.append("Mwangi;254110000001;KES 2,000;")
    rows = bulk_file.read(("\ufeff" + "\r\n".join(lines)).encode(), 1)
    assert [(row.line, str(row.order.amount), row.order.phone.digits) for row in rows] == [
        (2, "KES 1,500", "254712345678"),
        (4, "KES 2,000", "254110000001"),
    ]


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ("Akinyi,2.54708E+11,100", "scientific"),
        ("Akinyi,12345,100", "phone"),
        ("Akinyi,0712345678,ten", "amount"),
        ("Akinyi,0712345678,100.50", "amount"),
        ("Akinyi,0712345678,-100", "amount"),
        ("Akinyi,0712345678,5", "range"),
        ("Akinyi,0712345678,250001", "range"),
        (",0712345678,100", "name"),
    ],
)
def test_every_error_is_told_by_its_line(cells: str, error: str) -> None:
    with pytest.raises(BadBulkFile) as bad:
        bulk_file.read(f"name,phone,amount\nMwangi,0711111111,100\n{cells}\n".encode(), 1)
    assert bad.value.errors == [(3, error)]


@pytest.mark.parametrize(
    ("data", "error"), [(b"", "header"), (b"a,b\n1,2", "header"), (b"name,phone,amount\n", "empty")]
)
def test_a_file_without_rows_or_header_is_refused(data: bytes, error: str) -> None:
    with pytest.raises(BadBulkFile) as bad:
        bulk_file.read(data, 1)
    assert bad.value.errors == [(1, error)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(ends: str) -> None:
    [row] = bulk_file.read(ends.join(["name;phone;amount", "Akinyi;0712345678;100", ""]).encode(), 1)
    assert (row.line, row.order.recipient_name) == (2, "Akinyi")


@pytest.mark.parametrize(
    ("data", "line"),
    [("name,phone,amount\n".encode("utf-16-le"), 1), (b"name,phone,amount\nA,0712345678," + b"1" * 200_000, 2)],
)
def test_what_is_no_table_is_refused(data: bytes, line: int) -> None:
    with pytest.raises(BadBulkFile) as bad:
        bulk_file.read(data, 1)
    assert bad.value.errors == [(line, "unreadable")]


def test_a_number_of_a_recipient_that_nobody_can_have_is_refused() -> None:
    with pytest.raises(BadBulkFile) as bad:
        bulk_file.read(b"name,phone,amount,ngo_id\nA,0712345678,100," + b"9" * 5_000, 1)
    assert bad.value.errors == [(2, "ngo_id")]


def test_the_same_phone_twice_is_told() -> None:
    rows = bulk_file.read(b"name,phone,amount\nA,0712345678,100\nB,0711111111,100\nA,254712345678,50\n", 1)
    assert bulk_file.twice(rows) == [(4, 2)]


@pytest.mark.parametrize("database", ["inline", "postgres"], indirect=True)  # on SQLite next door, through the chat
async def test_two_hundred_and_eight_recipients_are_paid_one_after_the_other(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    batch = await paying.batches.request(bulk_file.read(file(208), 1), MAKER, "message 1")
    assert (batch.total, await treasury.held()) == (Money.shillings(20_800), (50_000, 20_800))
    assert (await paying.batches.request(bulk_file.read(file(208), 1), MAKER, "message 1")).id == batch.id
    with pytest.raises(OwnRequest):
        await treasury.house.use_cases.paying.approvals.approve_batch(
            (await paying.batches.request(bulk_file.read(file(2, 200), 1), OWNER, "message 2")).id, OWNER
        )
    await paying.approvals.approve_batch(batch.id, CHECKER)
    with pytest.raises(AlreadyDecided):
        await paying.approvals.approve_batch(batch.id, OWNER)
    await treasury.house.work()
    phones = [payment.phone.digits for payment in treasury.house.payouts.sent]
    assert phones == [f"2547{10_000_000 + n}" for n in range(208)]
    for n in range(208):
        await treasury.result(nth=n, receipt=f"TKB{n:07}")
    done = await paying.batches.find(batch.id)
    assert (done.done, done.count(P.COMPLETED)) == (208, 208)
    assert await read_the_result(treasury) == {MAKER, CHECKER}


async def test_the_same_payment_twice_in_one_file_is_asked_for_only_when_it_is_said_to_be_meant(
    treasury: Treasury,
) -> None:
    batches = treasury.house.use_cases.paying.batches
    rows = bulk_file.read(b"name,phone,amount\nA,0712345678,500\nB,0711111111,500\nC,254712345678,500\n", 1)
    with pytest.raises(LooksDuplicate) as refused:
        await batches.request(rows, MAKER, "api:1")
    assert refused.value.rows == (2, 4)
    assert await treasury.held() == (50_000, 0)
    assert len((await batches.request(rows, MAKER, "api:2", despite_duplicates=True)).payouts) == 3


async def test_different_amounts_to_one_phone_are_two_payments(treasury: Treasury) -> None:
    rows = bulk_file.read(b"name,phone,amount\nA,0712345678,500\nA,0712345678,600\n", 1)
    assert len((await treasury.house.use_cases.paying.batches.request(rows, MAKER, "api:1")).payouts) == 2


async def test_an_empty_float_pauses_the_rest_until_a_person_resumes(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    batch = await paying.batches.request(bulk_file.read(file(3), 1), MAKER, "message 1")
    treasury.house.payouts.before_answering = None
    await paying.approvals.approve_batch(batch.id, CHECKER)
    await treasury.house.worker.start_due()
    await treasury.house.finish()
    await treasury.result(1)
    sent = len(treasury.house.payouts.sent)
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == sent == 1
    assert (await paying.batches.find(batch.id)).paused
    await paying.batches.resume(batch.id, MAKER)
    await treasury.house.work()
    assert len(treasury.house.payouts.sent) == 3


async def test_a_batch_is_promised_whole_or_not_at_all(treasury: Treasury) -> None:
    with pytest.raises(InsufficientFunds):
        await treasury.house.use_cases.paying.batches.request(bulk_file.read(file(10, 6000), 1), MAKER, "message 1")
    assert await treasury.held() == (50_000, 0)


async def test_when_the_last_row_is_called_back_or_rejected_the_result_is_sent_all_the_same(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    batch = await paying.batches.request(bulk_file.read(file(3), 1), MAKER, "message 1")
    first, second, third = (payout.id for payout in batch.payouts)
    await paying.approvals.approve(first, CHECKER)
    await treasury.house.work()
    await treasury.result()
    await paying.approvals.reject(second, CHECKER, "wrong number")
    assert not await read_the_result(treasury)
    await paying.requests.cancel(third, MAKER)
    assert await read_the_result(treasury) == {MAKER, CHECKER}


async def test_rows_that_nobody_decided_do_not_hold_back_the_result(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    batch = await paying.batches.request(bulk_file.read(file(2), 1), MAKER, "message 1")
    await paying.approvals.approve(batch.payouts[0].id, CHECKER)
    await treasury.house.work()
    await treasury.result()
    await treasury.house.wait(days=3, minutes=1)
    assert (await paying.batches.find(batch.id)).done == 2
    assert await read_the_result(treasury) == {MAKER, CHECKER}


async def test_the_result_of_a_rejection_is_sent_when_what_was_agreed_to_before_has_ended(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    batch = await paying.batches.request(bulk_file.read(file(3), 1), MAKER, "message 1")
    await paying.approvals.approve(batch.payouts[0].id, CHECKER)
    await treasury.house.work()
    await paying.approvals.reject_batch(batch.id, CHECKER, "not now")
    assert not await read_the_result(treasury)
    await treasury.result()
    assert await read_the_result(treasury) == {MAKER, CHECKER}


async def test_what_is_called_off_whole_has_no_result(treasury: Treasury) -> None:
    paying = treasury.house.use_cases.paying
    batch = await paying.batches.request(bulk_file.read(file(2), 1), MAKER, "message 1")
    for payout in batch.payouts:
        await paying.requests.cancel(payout.id, MAKER)
    assert not await read_the_result(treasury)
