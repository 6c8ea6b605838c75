"""In whose name M-Pesa has the numbers that we pay: kept with each payout, and held against the name asked for."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from fundraising.evidence.record import Evidence, Says
from fundraising.paying import notices
from fundraising.paying import payout as rows
from fundraising.paying.payout import Payout
from fundraising.people import phones
from fundraising.statuses import PayoutStatus
from mpesa import parties
from mpesa.msisdn import Msisdn
from storage.places import place
from storage.vault import Vault


def learn(conn: Connection, vault: Vault, payout: Payout, item: Evidence, now: datetime) -> Payout:
    """Keeps the name that proven evidence about the payment brings. Comes it later than that it is paid, and is it
    another than was asked for, then that is news of its own."""
    name = parties.name_of(item.payee, payout.phone) if item.says is Says.SUCCEEDED else None
    if name is None or payout.mpesa_name is not None:
        return payout
    rows.set_columns(
        conn, payout.id, mpesa_name_sealed=vault.seal_text(name, place(rows.p.mpesa_name_sealed, payout.id))
    )
    payout = replace(payout, mpesa_name=name)
    if payout.status is PayoutStatus.COMPLETED and payout.went_to_another_name:
        notices.tell_other_name(conn, payout, now)
    return payout


def known_name(conn: Connection, vault: Vault, phone: Msisdn, besides: int | None = None) -> str | None:
    """As M-Pesa told it when this number was paid last, `besides` this payout."""
    of_number = (rows.p.phone_index == phones.index(vault, phone), rows.p.mpesa_name_sealed.is_not(None))
    query = (
        select(rows.p.id, rows.p.mpesa_name_sealed)
        .where(*of_number, rows.p.id.is_distinct_from(besides))
        .order_by(rows.p.id.desc())
        .limit(1)
    )
    row = conn.execute(query).one_or_none()
    return vault.open_text(row.mpesa_name_sealed, place(rows.p.mpesa_name_sealed, row.id)) if row else None
