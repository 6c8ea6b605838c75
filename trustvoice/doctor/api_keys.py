"""Keys of the HTTP API that end soon."""

from datetime import timedelta

from sqlalchemy import select

from storage.api_tables import api_keys
from trustvoice.doctor.lines import Finding, ok, warning
from trustvoice.doctor.patient import TABLES, Check, Patient

k = api_keys.c
SOON = timedelta(days=14)
NEW_KEY = "Give its user a new one before: trustvoice api-key create; then revoke the old: trustvoice api-key revoke"


async def look(patient: Patient) -> list[Finding]:
    now = patient.now()
    alive = select(k.id, k.expires_at).where(k.revoked_at.is_(None), (k.expires_at.is_(None)) | (k.expires_at > now))
    found = await patient.database.read(lambda conn: conn.execute(alive.order_by(k.expires_at, k.id)).all())
    ending = [
        f"#{row.id} on {row.expires_at:%Y-%m-%d}" for row in found if row.expires_at and row.expires_at < now + SOON
    ]
    if ending:
        return [warning(f"end soon: {', '.join(ending)}", NEW_KEY)]
    return [ok(f"{len(found)} in use, none ends within two weeks")]


CHECK = Check("api keys", look, needs=("database_url",), reads=TABLES)
