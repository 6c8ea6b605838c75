"""Gifts, the books and work to be done; the other tables have files beside this one, storage/schema.py names all.

Amounts are minor units; moments are UTC; `_sealed` and `_index` columns are the vault's.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    false,
)

from storage.columns import Id, Instant, only_where

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class CampaignColumns(TypedColumns):
    id = Column(Id, primary_key=True)
    slug: Named[str] = Column(Text, unique=True)
    title: Named[str] = Column(Text)
    story: Named[str] = Column(Text)
    goal_minor: Named[int] = Column(BigInteger)
    currency: Named[str] = Column(Text)
    status: Named[str] = Column(Text)
    created_at: Named[datetime] = Column(Instant)
    closed_at: Named[datetime | None] = Column(Instant)


class DonorColumns(TypedColumns):
    id = Column(Id, primary_key=True)
    chat_id: Named[int | None] = Column(BigInteger, unique=True)
    name_sealed: Named[bytes | None] = Column(LargeBinary)
    language: Named[str | None] = Column(Text)
    phone_sealed: Named[bytes | None] = Column(LargeBinary)  # the one used last
    email_sealed: Named[bytes | None] = Column(LargeBinary)  # asked for receipts there
    unreachable_since: Named[datetime | None] = Column(Instant)  # blocked the bot, or the chat is gone
    asked_to_share: Named[bool] = Column(Boolean, server_default=false())  # the button that shares a number is shown
    created_at: Named[datetime] = Column(Instant)


class DraftColumns(TypedColumns):
    """A donation that is still being put together in the chat. What is NULL is what is asked for next."""

    id = Column(Id, primary_key=True)
    donor_id: Named[int] = Column(Id, ForeignKey("donors.id"))
    campaign_id: Named[int | None] = Column(Id, ForeignKey("campaigns.id"))
    amount_minor: Named[int | None] = Column(BigInteger)
    phone_sealed: Named[bytes | None] = Column(LargeBinary)
    status: Named[str] = Column(Text)
    moved_by: Named[str | None] = Column(Text)  # the update that moved it last: applied once, however often it comes
    moved_at: Named[datetime] = Column(Instant)


class DonationColumns(TypedColumns):
    id = Column(Id, primary_key=True)
    reference: Named[str] = Column(Text, unique=True)  # M-Pesa's AccountReference
    campaign_id: Named[int] = Column(Id, ForeignKey("campaigns.id"))
    donor_id: Named[int] = Column(Id, ForeignKey("donors.id"))
    draft_id: Named[int | None] = Column(Id, ForeignKey("drafts.id"), unique=True)
    amount_minor: Named[int] = Column(BigInteger)
    currency: Named[str] = Column(Text)
    phone_sealed: Named[bytes] = Column(LargeBinary)
    phone_index: Named[bytes] = Column(LargeBinary)
    status: Named[str] = Column(Text)
    needs_review: Named[str | None] = Column(Text)  # why a person must look
    push: Named[str] = Column(Text)  # how far the prompt came
    failure: Named[str | None] = Column(Text)  # M-Pesa's reason
    checkout_sealed: Named[bytes | None] = Column(LargeBinary)  # newer CheckoutRequestIDs contain the phone number
    checkout_index: Named[bytes | None] = Column(LargeBinary, index=True)
    receipt: Named[str | None] = Column(Text, unique=True)
    negative_code: Named[str | None] = Column(Text)  # the first of the two agreeing answers that end a donation
    negative_at: Named[datetime | None] = Column(Instant)
    asked_at: Named[datetime | None] = Column(Instant)
    message_id: Named[int | None] = Column(BigInteger)  # the "check your phone" message
    created_at: Named[datetime] = Column(Instant)
    pushed_at: Named[datetime] = Column(Instant)
    settled_at: Named[datetime | None] = Column(Instant)
    receipt_by_mail: Named[bool] = Column(Boolean, server_default=false())  # loaded with it: settling looks up nobody
    asked_minor: Named[int | None] = Column(BigInteger)  # what it was to be, where people decided about another amount


class TokenColumns(TypedColumns):
    """Whoever knows the token in a callback's address was told it by us. Kept for ever: callbacks come days late."""

    token_hash = Column(LargeBinary, primary_key=True)
    purpose: Named[str] = Column(Text)  # it says whose id the next is, if anybody's
    about_id: Named[int | None] = Column(Id)


class EvidenceColumns(TypedColumns):
    """What anybody says about a payment, of either kind."""

    id = Column(Id, primary_key=True)
    key: Named[bytes] = Column(LargeBinary, unique=True)
    source: Named[str] = Column(Text)
    payment_kind: Named[str | None] = Column(Text)
    payment_id: Named[int | None] = Column(Id)  # the one it was weighed against, of that kind
    person_id: Named[int | None] = Column(Id, ForeignKey("people.id"))  # whose word it is
    token_hash: Named[bytes | None] = Column(LargeBinary)
    says: Named[str] = Column(Text)
    code: Named[str] = Column(Text)
    reason: Named[str | None] = Column(Text)
    amount_minor: Named[int | None] = Column(BigInteger)
    receipt: Named[str | None] = Column(Text)
    body_sealed: Named[bytes | None] = Column(LargeBinary)
    received_at: Named[datetime] = Column(Instant)
    verdict: Named[str | None] = Column(Text)  # NULL until it has been weighed


class PostingColumns(TypedColumns):
    """Never changed, never deleted: a trigger refuses."""

    cause: Named[str] = Column(Text, primary_key=True)
    account: Named[str] = Column(Text, primary_key=True)
    currency: Named[str] = Column(Text, primary_key=True)
    minor: Named[int] = Column(BigInteger)
    posted_at: Named[datetime] = Column(Instant)


class BalanceColumns(TypedColumns):
    """All that ever came in and went out of an account; the difference is the balance. Re-derived by `verify`."""

    account: Named[str] = Column(Text, primary_key=True)
    currency: Named[str] = Column(Text, primary_key=True)
    in_minor: Named[int] = Column(BigInteger)
    out_minor: Named[int] = Column(BigInteger)
    reserved_minor: Named[int] = Column(BigInteger, server_default="0")  # promised to payouts that are not paid yet


class SuspenseColumns(TypedColumns):
    """Money that arrived and fits nothing: a treasurer decides."""

    id = Column(Id, primary_key=True)
    receipt: Named[str] = Column(Text, unique=True)
    donation_id: Named[int] = Column(Id, ForeignKey("donations.id"))
    amount_minor: Named[int] = Column(BigInteger)
    currency: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    created_at: Named[datetime] = Column(Instant)


class ClaimColumns(TypedColumns):
    """The M-Pesa code that a donor sent for a donation of unknown outcome. It proves nothing by itself."""

    id = Column(Id, primary_key=True)
    donation_id: Named[int] = Column(Id, ForeignKey("donations.id"))
    code: Named[str] = Column(Text)
    created_at: Named[datetime] = Column(Instant)


class JobColumns(TypedColumns):
    id = Column(Id, primary_key=True)
    lane: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    payload: Named[str] = Column(Text)
    turn: Named[str | None] = Column(Text)  # jobs of the same turn run one at a time, oldest first
    run_at: Named[datetime | None] = Column(Instant)  # claimed: when the lease ends. NULL: given up
    attempt: Named[int] = Column(BigInteger)


class TelegramUpdateColumns(TypedColumns):
    """The inbox: stored before Telegram is told that it arrived; the id is kept to know a repeated one."""

    update_id = Column(BigInteger, primary_key=True, autoincrement=False)
    body_sealed: Named[bytes] = Column(LargeBinary)
    received_at: Named[datetime] = Column(Instant)


class FactColumns(TypedColumns):
    """A few single facts about this database, such as which SECRET_KEY sealed it."""

    name: Named[str] = Column(Text, primary_key=True)
    value: Named[str] = Column(Text)


class BookColumns(TypedColumns):
    """One row: which books these are. A copy has the same name, a new database another; journals carry it."""

    name: Named[str] = Column(Text, primary_key=True)


class LeaseColumns(TypedColumns):
    """What only one replica may do at a time."""

    name: Named[str] = Column(Text, primary_key=True)
    holder: Named[str] = Column(Text)
    until: Named[datetime] = Column(Instant)


def one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=column)


campaigns = Table(
    "campaigns",
    metadata,
    CampaignColumns,
    CheckConstraint("goal_minor > 0", name="goal"),
    one_of("status", "open", "closed"),
)
donors = Table("donors", metadata, DonorColumns)
drafts = Table("drafts", metadata, DraftColumns, one_of("status", "open", "confirmed", "cancelled"))
donations = Table(
    "donations",
    metadata,
    DonationColumns,
    CheckConstraint("amount_minor > 0", name="amount"),
    one_of("status", "pending", "completed", "failed", "refunded"),
    one_of("push", "sending", "waiting", "accepted", "refused", "unknown"),
)
tokens = Table("tokens", metadata, TokenColumns, sqlite_with_rowid=False)
evidence = Table("evidence", metadata, EvidenceColumns)
postings = Table(
    "postings",
    metadata,
    PostingColumns,
    CheckConstraint("minor <> 0", name="minor"),
    sqlite_with_rowid=False,  # else each posting lies there twice, in the table and in the key's index
)
balances = Table(
    "balances",
    metadata,
    BalanceColumns,
    CheckConstraint("reserved_minor = 0 OR reserved_minor BETWEEN 0 AND in_minor - out_minor", name="reserved"),
)
suspense = Table("suspense", metadata, SuspenseColumns, CheckConstraint("amount_minor > 0", name="amount"))
claims = Table("claims", metadata, ClaimColumns, UniqueConstraint("donation_id", "code"))
jobs = Table("jobs", metadata, JobColumns, UniqueConstraint("kind", "payload"))
telegram_updates = Table("telegram_updates", metadata, TelegramUpdateColumns)
facts = Table("facts", metadata, FactColumns)
books = Table("books", metadata, BookColumns)
leases = Table("leases", metadata, LeaseColumns)

Index(None, jobs.c.lane, jobs.c.run_at, jobs.c.id)
Index(
    None,
    jobs.c.turn,
    jobs.c.id,
    **only_where("turn IS NOT NULL"),
)
Index(
    "ix_evidence_waiting",
    evidence.c.id,
    **only_where("verdict IS NULL"),
)
Index("ix_evidence_payment", evidence.c.payment_id, **only_where("payment_id IS NOT NULL"))  # 1 % of a callback
Index("ix_evidence_unproven", evidence.c.received_at, **only_where("verdict IN ('hint', 'unmatched')"))
Index(
    "ix_drafts_one_open",
    drafts.c.donor_id,
    unique=True,
    **only_where("status = 'open'"),
)
Index(
    "ix_donations_givers",
    donations.c.campaign_id,
    donations.c.donor_id,
    **only_where("status = 'completed'"),
)
Index("ix_donations_phone_index", donations.c.phone_index, donations.c.created_at)
Index("ix_donations_donor_id", donations.c.donor_id, donations.c.id)
Index("ix_donations_pending", donations.c.created_at, **only_where("status = 'pending'"))
