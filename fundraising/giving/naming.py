"""Which donation a piece of evidence speaks of, and whether it is proven to come from M-Pesa."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from fundraising.evidence import tokens
from fundraising.evidence.record import Evidence
from fundraising.evidence.tokens import Purpose
from fundraising.giving import donation as donations
from fundraising.giving.donation import Donation
from fundraising.ledger import suspense
from storage.vault import Vault


@dataclass
class Named:
    """The donations that a set of evidence names, locked, as they stand after each piece."""

    current: dict[int, Donation]
    by_token: dict[bytes, int]
    by_checkout: dict[str, int]  # where the token does not prove it
    contradicted: set[bytes]  # keys of evidence whose token is of one donation and whose id is of another
    in_suspense: Mapping[str, int | None]  # receipts that the evidence names, and the donation for which each is booked
    credited_to: dict[str, int]

    def is_booked(self, receipt: str) -> bool:
        """Money of one receipt is booked once."""
        return receipt in self.in_suspense or receipt in self.credited_to

    def booked_for(self, receipt: str) -> int | None:
        return self.in_suspense.get(receipt) or self.credited_to.get(receipt)

    def proven(self, item: Evidence) -> Donation | None:
        """Proven by the token that only M-Pesa was told, or by being the answer to our own call."""
        return None if item.key in self.contradicted else self._told(item)

    def hinted(self, item: Evidence) -> list[Donation]:
        of_id = self.current.get(self.by_checkout.get(checkout_id_of(item), 0))
        return [donation for donation in (self._told(item), of_id) if donation]

    def _told(self, item: Evidence) -> Donation | None:
        if item.payment:
            return self.current.get(item.payment.id)
        return self.current.get(self.by_token.get(item.token_hash, 0)) if item.token_hash else None


def name_donations(conn: Connection, vault: Vault, items: Sequence[Evidence]) -> Named:
    hashes = [item.token_hash for item in items if item.token_hash]
    by_token = tokens.made_for(conn, hashes, Purpose.PUSH)
    unproven = [item for item in items if not (item.token_hash and item.token_hash in by_token)]
    by_checkout = of_checkout_ids(conn, vault, unproven)
    ids = {item.payment.id for item in items if item.payment} | {*by_token.values(), *by_checkout.values()}
    current = {donation.id: donation for donation in donations.lock_all(conn, ids)}
    contradicted, of_another = name_another(conn, vault, items, by_token, current)
    receipts = {item.receipt for item in items if item.receipt and (item.payment or item.token_hash in by_token)}
    return Named(
        {donation.id: donation for donation in of_another.values()} | current,
        by_token,
        by_checkout | {checkout_id: donation.id for checkout_id, donation in of_another.items()},
        contradicted=contradicted,
        in_suspense=suspense.donations_of(conn, receipts),
        credited_to=donations.ids_by_receipt(conn, receipts),
    )


def checkout_id_of(item: Evidence) -> str:
    """The CheckoutRequestID; empty when none is named."""
    return item.names[0] if item.names else ""


def of_checkout_ids(conn: Connection, vault: Vault, items: Sequence[Evidence]) -> dict[str, int]:
    named = [checkout_id for item in items if (checkout_id := checkout_id_of(item))]
    by_index = {vault.index(checkout_id): checkout_id for checkout_id in named}
    return {by_index[index]: donation_id for index, donation_id in donations.ids_by_checkout(conn, by_index).items()}


def name_another(
    conn: Connection, vault: Vault, items: Sequence[Evidence], by_token: dict[bytes, int], current: dict[int, Donation]
) -> tuple[set[bytes], dict[str, Donation]]:
    """Evidence with one donation's token and another's CheckoutRequestID: its keys, and the others, not locked.

    An id that nobody knows may be the token's: of a prompt that M-Pesa said it had not taken, and sent all the same.
    """
    unlike = [
        (item, own)
        for item in items
        if item.token_hash in by_token and checkout_id_of(item)
        if vault.index(checkout_id_of(item)) != (own := current[by_token[item.token_hash]]).checkout_index
    ]
    owners = of_checkout_ids(conn, vault, [item for item, _ in unlike])
    contradicted = {item.key for item, own in unlike if owners.get(checkout_id_of(item), own.id) != own.id}
    found = donations.load(conn, donations.d.id.in_(owners.values())) if contradicted else []
    by_id = {donation.id: donation for donation in found}
    return contradicted, {checkout_id: by_id[owner] for checkout_id, owner in owners.items() if owner in by_id}
