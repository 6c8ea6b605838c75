"""Whose phone rings, how often, and who may make it ring."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from fundraising.giving.donation import Donation
from fundraising.giving.donations import GivingSettings
from fundraising.money import Money
from fundraising.people.limits import PromptLimits
from fundraising.refusals import PhoneBusy, PhoneRefused, PhoneRests, TooManyPrompts
from fundraising.statuses import DonationStatus, Push
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed
from tests.fakes import callback
from tests.fundraising.house import PHONE, House

BUSY = Failed(Reason.BUSY, "500.003.02")
CANCELLED, WRONG_PIN, EXPIRED = 1032, 2001, 1019
on_both = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
HER_PHONE = Msisdn.parse("0712345678")


def with_limits(house: House, limits: PromptLimits) -> GivingSettings:
    return replace(house.use_cases.donations._settings, limits=limits)


async def stranger(house: House, number: int = 1) -> int:
    return (await house.use_cases.donors.arrive(9000 + number, "Otieno", "en")).id


async def ask(house: House, donor_id: int, phone: Msisdn = HER_PHONE, key_id: int | None = None) -> Donation:
    return await house.use_cases.donations.start(donor_id, 1, Money.shillings(50), phone, key_id=key_id)


async def end(house: House, code: int = CANCELLED) -> None:
    number = len(house.mpesa.pushed)
    await house.hear(callback(f"ws_CO_{number}", code, 50, f"TKM{number:07}"))


async def paid_before(house: House, donor_id: int, phone: Msisdn = HER_PHONE) -> None:
    await ask(house, donor_id, phone)
    await end(house, code=0)


@pytest.mark.parametrize("code", [CANCELLED, WRONG_PIN, EXPIRED])
async def test_after_each_no_a_phone_is_left_alone_for_longer(house: House, code: int) -> None:
    pauses = []
    for number in range(4):
        await ask(house, await stranger(house, number))
        await end(house, code)
        with pytest.raises(PhoneRests) as resting:
            await ask(house, await stranger(house, number + 10))
        pauses.append(round(resting.value.wait.total_seconds()))
        house.clock.forward(seconds=pauses[-1] + 1)
    assert pauses == [30, 120, 600, 3600]


async def test_money_that_was_missing_is_no_no(house: House) -> None:
    await ask(house, await stranger(house))
    await end(house, code=1)
    await ask(house, await stranger(house))


async def test_a_payment_makes_the_earlier_nos_forgotten(house: House) -> None:
    her = await stranger(house)
    for _ in range(2):
        await ask(house, her)
        await end(house)
        house.clock.forward(minutes=3)
    await paid_before(house, her)
    await ask(house, her)
    await end(house)
    with pytest.raises(PhoneRests) as resting:
        await ask(house, her)
    assert resting.value.wait <= timedelta(seconds=30)


async def test_strangers_do_not_make_the_owner_wait(house: House) -> None:
    her = await stranger(house, 1)
    await house.use_cases.own_phones.shared(her, HER_PHONE)
    for number in range(2, 5):
        await ask(house, await stranger(house, number))
        await end(house)
        house.clock.forward(hours=2)
    await ask(house, await stranger(house, 5))
    await end(house)
    with pytest.raises(PhoneRests):
        await ask(house, await stranger(house, 6))
    await ask(house, her)


async def test_the_owners_own_mistakes_cost_the_owner_minutes_not_hours(house: House) -> None:
    her = await stranger(house)
    await house.use_cases.own_phones.shared(her, HER_PHONE)
    for _ in range(6):
        await ask(house, her)
        await end(house, WRONG_PIN)
        house.clock.forward(minutes=2, seconds=1)


async def test_a_phone_that_nobody_has_proven_rings_five_times_a_day(house: House) -> None:
    for number in range(5):
        await ask(house, await stranger(house, number))
        await end(house, code=1)
        house.clock.forward(hours=2)
    with pytest.raises(TooManyPrompts) as refused:
        await ask(house, await stranger(house, 9))
    assert timedelta(hours=13, minutes=59) < refused.value.wait <= timedelta(hours=14)
    house.clock.forward(hours=14)
    await ask(house, await stranger(house, 9))


@pytest.mark.parametrize("proof", ["a gift", "the own contact"])
async def test_a_proven_phone_is_asked_thirty_times_an_hour_and_not_once_more(house: House, proof: str) -> None:
    her = await stranger(house)
    if proof == "a gift":
        await paid_before(house, her)
        house.clock.forward(hours=1)
    else:
        await house.use_cases.own_phones.shared(her, HER_PHONE)
    for number in range(30):
        await ask(house, await stranger(house, number // 10))
        await end(house, code=1)
        house.clock.forward(seconds=1)
    with pytest.raises(TooManyPrompts) as refused:
        await ask(house, await stranger(house, 9))
    assert timedelta(minutes=59) < refused.value.wait < timedelta(hours=1)


async def test_a_donor_asks_twenty_times_an_hour_and_reads_when_again(house: House) -> None:
    phones = [Msisdn(f"25471234{number:04}") for number in range(21)]
    for phone in phones:
        await house.use_cases.own_phones.shared(await stranger(house), phone)
    for phone in phones[:20]:
        await house.give(50, phone)
        house.clock.forward(minutes=1)
    with pytest.raises(TooManyPrompts) as refused:
        await house.give(50, phones[20])
    assert timedelta(minutes=39) < refused.value.wait <= timedelta(minutes=40)
    house.clock.forward(minutes=40)
    await house.give(50, phones[20])


async def test_one_donor_tries_five_strange_phones_a_day(house: House) -> None:
    for number in range(5):
        await house.give(50, Msisdn(f"25471234{number:04}"))
        house.clock.forward(hours=1)
    with pytest.raises(TooManyPrompts) as refused:
        await house.give(50, HER_PHONE)
    assert timedelta(hours=18) < refused.value.wait <= timedelta(hours=19)
    await house.give(50, Msisdn("254712340000"))


@on_both
async def test_one_key_and_all_together_ask_so_many_strange_phones_a_minute(house: House) -> None:
    house.use_cases.donations._settings = with_limits(house, PromptLimits(by_key=3, by_all=5))
    donors = [await stranger(house, number) for number in range(12)]
    asked = (ask(house, donor, Msisdn(f"25471234{n:04}"), key_id=1 + n % 2) for n, donor in enumerate(donors))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, TooManyPrompts)]
    assert len(outcomes) - len(refused) == len(house.mpesa.pushed) == 5
    assert all(timedelta() < each.wait <= timedelta(minutes=1) for each in refused)
    house.clock.forward(minutes=1)
    await ask(house, await stranger(house, 20), Msisdn("254712340020"), key_id=1)


async def test_a_key_asks_known_phones_as_often_as_it_likes(house: House) -> None:
    await paid_before(house, await stranger(house))
    house.use_cases.donations._settings = with_limits(house, PromptLimits(by_key=0, by_all=0))
    await ask(house, await stranger(house), key_id=1)


async def test_whoever_says_never_again_is_never_asked_again(house: House) -> None:
    her = await stranger(house, 1)
    await house.use_cases.own_phones.shared(her, HER_PHONE)
    assert await house.use_cases.own_phones.refuse_mine(her) == 1
    for donor_id in (her, await stranger(house, 2)):
        with pytest.raises(PhoneRefused):
            await ask(house, donor_id)
    await house.use_cases.own_phones.allow_mine(her)
    await ask(house, her)


async def test_never_again_also_ends_a_prompt_that_waits_for_mpesa(house: House) -> None:
    house.mpesa.pushes.append(BUSY)
    await ask(house, await stranger(house))
    await house.use_cases.own_phones.refuse(HER_PHONE)
    await house.wait(seconds=6)
    assert len(house.mpesa.pushed) == 1
    assert (await house.donation()).status is DonationStatus.FAILED


async def test_a_prompt_that_mpesa_has_not_taken_keeps_no_phone_busy(house: House) -> None:
    house.mpesa.pushes.append(BUSY)
    assert (await ask(house, await stranger(house, 1))).push is Push.WAITING
    await ask(house, await stranger(house, 2))
    assert len(house.mpesa.pushed) == 2


async def test_two_prompts_that_waited_ring_one_after_the_other(house: House) -> None:
    house.mpesa.pushes.extend([BUSY, BUSY])
    for number in (1, 2):
        await ask(house, await stranger(house, number))
    await house.wait(seconds=6)
    assert len(house.mpesa.pushed) == 3
    await house.wait(seconds=50)
    assert len(house.mpesa.pushed) == 3
    for _ in range(3):
        await house.wait(seconds=6)
    assert len(house.mpesa.pushed) == 4


@on_both
async def test_of_two_prompts_at_the_same_instant_one_rings(house: House) -> None:
    async def slow() -> None:
        await asyncio.sleep(0.02)

    house.mpesa.before_answering = slow
    donors = [1, *[await stranger(house, number) for number in range(4)]]
    answers = await asyncio.gather(*(ask(house, donor, PHONE) for donor in donors), return_exceptions=True)
    assert sum(isinstance(answer, Donation) for answer in answers) == 1
    assert sum(isinstance(answer, PhoneBusy) for answer in answers) == 4
