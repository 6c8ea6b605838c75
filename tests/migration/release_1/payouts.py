"""One payout, its attempts and what was said about them, in the words of the first release."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.fakes import b2c_result, status_result
from tests.migration.old_vault import OldVault
from tests.migration.release_1.donations import WATER
from tests.migration.release_1.people import CHECKER, MAKER, RECIPIENT_PHONE, hash_of
from tests.migration.rows import Rows

SENT = ("approved", "processing", "completed", "failed")
OPEN = ("pending", "approved", "processing")


@dataclass
class Order:
    rows: Rows
    vault: OldVault
    id: int
    shillings: int
    campaign: int
    at: datetime
    tries: int = 0
    attempt: int = 0  # the id of the latest

    @property
    def originator_id(self) -> str:
        return f"ORIGINATOR{self.attempt:09}"

    @property
    def token(self) -> str:
        return payment_token(self.attempt)

    def tried(self, state: str, **columns: Any) -> "Order":
        self.tries, self.attempt = self.tries + 1, self.rows.counts["attempts"] + 1
        row = {"payout_id": self.id, "number": self.tries, "originator_id": self.originator_id, "state": state}
        row |= {"conversation_id": f"AG_{self.attempt}"} if state not in ("sending", "waiting") else {}
        row |= {"ended_at": self.at} if state in ("succeeded", "failed") else {}
        self.rows.put("attempts", started_at=self.at, **row | columns)
        token = {"token_hash": hash_of(self.token), "purpose": "payment", "attempt_id": self.attempt}
        self.rows.put("payout_tokens", **token)
        return self

    def booked(self, shillings: int | None = None, fee: bool = False) -> "Order":
        moved = shillings or self.shillings
        self.rows.move(f"payout:{self.id}:{self.tries}", f"campaign:{self.campaign}", "outside", moved, self.at)
        if fee:
            self.rows.move(f"fee:{self.attempt}", "fees", "outside", 22, self.at)
        return self

    def short(self) -> "Order":
        """The campaign had nothing left to cover it with."""
        cause = f"payout:{self.id}:{self.tries}:shortfall"
        self.rows.move(cause, f"receivable:{self.campaign}", "outside", self.shillings, self.at)
        return self

    def result(self, verdict: str, code: int = 0, token: str | None = "", **said: Any) -> "Order":
        """Of the latest attempt; with its token unless another, or None, is given."""
        receipt = receipt_of(self.attempt)
        body = b2c_result(self.originator_id, code, said.get("shillings", self.shillings), receipt)
        tells = {"amount_minor": 100 * said.pop("shillings", self.shillings), "receipt": receipt} if code == 0 else {}
        says = "paid" if code == 0 else "failed"
        return self.told("result", verdict, says, body, token, **{"code": str(code), **tells, **said})

    def status(self, verdict: str, says: str = "paid", status: str = "Completed", **said: Any) -> "Order":
        """M-Pesa's answer to a question about the latest attempt, which has a token of its own."""
        question = f"question {self.rows.counts['payout_tokens']}"
        asked = {"purpose": "status", "attempt_id": self.attempt}
        self.rows.put("payout_tokens", token_hash=hash_of(question), **asked)
        body = status_result(status, self.shillings, receipt_of(self.attempt))
        tells = {"amount_minor": 100 * self.shillings, "receipt": receipt_of(self.attempt), "code": "0"}
        return self.told("status", verdict, says, body, question, **{**tells, **said})

    def answered(self, verdict: str, says: str, code: str, **said: Any) -> "Order":
        """What our own request was answered."""
        key = key_of("answer", self.attempt, self.at.isoformat())
        return self._keep("answer", verdict, says, key, code=code, **said)

    def people(self, verdict: str, says: str, person: int, **said: Any) -> "Order":
        key = key_of("people", self.attempt, person, says)
        return self._keep("people", verdict, says, key, person_id=person, code="", **said)

    def told(self, source: str, verdict: str, says: str, body: bytes, token: str | None = "", **said: Any) -> "Order":
        known = self.token if token == "" else token
        token_hash = hash_of(known) if known else None
        if verdict in ("hint", "unmatched"):
            said = {**said, "amount_minor": None, "receipt": None}
        if verdict == "unmatched":
            said = {**said, "attempt_id": None}
        kept = {"token_hash": token_hash, "body_sealed": self.vault.seal(body), **said}
        return self._keep(source, verdict, says, key_of(source, token_hash, body), **kept)

    def _keep(self, source: str, verdict: str, says: str, key: bytes, **said: Any) -> "Order":
        row = {"source": source, "verdict": verdict, "says": says, "key": key, "received_at": self.at}
        self.rows.put("payout_evidence", **{"attempt_id": self.attempt, "code": "", **row, **said})
        return self


@dataclass
class Orders:
    rows: Rows
    vault: OldVault

    def add(self, status: str, shillings: int = 1_000, approvers: tuple[int, ...] = (), **columns: Any) -> Order:
        number = self.rows.counts["payouts"] + 1
        at = self.rows.ago(hours=2, minutes=-number)
        row: dict[str, Any] = {"campaign_id": WATER, "requester_id": MAKER, "currency": "KES", "purpose": "a borehole"}
        row |= {"phone_sealed": self.vault.seal(RECIPIENT_PHONE), "phone_index": self.vault.index(RECIPIENT_PHONE)}
        row |= {"recipient_name_sealed": self.vault.seal(f"Recipient {number}"), "remarks": "with thanks"}
        row |= {"amount_minor": 100 * shillings, "status": status, "status_message": "", "approvals_needed": 1}
        row |= {"version": 1 if status == "pending" else 2, "created_at": at, **columns}
        if status == "completed":
            row = {"completed_at": at, "status_message": "paid", **row}
        self.rows.put("payouts", **row)
        if status in OPEN:
            self.rows.promise(f"campaign:{row['campaign_id']}", shillings)
        for approver in approvers or ((CHECKER,) if status in SENT else ()):
            agreed = {"payout_id": number, "requester_id": row["requester_id"], "approver_id": approver}
            self.rows.put("approvals", created_at=at, **agreed)
        return Order(self.rows, self.vault, number, shillings, row["campaign_id"], at)


def key_of(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()


def payment_token(attempt: int) -> str:
    return f"{attempt:032x}{0:032x}"


def receipt_of(attempt: int) -> str:
    return f"TKB1A{attempt:05}"
