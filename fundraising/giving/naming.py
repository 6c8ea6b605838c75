"""Which donation a piece of evidence speaks of, and whether it is proven to come from M-Pesa."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from fundraising.books import suspense
from fundraising.evidence import Evidence
from fundraising.giving import donation as donations
from fundraising.giving.donation import Donation
from storage.vault import Vault


@dataclass
class Named:
    """The donations that a set of evidence names, locked, as they stand after each piece."""

    current: dict[int, Donation]
    by_token: dict[bytes, int]
    by_checkout: dict[str, int]
    in_suspense: set[str]  # receipts of these donations whose money lies in suspense

    def proven(self, item: Evidence) -> Donation | None:
        """Proven by the token that only M-Pesa was told, or by being the answer to our own call."""
        donation_id = item.donation_id or (self.by_token.get(item.token_hash) if item.token_hash else None)
        return self.current.get(donation_id) if donation_id else None

    def hinted(self, item: Evidence) -> Donation | None:
        donation_id = self.by_checkout.get(item.checkout_id)
        return self.current.get(donation_id) if donation_id else None


def name_donations(conn: Connection, vault: Vault, items: Sequence[Evidence]) -> Named:
    hashes = [item.token_hash for item in items if item.token_hash]
    by_token = donations.ids_by_token(conn, hashes)
    unproven = {
        vault.index(item.checkout_id): item.checkout_id
        for item in items
        if item.checkout_id and not (item.token_hash and item.token_hash in by_token)
    }
    by_index = donations.ids_by_checkout(conn, unproven)
    by_checkout = {unproven[index]: donation_id for index, donation_id in by_index.items()}
    ids = {item.donation_id for item in items if item.donation_id} | {*by_token.values(), *by_checkout.values()}
    locked = donations.lock_all(conn, ids)
    doubtful = [donation.id for donation in locked if donation.needs_review]
    in_suspense = suspense.receipts_of(conn, doubtful) if doubtful else set()
    return Named({donation.id: donation for donation in locked}, by_token, by_checkout, in_suspense)
