"""Triggers that refuse to change what was agreed to, or to delete what was said: whoever would, has to drop them first.

They are put up after every migration, and at a start that finds one missing. Migrations change rows without them.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

ORDER = (  # of a payout: what was asked for
    *("id", "campaign_id", "ngo_id", "batch_id", "draft_id", "requester_id", "recipient_name_sealed"),
    *(
        "recipient_email_sealed",
        "phone_sealed",
        "phone_index",
        "amount_minor",
        "currency",
        "purpose_sealed",
        "remarks_sealed",
    ),
    *("approvals_needed", "created_at", "order_mac"),
)
APPROVAL = ("payout_id", "requester_id", "approver_id")  # else, one that counts no more is given anew
UNPROVEN = "OLD.verdict IS NOT NULL AND OLD.verdict NOT IN ('hint', 'unmatched')"  # these are dropped when they are old


@dataclass(frozen=True)
class Guard:
    table: str
    verb: str
    says: str
    columns: tuple[str, ...] = ()  # all of them
    when: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.verb.lower()}"

    @property
    def event(self) -> str:
        return f"{self.verb} OF {', '.join(self.columns)}" if self.columns else self.verb


NO_DELETE = "is never deleted"
GUARDS = (
    Guard("payouts", "UPDATE", "what was asked for is never changed: cancel it, and ask anew", ORDER),
    Guard("payouts", "DELETE", f"a payout {NO_DELETE}"),
    Guard("approvals", "UPDATE", "an approval is never changed", APPROVAL),
    Guard("approvals", "DELETE", f"an approval {NO_DELETE}"),
    Guard("attempts", "UPDATE", "an attempt stays what it was", ("id", "payout_id", "number", "originator_id")),
    Guard("attempts", "DELETE", f"an attempt {NO_DELETE}"),
    Guard("evidence", "UPDATE", "what was said stays what it was", ("key", "source", "body_sealed", "received_at")),
    Guard("evidence", "DELETE", f"proven evidence {NO_DELETE}", when=UNPROVEN),
)


def put_up(conn: Connection) -> None:
    """Those that are missing."""
    standing = names(conn)
    if conn.dialect.name == "postgresql" and any(guard.name not in standing for guard in GUARDS):
        conn.execute(text(REFUSE))
    for guard in GUARDS:
        if guard.name not in standing:
            conn.execute(text(statement(conn, guard)))


def take_down(conn: Connection) -> None:
    """For as long as a migration changes rows."""
    on = " ON {}" if conn.dialect.name == "postgresql" else ""
    standing = names(conn)
    for guard in GUARDS:
        if guard.name in standing:
            conn.execute(text(f"DROP TRIGGER {guard.name}{on.format(guard.table)}"))


def names(conn: Connection) -> set[str]:
    of_sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    of_postgres = (
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    return set(conn.scalars(text(of_sqlite if conn.dialect.name == "sqlite" else of_postgres)))


REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"
)


def statement(conn: Connection, guard: Guard) -> str:
    when = f" WHEN ({guard.when})" if guard.when else ""
    begin = f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}"
    if conn.dialect.name == "sqlite":
        return f"{begin}{when} BEGIN SELECT RAISE(ABORT, '{guard.says}'); END"
    return f"{begin} FOR EACH ROW{when} EXECUTE FUNCTION refuse_change('{guard.says}')"
