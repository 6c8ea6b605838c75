"""What one should know of many payments before agreeing to all of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from fundraising.paying import payout as rows
from fundraising.people import phones
from fundraising.people.likeness import alike
from fundraising.statuses import PayoutStatus
from mpesa.msisdn import Msisdn
from storage.places import place
from storage.vault import Vault

p = rows.p
Recipient = tuple[Msisdn, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Each by the place in the list, counted from 0."""

    new: frozenset[int]  # numbers that were never paid before
    twice: frozenset[int]  # numbers that stand in the list more than once
    other_names: dict[int, str]  # in which M-Pesa had the number when it was paid, where that is another


def gather(conn: Connection, vault: Vault, recipients: Sequence[Recipient]) -> Facts:
    times = Counter(phone for phone, _ in recipients)
    known = names_of(conn, vault, list(times))
    others = {}
    for at, (phone, asked) in enumerate(recipients):
        name = known.get(phone)
        if name and not alike(asked, name):
            others[at] = name
    return Facts(
        frozenset(at for at, (phone, _) in enumerate(recipients) if phone not in known),
        frozenset(at for at, (phone, _) in enumerate(recipients) if times[phone] > 1),
        others,
    )


def names_of(conn: Connection, vault: Vault, wanted: Sequence[Msisdn]) -> dict[Msisdn, str | None]:
    """Of the numbers that were paid before: M-Pesa's latest name, if it told one."""
    phone_of = {phones.index(vault, phone): phone for phone in wanted}
    query = select(p.id, p.phone_index, p.mpesa_name_sealed).where(p.status == PayoutStatus.COMPLETED)
    found: dict[Msisdn, str | None] = {}
    for row in conn.execute(query.where(p.phone_index.in_(list(phone_of))).order_by(p.id)):
        phone, sealed = phone_of[row.phone_index], row.mpesa_name_sealed
        name = vault.open_text(sealed, place(p.mpesa_name_sealed, row.id)) if sealed else None
        found[phone] = name or found.get(phone)
    return found
