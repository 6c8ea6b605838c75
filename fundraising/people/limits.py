"""A prompt lights up somebody's phone, perhaps somebody else's: it is not for pranks."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from fundraising.refusals import PhoneBusy, TooManyPrompts
from fundraising.statuses import DonationStatus, Push
from storage.tables import donations

d = donations.c
HOUR = timedelta(hours=1)
PROMPT_LIFE = timedelta(seconds=60)  # Daraja: one session per number, a minute on the phone
MOST_BY_ONE_DONOR = 20  # prompts an hour
MOST_FOR_ONE_PHONE = 30


def check(conn: Connection, donor_id: int, phone_index: bytes, now: datetime) -> None:
    """Raises PhoneBusy while a prompt may be on the phone, TooManyPrompts when it looks like a prank."""
    ringing = conn.scalar(
        select(func.max(d.pushed_at)).where(
            d.phone_index == phone_index,
            d.created_at > now - HOUR,
            d.status == DonationStatus.PENDING,
            d.push != Push.WAITING,
            d.needs_review.is_(None),
        )
    )
    if ringing and now - ringing < PROMPT_LIFE:
        raise PhoneBusy(PROMPT_LIFE - (now - ringing))
    count = select(func.count()).select_from(donations).where(d.created_at > now - HOUR)
    by_donor = conn.scalar(count.where(d.donor_id == donor_id)) or 0
    for_phone = conn.scalar(count.where(d.phone_index == phone_index)) or 0
    if by_donor >= MOST_BY_ONE_DONOR or for_phone >= MOST_FOR_ONE_PHONE:
        raise TooManyPrompts
