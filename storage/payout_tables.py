"""The tables of people with a role, and of money that goes out."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
)

from storage.columns import Id, Instant, only_where
from storage.tables import metadata, one_of


class PersonColumns(TypedColumns):
    """A human being with a role. Four eyes means two of these, not two Telegram accounts."""

    id = Column(Id, primary_key=True)
    name_sealed: Named[bytes] = Column(LargeBinary)
    email_sealed: Named[bytes | None] = Column(LargeBinary)  # for news of payouts
    created_at: Named[datetime] = Column(Instant)


class AccountColumns(TypedColumns):
    chat_id = Column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Named[int] = Column(Id, ForeignKey("people.id"))
    mac: Named[bytes | None] = Column(LargeBinary)  # of who linked it: one written by hand has none that fits


class RoleColumns(TypedColumns):
    person_id: Named[int] = Column(Id, ForeignKey("people.id"), primary_key=True)
    role: Named[str] = Column(Text, primary_key=True)
    since: Named[datetime] = Column(Instant, server_default="0")  # held without a break; 0: since before this was noted
    mac: Named[bytes | None] = Column(LargeBinary)


class NgoColumns(TypedColumns):
    """Whom money is paid to again and again: an NGO or a beneficiary."""

    id = Column(Id, primary_key=True)
    name_sealed: Named[bytes] = Column(LargeBinary)
    phone_sealed: Named[bytes] = Column(LargeBinary)
    phone_index: Named[bytes] = Column(LargeBinary)
    chat_id: Named[int | None] = Column(BigInteger)
    email_sealed: Named[bytes | None] = Column(LargeBinary)
    created_at: Named[datetime] = Column(Instant)


class PayoutDraftColumns(TypedColumns):
    """A payout that is still being put together in the chat. What is NULL is what is asked for next."""

    id = Column(Id, primary_key=True)
    person_id: Named[int] = Column(Id, ForeignKey("people.id"))
    campaign_id: Named[int | None] = Column(Id, ForeignKey("campaigns.id"))
    amount_minor: Named[int | None] = Column(BigInteger)
    phone_sealed: Named[bytes | None] = Column(LargeBinary)
    name_sealed: Named[bytes | None] = Column(LargeBinary)
    status: Named[str] = Column(Text)
    moved_by: Named[str | None] = Column(Text)
    moved_at: Named[datetime] = Column(Instant)


class BatchColumns(TypedColumns):
    """Many payouts requested and approved as one."""

    id = Column(Id, primary_key=True)
    campaign_id: Named[int] = Column(Id, ForeignKey("campaigns.id"))
    requester_id: Named[int] = Column(Id, ForeignKey("people.id"))
    file_key: Named[str] = Column(Text, unique=True)  # the message that brought the file: taken once
    paused: Named[bool] = Column(Boolean)
    chat_id: Named[int | None] = Column(BigInteger)
    message_id: Named[int | None] = Column(BigInteger)  # the one message that tells the progress
    created_at: Named[datetime] = Column(Instant)


class PayoutColumns(TypedColumns):
    id = Column(Id, primary_key=True)
    campaign_id: Named[int] = Column(Id, ForeignKey("campaigns.id"))
    ngo_id: Named[int | None] = Column(Id, ForeignKey("ngos.id"))
    batch_id: Named[int | None] = Column(Id, ForeignKey("batches.id"), index=True)
    draft_id: Named[int | None] = Column(Id, ForeignKey("payout_drafts.id"), unique=True)
    requester_id: Named[int] = Column(Id, ForeignKey("people.id"))
    recipient_name_sealed: Named[bytes] = Column(LargeBinary)
    recipient_email_sealed: Named[bytes | None] = Column(LargeBinary)  # of this one payout; else the NGO's holds
    phone_sealed: Named[bytes] = Column(LargeBinary)
    phone_index: Named[bytes] = Column(LargeBinary)
    amount_minor: Named[int] = Column(BigInteger)
    currency: Named[str] = Column(Text)
    purpose_sealed: Named[bytes | None] = Column(LargeBinary)
    remarks_sealed: Named[bytes | None] = Column(LargeBinary)
    status: Named[str] = Column(Text)
    status_message: Named[str] = Column(Text)
    note_sealed: Named[bytes | None] = Column(LargeBinary)  # a person's words: why it was rejected
    needs_review: Named[str | None] = Column(Text)
    version: Named[int] = Column(BigInteger)  # counts the moves; a button carries the one it was made for
    approvals_needed: Named[int] = Column(BigInteger)
    receipt: Named[str | None] = Column(Text, unique=True)
    created_at: Named[datetime] = Column(Instant)
    decided_at: Named[datetime | None] = Column(Instant)
    decided_by: Named[int | None] = Column(Id, ForeignKey("people.id"))  # who rejected or cancelled it
    mpesa_name_sealed: Named[bytes | None] = Column(LargeBinary)  # in whose name M-Pesa has the number
    completed_at: Named[datetime | None] = Column(Instant)
    order_mac: Named[bytes | None] = Column(
        LargeBinary
    )  # of what was asked for: one written by hand has none that fits


class ApprovalColumns(TypedColumns):
    """Four eyes, kept by the database: a requester's own approval cannot be stored."""

    payout_id: Named[int] = Column(Id, primary_key=True)
    requester_id: Named[int] = Column(Id)
    approver_id: Named[int] = Column(Id, ForeignKey("people.id"), primary_key=True)
    created_at: Named[datetime] = Column(Instant)
    api_key_id: Named[int | None] = Column(Id)  # by which it was said; NULL: in the chat, or before this was noted
    mac: Named[bytes | None] = Column(LargeBinary)  # of what was agreed to, and by whom


class AttemptColumns(TypedColumns):
    """One request to M-Pesa under one OriginatorConversationID. A new one only after a definite failure."""

    id = Column(Id, primary_key=True)
    payout_id: Named[int] = Column(Id, ForeignKey("payouts.id"), index=True)
    number: Named[int] = Column(BigInteger)
    originator_id: Named[str] = Column(Text, unique=True)
    conversation_id: Named[str | None] = Column(Text, index=True)
    state: Named[str] = Column(Text)
    reason: Named[str | None] = Column(Text)
    code: Named[str | None] = Column(Text)
    receipt: Named[str | None] = Column(Text)
    asked_at: Named[datetime | None] = Column(Instant)
    started_at: Named[datetime] = Column(Instant)
    ended_at: Named[datetime | None] = Column(Instant)


class FloatColumns(TypedColumns):
    """What M-Pesa said that its accounts hold, the latest of each."""

    shortcode: Named[str] = Column(Text, primary_key=True)  # empty: the one that pays
    account: Named[str] = Column(Text, primary_key=True)
    available_minor: Named[int] = Column(BigInteger)
    seen_at: Named[datetime] = Column(Instant)


class NoticeColumns(TypedColumns):
    """A message with buttons about a payout or a batch, to be edited when it is decided."""

    chat_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    payout_id: Named[int | None] = Column(Id, ForeignKey("payouts.id"), index=True)
    batch_id: Named[int | None] = Column(Id, ForeignKey("batches.id"), index=True)
    reason_asked_at: Named[datetime | None] = Column(Instant)  # Reject was pressed: the next text says why


people = Table("people", metadata, PersonColumns)
accounts = Table("accounts", metadata, AccountColumns)
roles = Table("roles", metadata, RoleColumns, one_of("role", "viewer", "maker", "checker", "owner"))
ngos = Table("ngos", metadata, NgoColumns)
payout_drafts = Table("payout_drafts", metadata, PayoutDraftColumns, one_of("status", "open", "confirmed", "cancelled"))
batches = Table("batches", metadata, BatchColumns)
payouts = Table(
    "payouts",
    metadata,
    PayoutColumns,
    UniqueConstraint("id", "requester_id"),
    CheckConstraint("amount_minor > 0", name="amount"),
    CheckConstraint("approvals_needed > 0", name="approvals"),
    one_of("status", "pending", "approved", "rejected", "cancelled", "processing", "completed", "failed"),
)
approvals = Table(
    "approvals",
    metadata,
    ApprovalColumns,
    ForeignKeyConstraint(["payout_id", "requester_id"], ["payouts.id", "payouts.requester_id"]),
    CheckConstraint("approver_id <> requester_id", name="four_eyes"),
)
attempts = Table(
    "attempts",
    metadata,
    AttemptColumns,
    UniqueConstraint("payout_id", "number"),
    one_of("state", "sending", "waiting", "accepted", "unknown", "succeeded", "failed"),
)
floats = Table("floats", metadata, FloatColumns)
notices = Table("notices", metadata, NoticeColumns)

still_open = only_where("state IN ('sending', 'waiting', 'accepted', 'unknown')")
Index("ix_attempts_one_open", attempts.c.payout_id, unique=True, **still_open)
Index("ix_payout_drafts_one_open", payout_drafts.c.person_id, unique=True, **only_where("status = 'open'"))
Index("ix_payouts_status", payouts.c.status, payouts.c.id)
Index("ix_payouts_phone_index", payouts.c.phone_index, payouts.c.created_at)
