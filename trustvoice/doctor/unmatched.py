"""Callbacks that named nothing known, or came without the token that we gave M-Pesa: "ConversationID not found"."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from fundraising.evidence.record import UNPROVEN as WITHOUT_PROOF
from fundraising.evidence.record import e
from trustvoice.doctor.lines import Finding, ok, warning
from trustvoice.doctor.patient import TABLES, Check, Patient

A_DAY = timedelta(days=1)
SEE = "docs/troubleshooting.md, “ConversationID not found”, says what each means"
UNPROVEN = (
    "Something calls our address without the secret that we append: another program with this shortcode and this "
    "address, or somebody who tries. No money was moved by it"
)
OF_ANOTHER = (
    "They carry a secret that this database does not know: another TrustVoice uses the same address (a test beside "
    "production?), or this database is older than the payments (a restore?)"
)


async def look(patient: Patient) -> list[Finding]:
    since = patient.now() - A_DAY
    found = await patient.database.read(lambda conn: counted(conn, since))
    if not found:
        return [ok("all of the last day's belonged to something known")]
    findings = []
    if without := found[False]:
        findings.append(warning(f"{without} of the last day's came without a token", f"{UNPROVEN}. {SEE}."))
    if other := found[True]:
        named = "named no donation or payout that is known here (ConversationID not found)"
        findings.append(warning(f"{other} of the last day's {named}", f"{OF_ANOTHER}. {SEE}."))
    return findings


def counted(conn: Connection, since: datetime) -> Counter[bool]:
    """By whether they carried a token. A token that is known makes a callback ours, whatever it names."""
    has_token = e.token_hash.is_not(None)
    strangers = select(has_token, func.count()).where(e.verdict.in_(WITHOUT_PROOF), e.received_at >= since)
    return Counter({bool(with_token): count for with_token, count in conn.execute(strangers.group_by(has_token))})


CHECK = Check("callbacks", look, needs=("database_url",), reads=TABLES)
