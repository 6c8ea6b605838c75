"""Callbacks proven, repeated, early, late, forged, contradicting. The money is booked once, whatever is said."""

import asyncio
import codecs
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NoReturn

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import OperationalError

from fundraising.evidence import prompts
from fundraising.evidence.tokens import hash_of
from fundraising.giving.settlement import Settlement
from fundraising.ledger import accounts, posting
from fundraising.ledger.causes import Donation
from fundraising.money import Money
from fundraising.refusals import NotJson
from fundraising.statuses import DonationStatus, Push, Review
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed, Succeeded, Unknown
from storage.places import body_of_evidence
from storage.tables import evidence
from tests.databases import any_database
from tests.fakes import callback
from tests.fundraising.house import House
from tests.fundraising.treasury import OWNER, Treasury


async def test_a_paid_donation_is_credited_and_told(house: House) -> None:
    await house.give(500)
    await house.hear(callback())
    donation = await house.donation()
    assert (donation.status, donation.receipt) == (DonationStatus.COMPLETED, "TKM1AAAAAA")
    assert await house.held("campaign:1") == 500
    assert await house.held("outside") == -500
    assert await house.told() == ["completed"]


async def test_twenty_deliveries_at_once_credit_once_and_tell_once(house: House) -> None:
    await house.give(500)
    await asyncio.gather(*[house.hear(callback()) for _ in range(20)])
    await house.hear(callback())
    assert await house.held("campaign:1") == 500
    assert await house.told() == ["completed"]


async def test_the_same_payment_in_other_words_is_one_payment(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=500))
    await house.hear(callback(shillings="500.00"))
    assert await house.held("campaign:1") == 500
    assert await house.held("suspense") == 0


@pytest.mark.parametrize(
    ("code", "reason"), [(1032, Reason.CANCELLED), (1, Reason.INSUFFICIENT_FUNDS), (2001, Reason.WRONG_PIN)]
)
async def test_a_final_failure_code_fails_the_donation(house: House, code: int, reason: Reason) -> None:
    await house.give()
    await house.hear(callback(code=code))
    donation = await house.donation()
    assert (donation.status, donation.failure) == (DonationStatus.FAILED, reason)
    assert await house.told() == ["failed"]


async def test_a_late_success_after_a_failure_still_credits(house: House) -> None:
    await house.give(500)
    await house.hear(callback(code=1032))
    await house.hear(callback())
    assert (await house.donation()).status is DonationStatus.COMPLETED
    assert await house.held("campaign:1") == 500
    assert await house.told() == ["failed", "completed_late"]


async def test_a_failure_after_a_success_changes_nothing(house: House) -> None:
    await house.give(500)
    await house.hear(callback())
    await house.hear(callback(code=1032))
    assert (await house.donation()).status is DonationStatus.COMPLETED
    assert await house.held("campaign:1") == 500


async def test_another_amount_goes_to_suspense_in_full_and_stays_pending(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=400))
    donation = await house.donation()
    assert (donation.status, donation.needs_review) == (DonationStatus.PENDING, Review.OTHER_AMOUNT)
    assert await house.held("campaign:1") == 0
    assert await house.held("suspense") == 400
    assert await house.told() == ["suspended"]
    assert await house.told("TellOwners") == ["suspense"]


async def test_cents_that_arrive_are_booked_exactly(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=400.55))
    assert (await house.database.read(lambda conn: posting.balance(conn, accounts.SUSPENSE))).minor == 400_55


async def test_another_amount_told_twice_in_other_words_is_suspended_once(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=400))
    await house.hear(callback(shillings="400.00"))
    await house.hear(callback(shillings=500))  # contradicts itself: the same receipt, now with the amount asked for
    assert await house.held("suspense") == 400
    assert await house.held("campaign:1") == 0


async def test_a_query_adds_nothing_to_another_amount_that_lies_in_suspense(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=400))
    house.mpesa.queries.append(Succeeded(None))
    await house.hear(callback(code=1032), token=None)
    await house.work()
    assert house.mpesa.asked
    assert await house.held("outside") == -400


async def test_a_second_receipt_for_the_same_donation_goes_to_suspense(house: House) -> None:
    await house.give(500)
    await house.hear(callback(receipt="TKM1AAAAAA"))
    await house.hear(callback(receipt="TKM2BBBBBB"))
    assert await house.held("campaign:1") == 500
    assert await house.held("suspense") == 500
    assert (await house.donation()).status is DonationStatus.COMPLETED


async def test_a_callback_before_the_answer_to_the_push_settles(house: House) -> None:
    house.mpesa.before_answering = lambda: house.hear(callback("ws_CO_early"))
    house.mpesa.pushes.append(Unknown("the connection was cut"))
    donation = await house.give(500)
    assert (donation.status, donation.push) == (DonationStatus.COMPLETED, Push.ACCEPTED)
    assert await house.held("campaign:1") == 500


async def test_the_first_callback_tells_the_checkout_id_that_the_push_never_told(house: House) -> None:
    house.mpesa.pushes.append(Unknown("timeout"))
    await house.give(500)
    await house.hear(callback("ws_CO_told", code=1037))
    await house.work()
    assert house.mpesa.asked == ["ws_CO_told"]


@pytest.mark.parametrize("token", [None, "f" * 64])
async def test_a_forged_success_books_nothing_and_asks_mpesa_once(house: House, token: str | None) -> None:
    await house.give(500)
    for _ in range(5):
        await house.hear(callback(shillings=9999, receipt="FORGED0001"), token=token)
    house.mpesa.queries.append(Failed(Reason.CANCELLED, "1032"))
    await house.work()
    assert (await house.donation()).status is DonationStatus.PENDING
    assert await house.held("campaign:1") == await house.held("suspense") == 0
    assert house.mpesa.asked == ["ws_CO_1"]


async def test_a_success_with_the_token_of_one_donation_and_the_id_of_another_credits_neither(house: House) -> None:
    """Credited to whom the token names, the other would be credited once more by its query."""
    await house.give(500)
    await house.wait(minutes=5)
    await house.give(500)
    token_of_second = house.mpesa.token()
    await house.hear(callback("ws_CO_1"), token_of_second)
    assert await house.held("campaign:1") == 0
    hinted = {job["donation_id"] for job in await house.jobs("AskMpesa") if job["hinted"]}
    assert hinted == {1, 2}
    await house.hear(callback("ws_CO_1"), house.mpesa.token(0))
    assert await house.held("campaign:1") == 500
    await house.hear(callback("ws_CO_2", receipt="TKM2AAAAAA"), token_of_second)
    assert await house.held("campaign:1") == 1000


async def test_a_second_prompt_for_one_donation_has_an_id_of_its_own(house: House) -> None:
    """M-Pesa says that it took nothing, prompts all the same, and takes the next, too."""
    house.mpesa.before_answering = lambda: house.hear(callback("ws_CO_first", code=1032))
    house.mpesa.pushes.append(Failed(Reason.BUSY, "500.003.02"))
    await house.give(500)
    await house.hear(callback("ws_CO_of_the_same"))
    assert await house.held("campaign:1") == 500


@any_database
@pytest.mark.parametrize(("shillings", "receipt"), [("five hundred", "TKM1AAAAAA"), (500, None)])
async def test_a_late_success_that_cannot_be_read_is_asked_about(
    house: House, shillings: object, receipt: str | None
) -> None:
    await house.give(500)
    await house.hear(callback(code=1032))
    house.mpesa.queries.append(Succeeded(None))
    await house.hear(callback(shillings=shillings, receipt=receipt))
    await house.work()
    assert (await house.donation()).status is DonationStatus.COMPLETED
    assert await house.told() == ["failed", "completed_late"]


async def test_a_forged_failure_fails_nothing(house: House) -> None:
    await house.give(500)
    await house.hear(callback(code=1032), token=None)
    await house.work()
    assert (await house.donation()).status is DonationStatus.PENDING


async def test_a_hint_that_mpesa_confirms_credits_without_the_forged_receipt(house: House) -> None:
    await house.give(500)
    house.mpesa.queries.append(Succeeded(None))
    await house.hear(callback(shillings=9999, receipt="FORGED0001"), token=None)
    await house.work()
    donation = await house.donation()
    assert (donation.status, donation.receipt) == (DonationStatus.COMPLETED, None)
    assert await house.held("campaign:1") == 500
    await house.hear(callback())
    assert (await house.donation()).receipt == "TKM1AAAAAA"
    assert await house.held("campaign:1") == 500
    assert await house.told() == ["completed", "receipt"]


async def test_what_a_forged_callback_says_of_money_stands_nowhere_readable(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=9999, receipt="FORGED0001"), token="f" * 64)
    await house.hear(callback("ws_CO_unknown", shillings=9999, receipt="FORGED0002"), token=None)
    rows = await house.database.read(lambda conn: conn.execute(evidence.select()).all())
    assert [(row.verdict, row.amount_minor, row.receipt) for row in rows] == [
        ("hint", None, None),
        ("unmatched", None, None),
    ]
    assert all(b"FORGED" not in row.body_sealed for row in rows)


@pytest.mark.parametrize(
    "form",
    [
        lambda body: codecs.BOM_UTF8 + body,
        lambda body: body.decode().encode("utf-16"),
        lambda body: body.replace(b"said by", b"s\xe9id by"),
        lambda body: body.replace(b"}", b",}"),
    ],
)
async def test_a_callback_in_another_form_is_credited_kept_as_it_came_and_read_alike_once_more(
    house: House, monkeypatch: pytest.MonkeyPatch, form: Callable[[bytes], bytes]
) -> None:
    await house.give(500)
    with monkeypatch.context() as patch:  # a fault of ours sets it aside: it is read again from where it lies
        patch.setattr(posting, "post", fault_of_ours)
        await house.hear(form(callback()))
        await house.work()
    [row] = await house.database.read(lambda conn: conn.execute(evidence.select()).all())
    assert house.vault.open(row.body_sealed, body_of_evidence(row.key)) == form(callback())
    assert await house.use_cases.intake.settle_stuck() == (1, 0)
    assert (await house.donation()).receipt == "TKM1AAAAAA"
    assert await house.held("campaign:1") == 500


@pytest.mark.parametrize(
    "body",
    [
        b'{"Body": {"stkCallback": {"ResultCode": 0}}}',
        b'{"Body": NaN}',
        callback().replace(b'"ResultCode": 0', b'"ResultCode": 0, "ResultCode": 1032'),
        callback().replace(b'"Value": 500', b'"Value": 500, "Value": 5000'),
    ],
)
async def test_what_says_too_little_or_contradicts_itself_moves_nothing_and_asks_mpesa(
    house: House, body: bytes
) -> None:
    await house.give(500)
    await house.hear(body)
    assert await house.verdicts() == ["noted"]
    assert await house.held("campaign:1") == 0
    await house.work()
    assert len(house.mpesa.asked) == 1


def fault_of_ours(_conn: Connection, transfers: Sequence[posting.Transfer], _now: datetime) -> None:
    if transfers:
        raise ValueError("a fault of ours")


async def test_a_callback_for_nothing_known_is_kept_and_moves_nothing(house: House) -> None:
    await house.hear(callback("ws_CO_unknown"), token="0" * 64)
    await house.hear(b'{"some": ["other", "shape"]}', token=None)
    assert await house.verdicts() == ["unmatched", "unmatched"]
    assert await house.held("outside") == 0


async def test_what_is_no_json_is_refused_and_not_stored(house: House) -> None:
    with pytest.raises(NotJson):
        await house.hear(b"<html>", token=None)
    assert await house.verdicts() == []


async def test_a_query_that_credited_is_corrected_by_a_callback_with_another_amount(house: House) -> None:
    await house.give(500)
    house.mpesa.queries.append(Succeeded(None))
    await house.wait(seconds=31)
    await house.hear(callback(shillings=400))
    assert await house.held("campaign:1") == 400
    assert (await house.use_cases.campaigns.standing(1)).balance.raised == Money.shillings(400)
    assert (await house.donation()).needs_review is Review.CORRECTED


async def test_a_receipt_that_is_booked_for_one_donation_is_never_booked_for_another(house: House) -> None:
    for _ in range(3):
        await house.give(500)
        house.clock.forward(seconds=61)
    told = [(1, 500, "TKM1AAAAAA"), (2, 500, "TKM1AAAAAA"), (2, 400, "TKM2BBBBBB"), (3, 400, "TKM2BBBBBB")]
    bodies = [(callback(f"ws_CO_{n}", shillings=minor, receipt=receipt), n) for n, minor, receipt in told]
    await asyncio.gather(*[house.hear(body, house.mpesa.token(n - 1)) for body, n in bodies])
    assert await house.held("campaign:1") == 500
    assert await house.held("suspense") == 400
    assert (await house.donation(3)).status is DonationStatus.PENDING
    assert "twice" in await house.told("TellOwners")


async def test_two_corrections_of_a_campaign_in_one_set_leave_its_books_right(treasury: Treasury) -> None:
    house = treasury.house
    for n in (1, 2):
        house.mpesa.queries.append(Succeeded(None))
        await house.give(500, Msisdn.parse(f"070837414{n}"))
    await house.wait(seconds=31)
    await treasury.send(50_600)
    await treasury.result(0)
    items = [
        prompts.callback(
            hash_of(house.mpesa.token(n)), callback(f"ws_CO_{n + 1}", shillings=100, receipt=f"TKM{n}"), house.clock()
        )
        for n in (1, 2)
    ]
    await asyncio.gather(*[house.use_cases.intake.take(item) for item in items])
    assert await house.held("campaign:1") == 0
    assert await house.held("receivable:1") == -400
    assert await house.verdicts() == ["credited", "credited", "credited", "paid", "corrected", "corrected"]


async def test_covering_twice_at_once_covers_what_is_owed_once(treasury: Treasury) -> None:
    await treasury.send(30_000)
    await treasury.result(1)
    await treasury.request(50_000, by=OWNER)
    await treasury.result(0)
    await treasury.house.use_cases.paying.requests.cancel(2, OWNER)
    await asyncio.gather(*[treasury.house.use_cases.receivables.cover(1) for _ in range(4)])
    assert await treasury.house.held("receivable:1") == 0
    assert await treasury.held() == (20_000, 0)


async def test_evidence_that_breaks_the_set_is_set_aside_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await house.give(500)
        house.clock.forward(seconds=61)
    right = posting.post

    def post(conn: Connection, transfers: Sequence[posting.Transfer], now: datetime) -> None:
        if any(transfer.cause == Donation(2) for transfer in transfers):
            raise ValueError("a fault of ours")
        right(conn, transfers, now)

    monkeypatch.setattr(posting, "post", post)
    bodies = [callback(f"ws_CO_{n}", receipt=f"TKM{n}AAAAAA") for n in (1, 2, 3)]
    await asyncio.gather(*[house.hear(body, house.mpesa.token(n)) for n, body in enumerate(bodies)])
    await house.work()
    assert sorted(set(await house.verdicts()) - {"noted"}) == ["credited", "stuck"]
    assert await house.held("campaign:1") == 1000
    assert "stuck" in await house.told("TellOwners")
    [problem] = await house.use_cases.self_check.problems()
    assert "could not be settled" in problem
    settled = update(evidence).where(evidence.c.verdict == "stuck").values(verdict="nothing new")
    await house.database.write(lambda conn: conn.execute(settled).rowcount)


async def test_a_database_that_is_busy_for_a_moment_only_delays_waiting_evidence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.give(500)
    busy = OperationalError("SELECT", {}, Exception("canceling statement due to lock timeout"))

    def locked(*_: object) -> NoReturn:
        raise busy

    with monkeypatch.context() as patched:
        patched.setattr(Settlement, "settle", locked)
        await house.hear(callback())
        await house.work()
    assert await house.held("campaign:1") == 0
    await house.wait(minutes=1)
    assert await house.held("campaign:1") == 500


@any_database
async def test_a_failure_after_another_amount_was_paid_fails_nothing(house: House) -> None:
    await house.give(500)
    await house.hear(callback(shillings=300))
    await house.hear(callback(code=1032))
    donation = await house.donation()
    assert (donation.status, donation.needs_review) == (DonationStatus.PENDING, Review.OTHER_AMOUNT)
    assert await house.told() == ["suspended"]
