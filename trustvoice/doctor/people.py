"""Is there an owner, and are there enough people for payouts to be approved?"""

from sqlalchemy import Connection

from fundraising.people import roles
from fundraising.people.roles import Role
from trustvoice.doctor.lines import Finding, error, ok, warning
from trustvoice.doctor.patient import TABLES, Check, Patient

NAME_ONE = "Run: trustvoice admin add --telegram NUMBER --name NAME --role owner"
NAME_MORE = "Name more: trustvoice admin add --telegram NUMBER --name NAME --role checker"
OWNERS_TO_UNFREEZE = 2


async def look(patient: Patient) -> list[Finding]:
    makers, checkers, owners = await patient.database.read(holders)
    first = patient.settings.admin_telegram_ids
    if not owners and first:
        return [ok(f"there is no owner yet; `trustvoice run` makes the {len(first)} of ADMIN_TELEGRAM_IDS owners")]
    if not owners:
        return [error("there is no owner: nobody is told what goes wrong, nobody may name others", NAME_ONE)]
    findings = []
    if patient.settings.pays_out and not can_agree(makers, checkers, most_needed(patient)):
        most = most_needed(patient)
        found = f"nobody can get {most} approval{'s' if most > 1 else ''} of others ({len(checkers)} may approve)"
        findings.append(warning(found, NAME_MORE))
    if patient.settings.pays_out and len(owners) < OWNERS_TO_UNFREEZE:
        findings.append(warning("there is one owner, and it takes two to unfreeze sending", NAME_ONE))
    return findings or [ok(f"{len(owners)} owners, {len(makers)} may ask for payouts, {len(checkers)} may approve")]


def holders(conn: Connection) -> tuple[list[int], list[int], list[int]]:
    return (
        roles.holders(conn, Role.MAKER),
        roles.holders(conn, Role.CHECKER),
        [owner for owner in roles.holders(conn, Role.OWNER) if roles.chats_of(conn, [owner])],
    )


def most_needed(patient: Patient) -> int:
    return max(people for _least, people in patient.settings.payout_approvals)


def can_agree(makers: list[int], checkers: list[int], needed: int) -> bool:
    return any(len(set(checkers) - {maker}) >= needed for maker in makers)


CHECK = Check("people", look, needs=("database_url", "payout_approvals"), reads=TABLES)
