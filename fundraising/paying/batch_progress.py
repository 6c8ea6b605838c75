"""How far the payouts of a batch have come, told whenever one of them ends."""

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from fundraising.paying import agreement, mail, notices
from fundraising.paying.news import SendBatchResult, ShowBatch
from fundraising.people import roles
from fundraising.statuses import RESERVING, PayoutStatus
from storage import jobs
from storage.payout_tables import batches, payouts

b, p = batches.c, payouts.c
MOST_EDITS = 20


def is_paused(conn: Connection, batch_id: int | None) -> bool:
    return bool(batch_id and conn.scalar(select(b.paused).where(b.id == batch_id)))


def pause(conn: Connection, batch_id: int) -> None:
    """The float is empty: what is not sent yet waits for a person."""
    conn.execute(update(batches).where(b.id == batch_id).values(paused=True))


def show(conn: Connection, batch_id: int | None, now: datetime) -> None:
    """Whoever asked, and whoever agreed, reads the result when the last one has ended. Of no batch: nothing.

    Nor where every one was called off, or expired: that is told as such.
    """
    if batch_id is None:
        return
    batch = select(b.chat_id, b.message_id, b.requester_id, b.paused).where(b.id == batch_id)
    row = conn.execute(batch.with_for_update()).one()  # the last two may end at once: one of them must see both
    by_status = select(p.status, func.count()).where(p.batch_id == batch_id).group_by(p.status)
    counts = {PayoutStatus(status): count for status, count in conn.execute(by_status)}
    if counts.keys() == {PayoutStatus.CANCELLED}:
        return
    left = sum(counts.get(status, 0) for status in RESERVING)
    if PayoutStatus.PENDING in counts:
        notices.show_batch_decision(conn, batch_id, now)  # what the button approves has changed
    done, shown = sum(counts.values()) - left, notices.messages_of(conn, batch_id)
    shown += [(row.chat_id, row.message_id)] if row.chat_id else []
    if row.paused or is_worth_showing(done, done + left):
        jobs.add(conn, [ShowBatch(chat, batch_id, done, message) for chat, message in shown], now)
    if not left:
        chats = roles.chats_of(conn, {row.requester_id, *agreement.approvers_of_batch(conn, batch_id)})
        jobs.add(conn, [SendBatchResult(chat, batch_id) for chat in chats], now)
        if counts.keys() & {PayoutStatus.COMPLETED, PayoutStatus.FAILED}:
            mail.tell_batch_result(conn, batch_id, now)


def is_worth_showing(done: int, total: int) -> bool:
    """A chat that is edited at every payment is flooded, and Telegram then lets everybody wait."""
    return done == total or done % max(1, total // MOST_EDITS) == 0
