"""An intent of the journal that the database does not know (any more) becomes rows again, of unknown outcome."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from fundraising import journal
from fundraising.evidence import tokens
from fundraising.evidence.tokens import Purpose
from fundraising.giving import donation as giving
from fundraising.giving.tasks import AskMpesa
from fundraising.journal import PaymentIntent, PushAnswered, PushIntent
from fundraising.ledger import reservations
from fundraising.money import Money
from fundraising.paying import agreement
from fundraising.paying import payout as paying
from fundraising.paying.payout import Attempt, Payout
from fundraising.paying.tasks import AskAboutPayout
from fundraising.people import phones
from fundraising.recovery import owners_of_rows as owners
from fundraising.refusals import InsufficientFunds, PayoutsBlocked
from fundraising.statuses import AttemptState, DonationStatus, PayoutReview, PayoutStatus, Push
from storage import jobs
from storage.payout_tables import attempts, batches, ngos, payouts
from storage.places import place
from storage.tables import donations
from storage.vault import Vault

d, a, p = donations.c, attempts.c, payouts.c
UNSENT = (AttemptState.WAITING, AttemptState.SENDING)
FROM_JOURNAL = "made again from the journal after a restore"


class WaitForMoney(Exception):
    """The donations that the payment came from are not settled yet."""


def push(conn: Connection, vault: Vault, entry: PushIntent, now: datetime) -> bool:
    """Whether there was something to make again."""
    known: int | None = conn.scalar(select(d.id).where(d.reference == entry.reference))
    donation_id = known or _insert_donation(conn, vault, entry, now)
    new = tokens.add_unless_known(conn, entry.token_hash, Purpose.PUSH, donation_id)
    if new and known:  # sent again after the backup: it is not sent once more
        giving.set_columns(conn, known, push=Push.UNKNOWN)
    if new:
        jobs.add(conn, [AskMpesa(donation_id)], now)
    return new


def _insert_donation(conn: Connection, vault: Vault, entry: PushIntent, now: datetime) -> int:
    phone = journal.phone_in(vault, entry)
    row = {
        "reference": entry.reference,
        "campaign_id": owners.campaign(conn, entry.campaign, now),
        "donor_id": owners.donor(conn, vault, entry, now),
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "phone_index": entry.phone_index,
        "status": DonationStatus.PENDING,
        "push": Push.UNKNOWN,
        "created_at": entry.at,
        "pushed_at": entry.at,
    }

    def row_of(donation_id: int) -> dict[str, Any]:
        return {**row, "phone_sealed": phones.seal(vault, phone, giving.phone_place(donation_id))}

    return owners.insert_as(conn, donations, entry.donation_id, row_of)


def push_answered(conn: Connection, vault: Vault, entry: PushAnswered) -> None:
    """Now M-Pesa can be asked."""
    for donation in giving.load(conn, d.reference == entry.reference, lock=True):
        if donation.checkout_index is None and donation.status is DonationStatus.PENDING:
            where = journal.place("checkout", entry.reference)
            giving.save_checkout(conn, vault, donation.id, journal.open_text(vault, entry.checkout, where))


def payment(conn: Connection, vault: Vault, entry: PaymentIntent, now: datetime, wait: bool) -> bool:
    """Whether there was something to make again. Raises WaitForMoney, if `wait`.

    Where the money cannot be promised, the payout is kept as cancelled with an open attempt: if M-Pesa has paid it, it
    is booked in full all the same.
    """
    attempt_id: int | None = conn.scalar(select(a.id).where(a.originator_id == entry.originator_id))
    if attempt_id is None:
        attempt_id = _insert_attempt(conn, _payout(conn, vault, entry, now, wait), entry)
    unseen = tokens.add_unless_known(conn, entry.token_hash, Purpose.PAYMENT, attempt_id)
    if unseen:
        attempt = doubt(conn, attempt_id)
        jobs.add(conn, [AskAboutPayout(attempt_id, hinted=not attempt.is_open)], now)
    return unseen


def doubt(conn: Connection, attempt_id: int) -> Attempt:
    """The backup knows the attempt as not sent: it may have been, since."""
    attempt = paying.find_attempt(conn, attempt_id)
    if attempt.state in UNSENT:
        paying.move_attempt(conn, attempt, AttemptState.UNKNOWN)
    return paying.find_attempt(conn, attempt_id)


def _payout(conn: Connection, vault: Vault, entry: PaymentIntent, now: datetime, wait: bool) -> Payout:
    for person_id in (entry.requester_id, *entry.approver_ids):
        owners.person(conn, vault, person_id, entry, now)
    campaign_id = owners.campaign(conn, entry.campaign, now)
    payout = _find(conn, vault, entry, campaign_id)
    if payout and not _is_latest(conn, payout, entry):
        return payout
    if payout is None or payout.status is PayoutStatus.FAILED:  # it was retried
        promised = _promise(conn, campaign_id, Money(entry.amount_minor, entry.currency), entry.at, wait)
        if payout is None:
            payout_id = _insert_payout(conn, vault, entry, campaign_id, promised)
            payout = paying.find(conn, vault, payout_id, lock=True)
        elif promised:
            paying.change_status(conn, payout, PayoutStatus.APPROVED)
            payout = paying.find(conn, vault, payout.id, lock=True)
    _agree(conn, vault, payout, entry, now)
    for status in (PayoutStatus.APPROVED, PayoutStatus.PROCESSING):
        if payout.status in (PayoutStatus.PENDING, PayoutStatus.APPROVED) and status is not payout.status:
            paying.change_status(conn, payout, status)
            payout = paying.find(conn, vault, payout.id, lock=True)
    return payout


def _find(conn: Connection, vault: Vault, entry: PaymentIntent, campaign_id: int) -> Payout | None:
    """Locked. Under its old id; or under another, if that was given away before it was made again."""
    same = (
        p.created_at == entry.created_at,  # what is asked for anew may be like it in all else, and bear its id
        p.campaign_id == campaign_id,
        p.requester_id == entry.requester_id,
        p.phone_index == entry.phone_index,
        p.amount_minor == entry.amount_minor,
    )
    old_id = conn.scalar(select(p.id).where(p.id == entry.payout_id))
    for named in (p.id == old_id, p.id != old_id) if old_id else ():
        for payout in paying.load(conn, vault, 1, named, *same):
            return paying.find(conn, vault, payout.id, lock=True)
    return None


def _is_latest(conn: Connection, payout: Payout, entry: PaymentIntent) -> bool:
    return all(each.number < entry.number for each in paying.attempts_of(conn, payout.id))


def _promise(conn: Connection, campaign_id: int, amount: Money, began_at: datetime, wait: bool) -> bool:
    """Its money came from donations before it; those that are given meanwhile are not waited for."""
    try:
        reservations.reserve(conn, campaign_id, amount)
    except (InsufficientFunds, PayoutsBlocked):
        unsettled = (d.campaign_id == campaign_id, d.status == DonationStatus.PENDING, d.needs_review.is_(None))
        if wait and conn.scalar(select(d.id).where(*unsettled, d.created_at < began_at).limit(1)):
            raise WaitForMoney from None
        return False
    return True


def _insert_payout(conn: Connection, vault: Vault, entry: PaymentIntent, campaign_id: int, promised: bool) -> int:
    row = {
        "campaign_id": campaign_id,
        "ngo_id": conn.scalar(select(ngos.c.id).where(ngos.c.id == entry.ngo_id)),
        "batch_id": conn.scalar(select(batches.c.id).where(batches.c.id == entry.batch_id)),
        "requester_id": entry.requester_id,
        "phone_index": entry.phone_index,
        "amount_minor": entry.amount_minor,
        "currency": entry.currency,
        "status": PayoutStatus.PROCESSING if promised else PayoutStatus.CANCELLED,
        "status_message": FROM_JOURNAL,
        "version": 1,
        "approvals_needed": entry.approvals_needed,
        "created_at": entry.created_at,
    }
    phone = journal.phone_in(vault, entry)
    name_place = journal.place("recipient_name", entry.originator_id)
    name = journal.open_text(vault, entry.recipient_name, name_place)

    def row_of(payout_id: int) -> dict[str, Any]:
        sealed = {"recipient_name_sealed": vault.seal_text(name, place(p.recipient_name_sealed, payout_id))}
        sealed |= paying.seal_words(vault, payout_id, **journal.words_in(vault, entry))
        sealed["phone_sealed"] = phones.seal(vault, phone, place(p.phone_sealed, payout_id))
        whole = {"id": payout_id, **row, **sealed}
        return {**row, **sealed, "order_mac": agreement.order_mac(vault, whole)}

    return owners.insert_as(conn, payouts, entry.payout_id, row_of)


def _agree(conn: Connection, vault: Vault, payout: Payout, entry: PaymentIntent, now: datetime) -> None:
    for approver_id in entry.approver_ids:
        agreement.agree(conn, vault, payout.id, approver_id, now)


def _insert_attempt(conn: Connection, payout: Payout, entry: PaymentIntent) -> int:
    """A new id is minted only when the attempt before has definitely failed: only the latest may be paid.

    Journals of several machines may tell of a retry before they tell of what it retried.
    """
    failed = {"state": AttemptState.FAILED, "reason": FROM_JOURNAL, "ended_at": entry.at}
    state = failed
    tries = paying.attempts_of(conn, payout.id)
    if _is_latest(conn, payout, entry):
        state = {"state": AttemptState.UNKNOWN}
        for earlier in tries:
            if earlier.is_open:
                paying.move_attempt(conn, earlier, AttemptState.FAILED, reason=FROM_JOURNAL, ended_at=entry.at)
        paying.answered(conn, payout.id, entry.at, PayoutReview.NO_WORD)  # about the attempt before
    taken = entry.number in {each.number for each in tries}
    number = max(each.number for each in tries) + 1 if taken else entry.number
    row = {"payout_id": payout.id, "number": number, "originator_id": entry.originator_id, "started_at": entry.at}
    return conn.scalars(insert(attempts).values(**row, **state).returning(a.id)).one()
