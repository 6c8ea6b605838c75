"""Who is in it: donors, people with roles, what was proposed about them, recipients, keys of the HTTP API."""

import hashlib

from tests.migration.old_vault import OldVault
from tests.migration.rows import Rows

DONOR, DONOR_BY_API, DONOR_WHO_BLOCKED_US = 1, 2, 3
OWNER, OTHER_OWNER, CHECKER, OTHER_CHECKER, MAKER, VIEWER, FORMER_CHECKER = range(1, 8)
ROLES = {OWNER: "owner", OTHER_OWNER: "owner", CHECKER: "checker", OTHER_CHECKER: "checker"}
ROLES |= {MAKER: "maker", VIEWER: "viewer"}
DONOR_CHAT, RECIPIENT_CHAT = 77, 88
PHONE, RECIPIENT_PHONE = "254708374149", "254712345678"
API_KEY = "tv_an-api-key-that-is-only-used-in-tests"


def chat_of(person: int) -> int:
    return 1000 + person


def put_people(rows: Rows, vault: OldVault) -> None:
    long_ago = rows.ago(days=30)
    put_donors(rows, vault)
    for person in range(OWNER, FORMER_CHECKER + 1):
        address = vault.seal(f"person{person}@example.org")
        rows.put("people", name_sealed=vault.seal(f"Person {person}"), email_sealed=address, created_at=long_ago)
        rows.put("accounts", chat_id=chat_of(person), person_id=person)
    rows.put("accounts", chat_id=2000 + OWNER, person_id=OWNER)  # a second account of the same person
    for person, role in ROLES.items():
        rows.put("roles", person_id=person, role=role)
    put_proposals(rows)
    recipient = {"phone_sealed": vault.seal(RECIPIENT_PHONE), "phone_index": vault.index(RECIPIENT_PHONE)}
    recipient |= {"name_sealed": vault.seal("Akinyi Otieno"), "email_sealed": vault.seal("akinyi@example.org")}
    rows.put("ngos", chat_id=RECIPIENT_CHAT, created_at=long_ago, **recipient)
    put_api_keys(rows, vault)


def put_donors(rows: Rows, vault: OldVault) -> None:
    phone, address = vault.seal(PHONE), vault.seal("wanjiku@example.org")
    told = {"language": "en", "phone_sealed": phone, "email_sealed": address, "created_at": rows.ago(days=20)}
    rows.put("donors", chat_id=DONOR_CHAT, name_sealed=vault.seal("Wanjiku"), **told)
    rows.put("donors", name_sealed=vault.seal("Njeri"), created_at=rows.ago(days=19))
    rows.put("donors", chat_id=78, language="sw", unreachable_since=rows.ago(days=1), created_at=rows.ago(days=18))


def put_proposals(rows: Rows) -> None:
    """Confirmed, made at the server, and waiting, of each action."""
    at = rows.ago(days=2)
    given = {"action": "give", "person_id": CHECKER, "role": "checker", "created_at": at}
    rows.put("role_proposals", **given, proposer_id=OWNER, confirmer_id=OTHER_OWNER)
    rows.put("role_proposals", action="give", person_id=VIEWER, role="maker", created_at=at)
    taken = {"action": "take", "person_id": OTHER_CHECKER, "role": "checker", "created_at": at}
    rows.put("role_proposals", **taken, proposer_id=OWNER)
    rows.put("role_proposals", action="link", person_id=MAKER, chat_id=3005, proposer_id=OTHER_OWNER, created_at=at)
    rows.put("role_proposals", action="give", person_id=MAKER, role="owner", proposer_id=FORMER_CHECKER, created_at=at)


def put_api_keys(rows: Rows, vault: OldVault) -> None:
    for role, person in {"viewer": VIEWER, "maker": MAKER, "checker": CHECKER, "owner": OWNER, "admin": MAKER}.items():
        key = API_KEY if role == "admin" else f"another key, of a {role}"
        row = {"name_sealed": vault.seal(f"key of a {role}"), "role": role, "person_id": person}
        hashed = hashlib.sha256(key.encode()).digest()
        rows.put("api_keys", key_hash=hashed, created_at=rows.ago(days=9), last_used_at=rows.ago(hours=1), **row)
    rows.change("UPDATE api_keys SET revoked_at = :at WHERE role = 'viewer'", at=rows.ago(days=1))
    rows.change("UPDATE api_keys SET expires_at = :at WHERE role = 'maker'", at=rows.ago(days=-90))
    request = {"api_key_id": 5, "attempt": 1, "leased_until": rows.ago(minutes=9), "created_at": rows.ago(minutes=10)}
    answered = {"made_id": 1, "status": 201, "answer_sealed": vault.seal('{"id":1}')}
    rows.put("repeats", key_hash=hash_of("answered"), request_hash=hash_of("a request"), **request, **answered)
    rows.put("repeats", key_hash=hash_of("made"), request_hash=hash_of("a request"), made_id=1, **request)
    rows.put("repeats", key_hash=hash_of("taken on"), request_hash=hash_of("a request"), **request)


def hash_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
