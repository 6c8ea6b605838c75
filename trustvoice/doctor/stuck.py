"""What does not go on by itself: jobs given up, evidence set aside, sending frozen, outcomes that nobody knows."""

from datetime import timedelta

from sqlalchemy import Connection, func, or_, select

from fundraising import stops
from fundraising.evidence.record import Verdict
from fundraising.ledger import accounts
from fundraising.money import Money
from fundraising.statuses import DonationStatus, PayoutStatus
from letters.language import ENGLISH, LANGUAGES
from letters.stops import because
from storage.payout_tables import payouts
from storage.tables import balances, donations, evidence, jobs
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import TABLES, Check, Patient

j, d, p = jobs.c, donations.c, payouts.c
LATE = timedelta(minutes=10)
A_DAY = timedelta(days=1)
SHOWN = 5
IS_IT_RUNNING = "Start `trustvoice run`, or see in its log why it does not keep up."
READ_THE_LOG = (
    "Search the log for “given up”: the lines above it say why. What they were to do has not been done. What concerns "
    "M-Pesa is begun afresh when `trustvoice run` starts the next time."
)
SET_ASIDE = "Nothing is lost. Search the log for “set aside” and report it; once mended, run: trustvoice settle-stuck"
UNFREEZE = "Mend what is named there; then two owners write /unfreeze to the bot."
TWO_PEOPLE = "Look at them in the bot (/payouts, /report): M-Pesa's statement tells how they ended, two people decide."
TREASURER = "The owners were told of each; a treasurer decides where it belongs. It is in the books, in no campaign."


async def look_at_jobs(patient: Patient) -> list[Finding]:
    late_since = patient.now() - LATE

    def read(conn: Connection) -> tuple[list[str], int]:
        given_up = select(j.kind, func.count()).where(j.run_at.is_(None)).group_by(j.kind).order_by(j.kind)
        late = conn.scalar(select(func.count()).where(j.run_at < late_since)) or 0
        return [f"{count} {kind}" for kind, count in conn.execute(given_up)], late

    given_up, late = await patient.database.read(read)
    findings = [error(f"given up: {', '.join(given_up)}", READ_THE_LOG)] if given_up else []
    if late:
        findings.append(warning(f"{late} should have run more than 10 minutes ago", IS_IT_RUNNING))
    return findings or [ok("none is given up, none is late")]


async def look_at_evidence(patient: Patient) -> list[Finding]:
    late_since = patient.now() - LATE

    def read(conn: Connection) -> tuple[int, int]:
        stuck = conn.scalar(select(func.count()).where(evidence.c.verdict == Verdict.STUCK)) or 0
        waiting = select(func.count()).where(evidence.c.verdict.is_(None), evidence.c.received_at < late_since)
        return stuck, conn.scalar(waiting) or 0

    stuck, waiting = await patient.database.read(read)
    findings = [error(f"{stuck} pieces could not be settled and were set aside", SET_ASIDE)] if stuck else []
    if waiting:
        findings.append(warning(f"{waiting} pieces wait to be settled for more than 10 minutes", IS_IT_RUNNING))
    return findings or [ok("all that M-Pesa said is settled")]


async def look_at_sending(patient: Patient) -> list[Finding]:
    found = await patient.database.read(stops.standing)
    if not found:
        return [ok("is not frozen")]
    why = because(LANGUAGES[ENGLISH], found)
    return [error(f"is frozen since {found[0].since:%Y-%m-%d %H:%M} UTC: {why}", UNFREEZE)]


async def look_at_unknown(patient: Patient) -> list[Finding]:
    """Neither paid nor failed for more than a day."""
    before = patient.now() - A_DAY
    open_donations = select(d.id).where(d.status == DonationStatus.PENDING, d.created_at < before).order_by(d.id)
    doubtful = or_(p.status == PayoutStatus.PROCESSING, p.needs_review.is_not(None))
    open_payouts = select(p.id).where(doubtful, p.created_at < before).order_by(p.id)

    def read(conn: Connection) -> list[str]:
        found = (("donations", list(conn.scalars(open_donations))), ("payouts", list(conn.scalars(open_payouts))))
        return [f"{len(ids)} {what} ({listed(ids)})" for what, ids in found if ids]

    found = await patient.database.read(read)
    return [warning(f"{' and '.join(found)} for more than a day", TWO_PEOPLE) if found else ok("none for over a day")]


def listed(ids: list[int]) -> str:
    more = ", …" if len(ids) > SHOWN else ""
    return ", ".join(f"#{each}" for each in ids[:SHOWN]) + more


async def look_at_suspense(patient: Patient) -> list[Finding]:
    b = balances.c
    query = select(b.currency, b.in_minor - b.out_minor).where(
        b.account == str(accounts.SUSPENSE), b.in_minor > b.out_minor
    )
    held = await patient.database.read(lambda conn: [Money(minor, of) for of, minor in conn.execute(query)])
    if not held:
        return [ok("holds no money")]
    return [warning(f"{', '.join(map(str, held))} arrived and fits nothing", TREASURER)]


JOBS = Check("jobs", look_at_jobs, needs=("database_url",), reads=TABLES)
EVIDENCE = Check("evidence", look_at_evidence, needs=("database_url",), reads=TABLES)
SENDING = Check("sending", look_at_sending, needs=("database_url",), reads=TABLES)
UNKNOWN = Check("unknown outcomes", look_at_unknown, needs=("database_url",), reads=TABLES)
SUSPENSE = Check("suspense", look_at_suspense, needs=("database_url",), reads=TABLES)
