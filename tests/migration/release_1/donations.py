"""One donation, its token and what was said about it, in the words of the first release."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.fakes import callback
from tests.migration.old_vault import OldVault
from tests.migration.release_1.people import DONOR, PHONE, hash_of
from tests.migration.rows import Rows

WATER, SCHOOL, CLINIC = 1, 2, 3
DATED = 20  # so much of a CheckoutRequestID stands at the head of a key


@dataclass
class Gift:
    """`heard` and `answered` keep evidence with a verdict; None: it waits."""

    rows: Rows
    vault: OldVault
    id: int
    shillings: int
    at: datetime

    @property
    def token(self) -> str:
        return token_of(self.id)

    @property
    def checkout_id(self) -> str:
        return checkout_of(self.id)

    def heard(self, verdict: str | None, code: int = 0, token: str | None = "", **said: Any) -> "Gift":
        """A callback; with the gift's own token unless another, or None, is given."""
        shillings, receipt = said.pop("shillings", self.shillings), said.pop("receipt", receipt_of(self.id))
        body = callback(self.checkout_id, code, shillings, receipt)
        tells = {"amount_minor": 100 * shillings, "receipt": receipt} if code == 0 else {}
        said = {"says": {0: "succeeded", 1037: "unknown"}.get(code, "failed"), **said}
        if verdict in (None, "hint", "unmatched"):
            tells = {}
        known = self.token if token == "" else token
        token_hash = hash_of(known) if known else None
        self._keep(
            verdict,
            key=self.checkout_id[:DATED].encode() + hashlib.sha256((token_hash or b"") + body).digest(),
            source="callback",
            token_hash=token_hash,
            code=str(code),
            body_sealed=self.vault.seal(body),
            **said,
            **tells,
        )
        return self

    def answered(self, verdict: str | None, says: str = "succeeded", source: str = "query", **said: Any) -> "Gift":
        """What M-Pesa answered to a call of ours: it bears no body."""
        at = self.rows.ago(minutes=5, seconds=self.rows.counts["evidence"])
        key = hash_of(f"{source}:{self.id}:{at.isoformat()}")
        self._keep(verdict, key=key, source=source, says=says, **{"code": "", **said}, received_at=at)
        return self

    def credited(self, shillings: int | None = None, campaign: int = WATER) -> "Gift":
        moved = self.shillings if shillings is None else shillings
        self.rows.move(f"donation:{self.id}", "outside", f"campaign:{campaign}", moved, self.at)
        return self

    def in_suspense(self, receipt: str, shillings: int, reason: str) -> "Gift":
        stray = {"receipt": receipt, "donation_id": self.id, "amount_minor": 100 * shillings, "currency": "KES"}
        self.rows.put("suspense", reason=reason, created_at=self.at, **stray)
        self.rows.move(f"receipt:{receipt}", "outside", "suspense", shillings, self.at)
        return self

    def _keep(self, verdict: str | None, **said: Any) -> None:
        against = {"donation_id": self.id}
        if verdict == "unmatched" or (verdict is None and said["source"] == "callback"):
            against = {}
        self.rows.put("evidence", verdict=verdict, **{"received_at": self.at, **against, **said})


@dataclass
class Gifts:
    rows: Rows
    vault: OldVault

    def add(self, shillings: int = 500, status: str = "pending", push: str = "accepted", **columns: Any) -> Gift:
        number = self.rows.counts["donations"] + 1
        at = self.rows.ago(hours=2, minutes=-number)
        row = {"reference": f"REF{number:07}", "campaign_id": WATER, "donor_id": DONOR, "currency": "KES"}
        row |= {"phone_sealed": self.vault.seal(PHONE), "phone_index": self.vault.index(PHONE)}
        row |= {"amount_minor": 100 * shillings, "status": status, "push": push, "created_at": at, "pushed_at": at}
        if push == "accepted":
            checkout = checkout_of(number)
            row |= {"checkout_sealed": self.vault.seal(checkout), "checkout_index": self.vault.index(checkout)}
        if status != "pending":
            row["settled_at"] = at
        self.rows.put("donations", **row | columns)
        self.rows.put("callback_tokens", token_hash=hash_of(token_of(number)), donation_id=number)
        return Gift(self.rows, self.vault, number, shillings, at)

    def paid(self, shillings: int = 500, **columns: Any) -> Gift:
        """Completed, and known by M-Pesa's own receipt."""
        number = self.rows.counts["donations"] + 1
        return self.add(shillings, "completed", **{"receipt": receipt_of(number), **columns}).credited()


def token_of(donation_id: int) -> str:
    return f"{donation_id:064x}"


def checkout_of(donation_id: int) -> str:
    return f"ws_CO_2211202611{donation_id:04}708374149"


def receipt_of(donation_id: int) -> str:
    return f"TKM1A{donation_id:05}"
