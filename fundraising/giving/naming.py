"""Which donation a piece of evidence speaks of, and whether it is proven to come from M-Pesa."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from fundraising.evidence import tokens
from fundraising.evidence.record import Evidence
from fundraising.giving import donation as donations
from fundraising.giving.donation import Donation
from fundraising.ledger import suspense
from storage.vault import Vault


@dataclass
class Named:
    """The donations that a set of evidence names, locked, as they stand after each piece."""

    current: dict[int, Donation]
    by_token: dict[bytes, int]
    by_checkout: dict[str, int]
    in_suspense: dict[str, int]  # receipts that the evidence names, and the donation for which each is in the books
    credited_to: dict[str, int]

    def booked_for(self, receipt: str) -> int | None:
        """The donation for which this receipt is in the books: money of one receipt is booked once."""
        return self.in_suspense.get(receipt) or self.credited_to.get(receipt)

    def proven(self, item: Evidence) -> Donation | None:
        """Proven by the token that only M-Pesa was told, or by being the answer to our own call."""
        donation_id = item.donation_id or (self.by_token.get(item.token_hash) if item.token_hash else None)
        return self.current.get(donation_id) if donation_id else None

    def hinted(self, item: Evidence) -> Donation | None:
        donation_id = self.by_checkout.get(item.checkout_id)
        return self.current.get(donation_id) if donation_id else None


def name_donations(conn: Connection, vault: Vault, items: Sequence[Evidence]) -> Named:
    hashes = [item.token_hash for item in items if item.token_hash]
    by_token = tokens.ids_by_token(conn, hashes)
    unproven = {
        vault.index(item.checkout_id): item.checkout_id
        for item in items
        if item.checkout_id and not (item.token_hash and item.token_hash in by_token)
    }
    by_index = donations.ids_by_checkout(conn, unproven)
    by_checkout = {unproven[index]: donation_id for index, donation_id in by_index.items()}
    ids = {item.donation_id for item in items if item.donation_id} | {*by_token.values(), *by_checkout.values()}
    locked = donations.lock_all(conn, ids)
    receipts = {item.receipt for item in items if item.receipt and (item.donation_id or item.token_hash in by_token)}
    return Named(
        {donation.id: donation for donation in locked},
        by_token,
        by_checkout,
        in_suspense=suspense.donations_of(conn, receipts),
        credited_to=donations.ids_by_receipt(conn, receipts),
    )
