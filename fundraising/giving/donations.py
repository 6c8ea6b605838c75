"""Giving: the prompt on the donor's phone, sent once; and what became of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from fundraising import campaigns, randomness, repeats
from fundraising.addresses import Address
from fundraising.evidence import prompts, tokens
from fundraising.evidence.intake import Intake
from fundraising.evidence.record import Source
from fundraising.evidence.tokens import Purpose
from fundraising.giving import amounts, drafts, intents
from fundraising.giving import donation as rows
from fundraising.giving.donation import Donation
from fundraising.giving.drafts import Drafts
from fundraising.giving.news import OfferTryAgain
from fundraising.giving.tasks import AskMpesa, PushAgain
from fundraising.journal import IntentLog
from fundraising.log_context import following
from fundraising.money import Money
from fundraising.people import donors, limits, phones
from fundraising.people.limits import Prompt, PromptLimits
from fundraising.randomness import RandomBytes
from fundraising.refusals import DraftGone, NoSuchDonation, PhoneRefused, ShortOfSpace
from fundraising.repeats import Turn
from fundraising.statuses import DonationStatus, Push
from mpesa.client import Mpesa, StkPush
from mpesa.codes import Reason
from mpesa.msisdn import Msisdn
from mpesa.outcome import Failed, Outcome, Succeeded, Unknown
from storage import jobs
from storage.database import Database
from storage.places import next_id
from storage.tables import donations
from storage.vault import Vault

log = logging.getLogger(__name__)
NEVER_LATER_THAN = timedelta(seconds=10)  # after the commit that says "sending": then the call is made, or not at all
GIVE_UP_PUSHING = timedelta(minutes=2)  # after Confirm: a prompt that comes later surprises
PUSH_AGAIN_AFTER = timedelta(seconds=5)
DESCRIPTION = "Donation"  # Daraja's TransactionDesc: 13 letters at most


@dataclass(frozen=True)
class GivingSettings:
    callback_url: Address  # the token is appended
    query_schedule: tuple[timedelta, ...] = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 900, 3600))
    review_after: timedelta = timedelta(hours=24)
    negative_gap: timedelta = timedelta(seconds=60)
    try_again_after: timedelta = timedelta(seconds=120)
    sends_mail: bool = False
    asks_about_codes: bool = True  # by Transaction Status
    limits: PromptLimits = field(default_factory=PromptLimits)


class Donations:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        mpesa: Mpesa,
        intake: Intake,
        drafts: Drafts,
        now: Callable[[], datetime],
        random_bytes: RandomBytes,
        settings: GivingSettings,
        intents: IntentLog,
        short_of_space: Callable[[], bool] = lambda: False,
    ):
        self._database, self._vault, self._mpesa, self._intents = database, vault, mpesa, intents
        self._intake, self._drafts = intake, drafts
        self._now, self._random_bytes, self._settings = now, random_bytes, settings
        self._short_of_space = short_of_space

    async def confirm(self, draft_id: int, donor_id: int, message_id: int | None = None) -> Donation:
        """The tap on Confirm. However often it comes, one donation and one prompt.

        Raises DraftGone, CampaignClosed, PhoneBusy, PhoneRests, PhoneRefused, TooManyPrompts, ShortOfSpace.
        """
        token = randomness.callback_token(self._random_bytes)

        def intend(conn: Connection) -> tuple[Donation, Msisdn | None]:
            drafts.lock(conn, draft_id)
            for earlier in rows.load(conn, rows.d.draft_id == draft_id, rows.d.donor_id == donor_id):
                return earlier, None
            draft = self._drafts.open_or_gone(conn, draft_id, donor_id)
            if not (draft.campaign and draft.amount and draft.phone):
                raise DraftGone
            extra = {"draft_id": draft_id, "message_id": message_id}
            drafts.confirm(conn, draft_id)
            return self._intend(conn, donor_id, draft.campaign.id, draft.amount, draft.phone, token, extra), draft.phone

        donation, phone = await self._database.write(intend)
        return await self._push(donation, phone, token) if phone else donation

    async def start(
        self,
        donor_id: int,
        campaign_id: int,
        amount: Money,
        phone: Msisdn,
        turn: Turn | None = None,
        key_id: int | None = None,
    ) -> Donation:
        """The same without a chat. With a turn, however often the request comes, one donation and one prompt.

        `key_id`: the API key that asks.
        Raises NotAnAmount, AmountOutOfRange, NoSuchCampaign, NoSuchDonor, TakenOver, as `confirm`.
        """
        amounts.check(amount)
        token = randomness.callback_token(self._random_bytes)

        def intend(conn: Connection) -> tuple[Donation, bool]:
            if earlier := repeats.made(conn, turn):
                return rows.find(conn, earlier), False
            donation = self._intend(conn, donor_id, campaign_id, amount, phone, token, {}, key_id)
            repeats.note(conn, turn, donation.id)
            return donation, True

        donation, is_new = await self._database.write(intend)
        return await self._push(donation, phone, token) if is_new else donation

    def _intend(
        self,
        conn: Connection,
        donor_id: int,
        campaign_id: int,
        amount: Money,
        phone: Msisdn,
        token: str,
        extra: dict[str, Any],
        key_id: int | None = None,
    ) -> Donation:
        """Intent, token and the question for later, in the caller's one commit, before anything is sent."""
        if self._short_of_space():
            raise ShortOfSpace
        now, phone_index = self._now(), phones.index(self._vault, phone)
        campaigns.load_open(conn, campaign_id)
        by_mail = donors.remember_phone(conn, self._vault, donor_id, phone)
        limits.check(conn, Prompt(donor_id, phone_index, key_id), self._settings.limits, now)
        donation_id = next_id(conn, donations)
        row = {
            "id": donation_id,
            "reference": randomness.account_reference(self._random_bytes),
            "campaign_id": campaign_id,
            "donor_id": donor_id,
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "phone_sealed": phones.seal(self._vault, phone, rows.phone_place(donation_id)),
            "phone_index": phone_index,
            "status": DonationStatus.PENDING,
            "push": Push.SENDING,
            "created_at": now,
            "pushed_at": now,
            "receipt_by_mail": by_mail,
        }
        donation = rows.add(conn, row | extra)
        tokens.add(conn, tokens.hash_of(token), Purpose.PUSH, donation.id)
        jobs.add(conn, [AskMpesa(donation.id)], now + self._settings.query_schedule[0])
        return donation

    async def push_again(self, job: PushAgain, _attempt: int) -> datetime | None:
        """The job for a push that M-Pesa did not accept. Too late, the donation is failed: it was never sent."""
        token = randomness.callback_token(self._random_bytes)

        def begin(conn: Connection) -> tuple[Donation, Msisdn] | timedelta | None:
            donation = rows.find(conn, job.donation_id, lock=True)
            if donation.push is not Push.WAITING or donation.status is not DonationStatus.PENDING:
                return None
            phone_index = rows.phone_index_of(conn, donation.id)
            limits.lock(conn, phone_index)
            if limits.ringing_for(conn, phone_index, self._now(), beside=donation.id):
                return PUSH_AGAIN_AFTER
            tokens.add(conn, tokens.hash_of(token), Purpose.PUSH, donation.id)
            rows.set_columns(conn, donation.id, push=Push.SENDING, pushed_at=self._now())
            return rows.find(conn, donation.id), rows.phone_of(conn, self._vault, donation.id)

        waiting = await self.find(job.donation_id)
        if waiting.push is Push.WAITING and self._now() - waiting.created_at > GIVE_UP_PUSHING:
            await self._never_sent(waiting)
            return None
        try:
            begun = await self._database.write(begin)
        except PhoneRefused:  # whose phone it is said so meanwhile
            await self._never_sent(waiting)
            return None
        if begun is None:
            return None
        if isinstance(begun, timedelta):  # another prompt is on this phone
            return self._now() + begun
        donation = await self._push(*begun, token)
        return self._now() + PUSH_AGAIN_AFTER if donation.push is Push.WAITING else None

    async def _push(self, donation: Donation, phone: Msisdn, token: str) -> Donation:
        with following("donation", donation.id):
            log.info("donation %s of %s: M-Pesa is asked to prompt the phone", donation.id, donation.amount)
            return await self._prompt(donation, phone, token)

    async def _prompt(self, donation: Donation, phone: Msisdn, token: str) -> Donation:
        push = StkPush(
            phone=phone,
            shillings=donation.amount.whole_shillings,
            reference=donation.reference,
            description=DESCRIPTION,
            callback_url=f"{self._settings.callback_url}/{token}",
        )
        outcome: Outcome[Any] = Failed(Reason.NOT_REACHED, "", "not written down in time: not sent")
        written = await self._intents.write(
            lambda conn: intents.of_push(conn, self._vault, donation, phone, tokens.hash_of(token))
        )
        if written and self._now() - donation.pushed_at < NEVER_LATER_THAN:
            outcome = await self._mpesa.stk_push(push)
        if isinstance(outcome, Failed) and not outcome.not_accepted:
            await self._intake.take(prompts.answer(Source.PUSH, donation.id, outcome, self._now()))
        await self._database.write(lambda conn: self._record_push(conn, donation.id, outcome))
        if isinstance(outcome, Succeeded):
            told = outcome.value.checkout_id
            await self._intents.write(lambda conn: intents.of_answer(conn, self._vault, donation.reference, told))
        return await self.find(donation.id)

    def _record_push(self, conn: Connection, donation_id: int, outcome: Outcome[Any]) -> None:
        match outcome:
            case Succeeded(accepted):
                rows.save_checkout(conn, self._vault, donation_id, accepted.checkout_id)
            case Failed() if outcome.not_accepted:
                if rows.end_sending(conn, donation_id, Push.WAITING):
                    jobs.add(conn, [PushAgain(donation_id)], self._now() + PUSH_AGAIN_AFTER)
            case Failed():
                rows.end_sending(conn, donation_id, Push.REFUSED)
            case Unknown():
                rows.end_sending(conn, donation_id, Push.UNKNOWN)

    async def _never_sent(self, donation: Donation) -> None:
        outcome: Outcome[Any] = Failed(Reason.NOT_REACHED, "", "never sent")
        await self._intake.take(prompts.answer(Source.PUSH, donation.id, outcome, self._now()))

    async def offer_later(self, donation_id: int, message_id: int) -> None:
        """Stages the `Try again` button of the message that told of the failure."""
        at = self._now() + await self.wait_to_try_again(donation_id)
        await self._database.write(lambda conn: jobs.add(conn, [OfferTryAgain(donation_id, message_id)], at))

    async def wait_to_try_again(self, donation_id: int) -> timedelta:
        """Until M-Pesa takes the same again and the phone has rested; nothing or less when it is so now."""

        def fn(conn: Connection) -> timedelta:
            donation, now = rows.find(conn, donation_id), self._now()
            prompt = Prompt(donation.donor_id, rows.phone_index_of(conn, donation_id))
            rest = limits.rest(conn, prompt, self._settings.limits, now) or timedelta()
            return max(donation.pushed_at + self._settings.try_again_after - now, rest)

        return await self._database.read(fn)

    async def phone_of(self, donation_id: int, donor_id: int) -> Msisdn:
        """The one that was asked to pay the donor's own gift. Raises NoSuchDonation."""

        def fn(conn: Connection) -> Msisdn:
            if rows.find(conn, donation_id).donor_id != donor_id:
                raise NoSuchDonation
            return rows.phone_of(conn, self._vault, donation_id)

        return await self._database.read(fn)

    async def phones_of(self, donor_id: int, most: int) -> list[tuple[int, Msisdn]]:
        """The donor's phones, the one used last first, each with the newest gift that it was asked to pay."""
        newest = func.max(rows.d.id).label("newest")
        mine = select(newest).where(rows.d.donor_id == donor_id).group_by(rows.d.phone_index)

        def fn(conn: Connection) -> list[tuple[int, Msisdn]]:
            found = conn.scalars(mine.order_by(newest.desc()).limit(most)).all()
            return [(donation_id, rows.phone_of(conn, self._vault, donation_id)) for donation_id in found]

        return await self._database.read(fn)

    async def find(self, donation_id: int) -> Donation:
        """Raises NoSuchDonation."""
        return await self._database.read(lambda conn: rows.find(conn, donation_id))

    async def history(self, donor_id: int, limit: int, before: int | None = None) -> list[Donation]:
        """The newest first; the next page is `before` the last id of this one."""
        older = [rows.d.id < before] if before else []
        return await self._database.read(lambda conn: rows.newest(conn, limit, rows.d.donor_id == donor_id, *older))
